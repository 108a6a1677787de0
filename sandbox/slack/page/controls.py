"""JSON controls of the workspace, for the page and for any other program.

Requests and answers are JSON; ``as`` is a person's handle. An element is named by
``{"block_id", "action_id"}`` and, outside a modal, by ``channel`` and ``message``
(a ts) or ``"home": true``. The channel ``dm`` is the one with the app.

``GET  /sandbox/people``                           people, channels, shortcuts
``GET  /sandbox/screen?as=&channel=&since=``       what a person sees; with ``since``
                                                   it waits for a change
``POST /sandbox/type     {as, channel, text, thread_ts?}``  a command, a message, a DM
``POST /sandbox/press    {as, element, value?}``   a button; of two feedback buttons
                                                   the one with that value
``POST /sandbox/choose   {as, element, value}``    a menu, a picker, an input
``POST /sandbox/suggest  {as, element, query}``    what a menu offers
``POST /sandbox/submit   {as, values?}``           the modal on top
``POST /sandbox/close    {as}``                    likewise, back to the one below
``POST /sandbox/dismiss  {as}``                    the modal with all that is below
``POST /sandbox/shortcut {as, callback_id, channel?, message?}``
``POST /sandbox/home     {as}``                    open the app's home
``PUT  /sandbox/app      {request_url}``           which program on this machine is
                                                   the app, as long as none has a
                                                   socket open
``PUT  /sandbox/blocks   {unsupported: [type]}``   which types of blocks this workspace
                                                   does not have yet, and refuses

Each POST answers ``{ok, status, error, errors}``; ``error`` is what the person is
told, ``errors`` are shown beside the inputs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, jsonify, request

from sandbox.serve import LOOPBACK
from sandbox.slack.delivery.courier import Delivery
from sandbox.slack.state import SlackState
from sandbox.slack.users.person import Person
from sandbox.slack.users.screen import ModalView
from sandbox.slack.workspace.records import Json, Message

LONG_POLL_SECONDS = 25.0
Place = Message | ModalView | None


def create_controls(slack: SlackState) -> Blueprint:
    controls = Blueprint("controls", __name__, url_prefix="/sandbox")
    controls.get("/people", endpoint="people")(lambda: jsonify(_people(slack)))
    controls.get("/screen", endpoint="screen")(lambda: jsonify(_screen(slack)))

    @controls.put("/app")
    def app() -> Response:
        url = str(request.get_json()["request_url"])
        if urlsplit(url).hostname not in LOOPBACK:
            abort(400)
        slack.deliver_to(url)
        return jsonify({"ok": True})

    @controls.put("/blocks")
    def blocks() -> Response:
        types = request.get_json()["unsupported"]
        slack.workspace.unsupported_blocks = {str(name) for name in types}
        return jsonify({"ok": True})

    @controls.post("/<name>")
    def act(name: str) -> Response:
        sent: Json = request.get_json()
        action = ACTS.get(name) or abort(404)
        try:
            return jsonify(_outcome(action(Person(slack, sent["as"]), sent)))
        except LookupError as error:
            answer = jsonify({"ok": False, "error": str(error), "errors": {}})
            answer.status_code = 404
            return answer

    return controls


def _outcome(result: Any) -> Json:
    if not isinstance(result, Delivery):
        given = {} if result is None else {"result": result}
        return {"ok": True, "status": None, "error": None, "errors": {}, **given}
    return {
        "ok": result.error is None,
        "status": result.status,
        "error": result.error,
        "errors": result.errors,
    }


def _people(slack: SlackState) -> Json:
    workspace = slack.workspace
    return {
        "people": [
            {"handle": user.handle, "name": user.name, "id": user.id}
            for user in workspace.users.values()
            if user.active and not user.is_bot
        ],
        "channels": [c.as_json() for c in list(workspace.channels.values())],
        "shortcuts": [
            {"callback_id": s.callback_id, "name": s.name, "message": s.on_messages}
            for s in slack.shortcuts
        ],
        "command": slack.command,
    }


def _screen(slack: SlackState) -> Json:
    person = Person(slack, request.args["as"])
    since = request.args.get("since", type=int)
    if since is not None:
        slack.workspace.wait(since, LONG_POLL_SECONDS)
    channel = request.args.get("channel", "incidents")
    return {
        "version": slack.workspace.version,
        "messages": [_shown(message) for message in person.sees(channel)],
        "modal": person.modal and person.modal.view.as_json(),
        "errors": person.modal.errors if person.modal else {},
        "home": person.home and person.home.view.as_json(),
        "toasts": person.toasts,
    }


def _shown(message: Message) -> Json:
    return message.as_json() | {
        "ephemeral": message.ephemeral,
        "words": message.words,
        "buttons": message.buttons,
    }


def _type(person: Person, sent: Json) -> Any:
    return person.enters(sent["text"], sent["channel"], sent.get("thread_ts"))


def place_of(person: Person, at: Json) -> Place:
    """Return the message, home or modal that an element is in."""
    if at.get("home"):
        return person.home
    if not at.get("message"):
        return person.modal
    for message in person.sees(at["channel"]):
        if message.ts == at["message"]:
            return message
    raise LookupError("the message is gone")


def _press(person: Person, sent: Json) -> Any:
    at = sent["element"]
    place = place_of(person, at)
    block, value = at["block_id"], sent.get("value")
    return person.presses(at["action_id"], place, block=block, value=value)


def _choose(person: Person, sent: Json) -> Any:
    at, value = sent["element"], sent["value"]
    if at.get("type") == "datetimepicker" and value:
        local = datetime.fromisoformat(value)
        value = local.replace(tzinfo=ZoneInfo(person.user.timezone))
    place = place_of(person, at)
    return person.chooses(at["action_id"], value, place, block=at["block_id"])


def _suggest(person: Person, sent: Json) -> Any:
    at = sent["element"]
    place = place_of(person, at)
    return person.suggests(at["action_id"], sent["query"], place, at["block_id"])


def _shortcut(person: Person, sent: Json) -> Any:
    message = place_of(person, sent) if sent.get("message") else None
    if isinstance(message, Message):
        return person.shortcut_on(message, sent["callback_id"])
    return person.shortcut(sent["callback_id"])


ACTS: dict[str, Callable[[Person, Json], Any]] = {
    "type": _type,
    "press": _press,
    "choose": _choose,
    "suggest": _suggest,
    "submit": lambda who, sent: who.submits(**sent.get("values", {})),
    "close": lambda who, _said: who.closes(),
    "dismiss": lambda who, _said: who.dismisses(),
    "shortcut": _shortcut,
    "home": lambda who, _said: who.opens_home(),
}
