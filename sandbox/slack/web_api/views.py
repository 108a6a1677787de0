"""views.*, and blocks.validate."""

from __future__ import annotations

from sandbox.slack.block_kit.blocks import check_message
from sandbox.slack.block_kit.schema import Problem
from sandbox.slack.block_kit.views import check_view
from sandbox.slack.errors import Refused
from sandbox.slack.state import SlackState
from sandbox.slack.web_api.access import known_user
from sandbox.slack.web_api.methods import Args, method
from sandbox.slack.workspace.records import Json


@method("views.open", tier=4)
def open_view(slack: SlackState, args: Args) -> Json:
    trigger = args.required("trigger_id")
    return {"view": slack.views.open(trigger, args.json("view")).as_json()}


@method("views.push", tier=4)
def push_view(slack: SlackState, args: Args) -> Json:
    trigger = args.required("trigger_id")
    return {"view": slack.views.push(trigger, args.json("view")).as_json()}


@method("views.update", tier=4)
def update_view(slack: SlackState, args: Args) -> Json:
    view = slack.views.find(args.text("view_id"), args.text("external_id"))
    content = args.json("view")
    return {"view": slack.views.update(view, content, args.text("hash")).as_json()}


@method("views.publish", tier=4)
def publish_view(slack: SlackState, args: Args) -> Json:
    user = known_user(slack, args.required("user_id"))
    content = args.json("view")
    view = slack.views.publish(user.id, content, args.text("hash"))
    return {"view": view.as_json()}


@method("blocks.validate", tier=4)
def validate(_slack: SlackState, args: Args) -> Json:
    given = {
        name: args.json(name)
        for name in ("blocks", "view", "message")
        if args.given.get(name) is not None
    }
    if len(given) != 1:
        message = "must provide exactly one of `blocks`, `view`, or `message`"
        raise Refused("invalid_arguments", messages=(message,))
    problems = _problems(given)
    if problems:
        raise Refused("invalid_blocks", errors=[_explained(p) for p in problems])
    return {}


def _problems(given: Json) -> list[Problem]:
    if "blocks" in given:
        return check_message(given["blocks"], "")
    if "view" in given:
        return check_view(given["view"], "")
    message = given["message"]
    if not isinstance(message, dict):
        return [Problem("", "must provide an object")]
    return check_message(message.get("blocks", []))


def _explained(problem: Problem) -> Json:
    return {
        "code": "failed_constraint",
        "message": problem.message,
        "pointer": problem.pointer,
        "constraint": problem.constraint or {},
    }
