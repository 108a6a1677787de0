"""Slack and incident.io in a process of their own, which is called over a pipe."""

from __future__ import annotations

import gc
import json
import multiprocessing
from collections.abc import Callable, Sequence
from functools import partial
from itertools import cycle
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any, Self

from benchmarks.load import (
    ANA,
    CHANNEL,
    SLACK_WAITS,
    Ack,
    Answer,
    command,
    fire_with,
)
from sandbox.company import PEOPLE, Employee
from sandbox.slack.delivery.socket_mode import SocketHub
from sandbox.slack.workspace.records import BOT_USER
from sandbox.world import World


class Scenes:
    """The methods that can be called in the process of the stand-ins."""

    def __init__(self, follow_ups: int) -> None:
        self._world = World()
        self._users = cycle([ANA])
        # The bot keeps to the limits by itself; the plain app must not run into them.
        self._world.slack.limits.off()
        self._world.incidentio.limit.per_minute = None
        if follow_ups:
            self._world.incidentio.add_follow_ups(follow_ups)

    def settings(self) -> dict[str, str]:
        return self._world.settings

    def crowd(self, number: int) -> None:
        """Let commands come from so many people in turn, not from Ana alone."""
        people = [_employee(i, "Europe/Berlin") for i in range(number)]
        for person in people:
            self._world.hire(person)
        self._users = cycle([person.slack_id for person in people])

    def issue(self) -> dict[str, str]:
        """Return what comes with a command: from whom, and where to answer.

        The trigger opens a modal.
        """
        slack, user = self._world.slack, next(self._users)
        return {
            "user_id": user,
            "response_url": slack.url + slack.response_urls.issue(user, CHANNEL),
            "trigger_id": slack.triggers.issue(user, channel=CHANNEL),
        }

    def fire(self, plan: Sequence[tuple[float, str]], threads: int) -> list[Ack]:
        """Send a plan as ``load.fire`` does, over Socket Mode."""
        hub = self._world.slack.courier.sockets
        return fire_with(partial(Socket, hub), plan, self.issue, threads=threads)

    def connected(self) -> bool:
        """Return whether the app is connected over Socket Mode."""
        return self._world.slack.courier.sockets.connected > 0

    def slow(self, *, slack: float = 0, incidentio: float = 0) -> None:
        """Let every call of a service take so many seconds longer."""
        self.recover()
        if slack:
            self._world.slack.fail("*", delay=slack)
        if incidentio:
            self._world.incidentio.fail("*", "*", delay=incidentio)

    def recover(self) -> None:
        """End the delays; calls that wait go on at once."""
        self._world.slack.clear_faults()
        self._world.incidentio.clear_faults()

    def opened(self) -> dict[str, float]:
        """Return when each trigger opened its modal, in seconds since the epoch."""
        return {
            call.args["trigger_id"]: call.at.timestamp()
            for call in self._world.slack.calls
            if call.method == "views.open" and not call.error
        }

    def answer(self) -> dict[str, Any]:
        """Return the last message of the bot in the channel, as it was sent."""
        said = self._world.slack.messages(CHANNEL)
        last = next(m for m in reversed(said) if m.user == BOT_USER and m.blocks)
        return {"text": last.text, "blocks": last.blocks}

    def told(self) -> list[str]:
        """Return what people were told in the channel since the last call."""
        said = [
            m.text for m in self._world.slack.messages(CHANNEL) if m.user == BOT_USER
        ]
        self._world.slack.channel(CHANNEL).messages.clear()
        return said

    def notify(self, url: str, secret: str) -> None:
        """Send webhooks to an address from now on."""
        self._world.incidentio.webhooks.send_to(url, secret)

    def rename(self, name: str) -> None:
        """Rename an incident in progress, and send the webhook about it."""
        store = self._world.incidentio.store
        row = next(r for r in store.incidents if store.category(r) == "live")
        row.name, row.updated_at = name, store.now()
        kind = "public_incident.incident_updated_v2"
        self._world.incidentio.webhooks.send(kind, {"id": row.id})

    def forget(self) -> None:
        """Forget all messages of the channel, and every call and request."""
        self.told()
        self._world.slack.calls.clear()
        self._world.incidentio.requests.clear()

    def requests(self) -> int:
        return len(self._world.incidentio.requests)

    def channels(self, number: int) -> list[str]:
        """Add channels with the bot in them; turn the limits of Slack on."""
        slack = self._world.slack
        slack.limits.on()
        names = [f"C0TEAM{i}" for i in range(number)]
        members = [person.slack_id for person in PEOPLE[:3]]
        for name in names:
            slack.add_channel(name, name.lower(), members=members)
        return names

    def staff(self, number: int, zones: Sequence[str]) -> None:
        """Let people own the outstanding follow-ups; turn the limits of Slack off."""
        self._world.slack.limits.off()
        staff = [_employee(i, zones[i % len(zones)]) for i in range(number)]
        for person in staff:
            if person.slack_id not in self._world.slack.workspace.users:
                self._world.hire(person)
        rows = self._world.incidentio.store.follow_ups
        todo = [row for row in rows if row.status == "outstanding"]
        for serial, row in enumerate(todo):
            row.assignee_id = staff[serial % number].incidentio_id

    def close(self) -> None:
        self._world.close()


def _employee(serial: int, zone: str) -> Employee:
    handle, id_ = f"person{serial}", f"01HSTAFF{serial:018d}"
    return Employee(handle, f"Person {serial}", f"U0STAFF{serial}", zone, id_, "owner")


class Socket:
    """Sends commands over the connections that the app has made."""

    def __init__(self, hub: SocketHub) -> None:
        self._hub = hub

    def prepare(self, line: str, issued: dict[str, str]) -> Callable[[], Answer]:
        return partial(self._send, command(line, issued))

    def _send(self, payload: dict[str, str]) -> Answer:
        try:
            connection, _ = self._hub.pick()
            said = self._hub.send(connection, "slash_commands", payload, SLACK_WAITS)
        except OSError:
            return None, ""
        return 200, json.dumps(said or {})

    def close(self) -> None:
        """Leave the connections to the app."""


def _run(pipe: Connection, follow_ups: int) -> None:
    scenes = Scenes(follow_ups)
    # What is measured waits for this process, which is not to pause for its garbage.
    gc.disable()
    while True:
        name, args, kwargs = pipe.recv()
        pipe.send(getattr(scenes, name)(*args, **kwargs))
        if name == "close":
            return


class StandIns:
    """Starts that process; ``ask`` calls a method of ``Scenes`` in it."""

    def __init__(self, follow_ups: int = 0) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._lock = Lock()
        self._process = context.Process(
            target=_run, args=(theirs, follow_ups), daemon=True
        )
        self._process.start()
        theirs.close()
        self.settings: dict[str, str] = self.ask("settings")

    def ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        with self._lock:
            self._pipe.send((name, args, kwargs))
            return self._pipe.recv()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.ask("close")
        self._process.join(5)
        self._process.kill()
