"""The page where a person uses the workspace; it polls for changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, render_template, request

from sandbox.company import Employee, incident_channel
from sandbox.slack.block_kit.input_state import STATEFUL
from sandbox.slack.page import charts
from sandbox.slack.page.controls import LONG_POLL_SECONDS
from sandbox.slack.page.mrkdwn import Renderer, date_in_words, time_in_words
from sandbox.slack.state import SlackState
from sandbox.slack.users.person import DM, Person
from sandbox.slack.workspace.records import (
    BOT_NAME,
    BOT_USER,
    TEAM,
    Channel,
    Json,
    Message,
    User,
    View,
)

POLICY = "default-src 'self'; img-src 'self' https: data:; frame-ancestors 'none'"
HOME = "home"
FIRST = "C0INCIDENTS"
MOST_UNREAD = 99


def create_page(slack: SlackState) -> Blueprint:
    page = Blueprint("page", __name__)

    @page.get("/")
    def index() -> Response:
        answer = Response(
            render_template(
                "index.html",
                roles=_by_role(slack),
                shortcuts=[s for s in slack.shortcuts if not s.on_messages],
                command=slack.command,
                app_name=slack.app_name,
                known=_known(slack),
            )
        )
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    @page.get("/page")
    def parts() -> Response:
        since = request.args.get("since", type=int)
        if since is not None and request.args["begun"] == slack.workspace.begun:
            slack.workspace.wait(since, LONG_POLL_SECONDS)
        person = _person(slack, request.args["as"])
        asked = request.args.get("channel", FIRST)
        return jsonify(_parts(slack, person, asked, request.args.get("thread")))

    return page


def _person(slack: SlackState, handle: str) -> Person:
    """Return who is asked for; somebody of the first day if they are gone."""
    try:
        return Person(slack, handle)
    except LookupError:
        return Person(slack, slack.people[0].handle)


def _by_role(slack: SlackState) -> list[tuple[str, list[User]]]:
    """Return the people who can act, in groups by what they may do."""
    roles = {person.slack_id: _role(person) for person in slack.people}
    groups: dict[str, list[User]] = {}
    for user in slack.workspace.users.values():
        if user.active and not user.is_bot:
            guest = f"Guest in {user.guest}" if user.guest else ""
            other = "Of another company" if user.team != TEAM else ""
            role = other or guest or roles.get(user.id, "Newcomer")
            groups.setdefault(role, []).append(user)
    return list(groups.items())


def _role(person: Employee) -> str:
    if person.incidentio_id is None:
        return "Without an account in incident.io"
    return person.role.capitalize()


def _known(slack: SlackState) -> Json:
    """Return what the box below the messages completes."""
    return {
        "usages": [
            {"line": line, "about": about.replace("`", "")}
            for line, about in slack.usages
        ],
        "people": [
            {"line": f"@{user.handle}", "about": user.name}
            for user in slack.workspace.users.values()
            if user.active and not user.is_bot
        ],
    }


def _parts(slack: SlackState, person: Person, channel: str, thread: str | None) -> Json:
    version = slack.workspace.version
    context = PageContext(slack, person)
    channel = context.existing(channel)
    view = person.modal.view if person.modal else None
    return {
        "version": version,
        "begun": slack.workspace.begun,
        "channel": channel,
        "channels": context.channels(),
        "main": context.home() if channel == HOME else context.conversation(channel),
        "thread": context.thread(channel, thread) if thread else None,
        "modal": view and context.modal(view),
        "modal_key": view and f"{view.id} {view.hash} {json.dumps(view.errors)}",
        "zone": context.zone(),
        "toasts": person.toasts,
    }


@dataclass(frozen=True, slots=True)
class PageContext:
    """The values that the templates draw for one person."""

    slack: SlackState
    person: Person

    def existing(self, channel: str) -> str:
        """Return the channel; the first one where the person sees no such channel."""
        known = [str(one["id"]) for one in self.channels()]
        return next(c for c in (channel, FIRST, *known) if c in known)

    def channels(self) -> list[Json]:
        """Return all places, each with when something was said there, the oldest first.

        Incidents come first, the newest at the top.
        """
        workspace, user = self.slack.workspace, self.person.id
        said: dict[str, list[str]] = {}
        for message in self.person.sees():
            news_from = workspace.news_from(message.channel)
            if message.is_bot and float(message.ts) < news_from:
                continue
            said.setdefault(message.channel, []).append(message.ts)
        seen = [
            channel
            for channel in list(workspace.channels.values())
            if workspace.sees(user, channel) and not channel.im_with
        ]
        incidents = [c for c in seen if _is_incident(c)][::-1]
        others = [c for c in seen if not _is_incident(c)]
        drawn = [
            {
                "id": c.id,
                "name": c.name,
                "mark": "🔒" if c.private else "#",
                "section": "Incidents" if _is_incident(c) else "Channels",
                "said": said.get(c.id, [])[-MOST_UNREAD:],
            }
            for c in (*incidents, *others)
        ]
        dm = said.get(workspace.dm(user).id, [])[-MOST_UNREAD:]
        name = workspace.users[BOT_USER].name
        bot = {"name": name, "section": "Apps"}
        home = {
            "id": HOME,
            "mark": "⌂",
            "said": [],
            **bot,
            "name": f"Home of {name}",
        }
        return [*drawn, {"id": DM, "mark": "✉", "said": dm, **bot}, home]

    def conversation(self, channel: str) -> str:
        messages = self.person.sees(channel)
        threads: dict[str, list[Message]] = {}
        for message in messages:
            if message.thread_ts:
                threads.setdefault(message.thread_ts, []).append(message)
        roots = [m for m in messages if not m.thread_ts or m.broadcast]
        return self._messages(channel, roots, threads, welcome=channel == FIRST)

    def thread(self, channel: str, ts: str) -> str | None:
        """Draw a thread; None where its first message is gone."""
        messages = [m for m in self.person.sees(channel) if ts in (m.ts, m.thread_ts)]
        if not any(message.ts == ts for message in messages):
            return None
        return self._messages(channel, messages, {}, thread=True)

    def _messages(
        self,
        channel: str,
        messages: list[Message],
        threads: dict[str, list[Message]],
        **more: Any,
    ) -> str:
        return render_template(
            "_messages.html",
            messages=messages,
            threads=threads,
            channel=channel,
            command=self.slack.command,
            commands=sorted(self.slack.commands),
            is_ours=self.slack.app_name == BOT_NAME,
            shortcuts=[s for s in self.slack.shortcuts if s.on_messages],
            users=self.slack.workspace.users,
            context=self,
            **more,
        )

    def home(self) -> str:
        view = self.person.home.view if self.person.home else None
        return render_template("_home.html", view=view, tools=view and self.tools(view))

    def modal(self, view: View) -> str:
        under = self.person.under
        below = under.title if under else None
        tools = self.tools(view)
        return render_template("_modal.html", view=view, below=below, tools=tools)

    def tools(self, shown: Message | View, pane: str = "") -> Json:
        """Return the functions and values that the macros for blocks use.

        A message is in several panes, and ids are to be unique.
        """
        if isinstance(shown, View):
            values = shown.values
        else:
            values = shown.state.get(self.person.id, {})
        renderer = Renderer(self.slack.workspace, self.person.user)
        users = self.slack.workspace.users.values()
        return {
            "text": renderer.text,
            "reader": self.person.id,
            "id": _Ids(pane + (shown.id if isinstance(shown, View) else shown.ts)),
            "drawn": charts.draw,
            "current_value": _CurrentValue(values),
            "local_time": self.local_time,
            "people": [(u.id, u.name) for u in users if u.active and not u.is_bot],
            "places": [
                (c.id, f"#{c.name}")
                for c in list(self.slack.workspace.channels.values())
                if self.slack.workspace.sees(self.person.id, c) and not c.im_with
            ],
        }

    def local(self, stamp: float | str) -> datetime:
        """Return when that is in the person's zone."""
        zone = ZoneInfo(self.person.user.timezone)
        return datetime.fromtimestamp(float(stamp), zone)

    def local_time(self, stamp: float | str, form: str = "%H:%M") -> str:
        return self.local(stamp).strftime(form)

    def clock_time(self, stamp: str) -> str:
        return time_in_words(self.local(stamp))

    def day(self, stamp: str) -> str:
        """Return the day of a message, as Slack writes it between messages."""
        at, now = self.local(stamp), self.slack.now()
        zone = ZoneInfo(self.person.user.timezone)
        return date_in_words(at, now, "{day_divider_pretty}", zone).capitalize()

    def zone(self) -> str:
        """Return the zone of all times that the person sees, as it is now."""
        name = self.person.user.timezone
        offset = f"{self.slack.now().astimezone(ZoneInfo(name)):%z}"
        hours = f"{int(offset[:3]):+d}" + (
            f":{offset[3:]}" if offset[3:] != "00" else ""
        )
        return f"Times in {name}, UTC{hours}" if name != "UTC" else "Times in UTC"


def _is_incident(channel: Channel) -> bool:
    return channel.id.startswith(incident_channel(0)[:-1]) and channel.id != FIRST


@dataclass(frozen=True, slots=True)
class _Ids:
    """Returns the id of an element on the page, or of something beside it."""

    place: str

    def __call__(self, block: Json, element: Json | None, beside: str = "") -> str:
        action = element["action_id"] if element else ""
        names = (self.place, block["block_id"], action, beside)
        return "-".join(filter(None, names)).replace(" ", "_")


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
