"""The page where a person uses the workspace; it polls for changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, render_template, request

from sandbox.slack.block_kit.input_state import STATEFUL
from sandbox.slack.page import charts
from sandbox.slack.page.controls import LONG_POLL_SECONDS
from sandbox.slack.page.mrkdwn import Renderer
from sandbox.slack.state import SlackState
from sandbox.slack.users.person import DM, Person
from sandbox.slack.workspace.records import BOT_NAME, Json, Message, View

POLICY = "default-src 'self'; img-src 'self' https: data:; frame-ancestors 'none'"
HOME = "home"


def create_page(slack: SlackState) -> Blueprint:
    page = Blueprint("page", __name__)

    @page.get("/")
    def index() -> Response:
        people = [user for user in slack.workspace.users.values() if user.active]
        answer = Response(
            render_template(
                "index.html",
                people=[user for user in people if not user.is_bot],
                shortcuts=[s for s in slack.shortcuts if not s.on_messages],
                command=slack.command,
            )
        )
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    @page.get("/page")
    def parts() -> Response:
        since = request.args.get("since", type=int)
        if since is not None:
            slack.workspace.wait(since, LONG_POLL_SECONDS)
        person = Person(slack, request.args["as"])
        return jsonify(_parts(slack, person, request.args["channel"]))

    return page


def _parts(slack: SlackState, person: Person, channel: str) -> Json:
    version = slack.workspace.version
    context = PageContext(slack, person)
    view = person.modal.view if person.modal else None
    return {
        "version": version,
        "channels": render_template("_channels.html", **context.channels(channel)),
        "main": context.home() if channel == HOME else context.conversation(channel),
        "modal": view
        and render_template("_modal.html", view=view, **context.tools(view)),
        "modal_key": view and f"{view.id} {view.hash} {json.dumps(view.errors)}",
        "toasts": person.toasts,
    }


@dataclass(frozen=True, slots=True)
class PageContext:
    """The values that the templates draw for one person."""

    slack: SlackState
    person: Person

    def channels(self, current: str) -> Json:
        workspace, user = self.slack.workspace, self.person.id
        seen = {m.channel: m.ts for m in self.person.sees()}
        shown = [
            {"id": c.id, "name": c.name, "private": c.private, "last": seen.get(c.id)}
            for c in list(workspace.channels.values())
            if c.visible_to(user) and not c.im_with
        ]
        dm = {"id": DM, "name": BOT_NAME, "last": seen.get(workspace.dm(user).id)}
        return {"channels": shown, "dm": dm, "current": current}

    def conversation(self, channel: str) -> str:
        messages = self.person.sees(channel)
        threads: dict[str, list[Message]] = {}
        for message in messages:
            if message.thread_ts:
                threads.setdefault(message.thread_ts, []).append(message)
        roots = [m for m in messages if not m.thread_ts or m.broadcast]
        return render_template(
            "_messages.html",
            messages=roots,
            threads=threads,
            channel=channel,
            shortcuts=[s for s in self.slack.shortcuts if s.on_messages],
            users=self.slack.workspace.users,
            context=self,
        )

    def home(self) -> str:
        view = self.person.home.view if self.person.home else None
        tools = self.tools(view) if view else {}
        return render_template("_home.html", view=view, **tools)

    def tools(self, shown: Message | View) -> Json:
        """Return the functions and values that the macros for blocks use."""
        if isinstance(shown, View):
            values = shown.values
        else:
            values = shown.state.get(self.person.id, {})
        renderer = Renderer(self.slack.workspace, self.person.user.timezone)
        users = self.slack.workspace.users.values()
        return {
            "text": renderer.text,
            "drawn": charts.draw,
            "current_value": _CurrentValue(values),
            "local_time": self.local_time,
            "people": [(u.id, u.name) for u in users if u.active and not u.is_bot],
            "places": [
                (c.id, f"#{c.name}")
                for c in list(self.slack.workspace.channels.values())
                if c.visible_to(self.person.id) and not c.im_with
            ],
        }

    def local_time(self, stamp: float | str, form: str = "%H:%M") -> str:
        zone = ZoneInfo(self.person.user.timezone)
        return datetime.fromtimestamp(float(stamp), UTC).astimezone(zone).strftime(form)


@dataclass(frozen=True, slots=True)
class _CurrentValue:
    """Returns the value of an element: what was entered, else its initial value."""

    values: Json

    def __call__(self, block: Json, element: Json) -> Any:
        holds = STATEFUL[element["type"]]
        known = self.values.get(block["block_id"], {}).get(element["action_id"])
        if known:
            return known[holds.key]
        return element.get(holds.initial)
