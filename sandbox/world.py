"""Both stand-ins, served and connected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.backstage.routes import create_backstage
from sandbox.backstage.stage import Stage
from sandbox.backstage.traffic import Recorded
from sandbox.backstage.trouble import StandIns
from sandbox.company import INCIDENTIO_APP, PEOPLE, Employee
from sandbox.incidentio import IncidentioSandbox
from sandbox.incidentio.seed.people import account
from sandbox.serve import serve
from sandbox.slack.manifest import Manifest
from sandbox.slack.stand_in import SlackSandbox
from sandbox.slack.state import Shortcut
from sandbox.slack.workspace.store import member, visitors

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

OUR_SIDE = tuple(employee.slack_id for employee in PEOPLE[:2])
"""Whoever is in the channel that another company shares."""
API = ("/v1/", "/v2/", "/v3/")
IN_PROGRESS = {"triage", "live", "paused", "learning"}


def utc_now() -> datetime:
    return datetime.now(UTC)


class World:
    """A company's Slack workspace and incident.io. Port 0 is any free one."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = utc_now,
        command: str = "/io",
        shortcuts: Iterable[Shortcut] = (),
        slack_port: int = 0,
        incidentio_port: int = 0,
        stage: Stage | None = None,
        app: Manifest | None = None,
        people: Sequence[Employee] = PEOPLE,
    ) -> None:
        """Serve both; ``app`` is what is installed in Slack, if it is not the bot."""
        self._stack = ExitStack()
        self.people = people
        self.incidentio = IncidentioSandbox(now=now, people=people)
        self.slack = SlackSandbox(
            now=now, command=command, shortcuts=shortcuts, people=people
        )
        if app is not None:
            self.slack.install(app)
        self._stack.callback(self.slack.close)
        self._stage = stage
        if stage is not None:
            stage.show(StandIns(self.slack, self.incidentio), self.reset)
            self.slack.wsgi.register_blueprint(create_backstage(stage))
        apps = self._apps()
        served = self._stack.enter_context(serve(apps[0], incidentio_port))
        self.incidentio_url = served.url
        served = self._stack.enter_context(serve(apps[1], slack_port))
        self.slack.url = self.slack_url = served.url
        self.incidentio.on_incident_created(lambda new: self._open_channel(new["id"]))
        self.incidentio.on_announcement(self._announce)
        self._open_channels()

    def _apps(self, by: str = "") -> tuple[WSGIApplication, WSGIApplication]:
        """Return both applications; on a stage, with what is asked recorded."""
        if self._stage is None:
            return self.incidentio.wsgi, self.slack.wsgi
        traffic = self._stage.traffic
        slack = ("/api/", "/response/")
        return (
            Recorded(self.incidentio.wsgi, traffic, "to incident.io", API, by),
            Recorded(self.slack.wsgi, traffic, "to Slack", slack, by),
        )

    @contextmanager
    def door(self, name: str) -> Iterator[dict[str, str]]:
        """Serve both once more, for one process of the app; yield where, as settings.

        What it asks is recorded under its name.
        """
        incidentio, slack = self._apps(name)
        with serve(incidentio) as first, serve(slack) as second:
            yield {
                "incidentio_api_url": first.url,
                "slack_api_url": f"{second.url}/api/",
            }

    @property
    def settings(self) -> dict[str, str]:
        """The settings of a bot that uses both."""
        return {
            "slack_bot_token": self.slack.bot_token,
            "slack_app_token": self.slack.app_token,
            "slack_signing_secret": "sandbox",
            "slack_api_url": f"{self.slack_url}/api/",
            "incidentio_api_key": "sandbox",
            "incidentio_api_url": self.incidentio_url,
            "slash_command": self.slack.command,
        }

    def hire(self, newcomer: Employee) -> None:
        """Give somebody accounts in both services."""
        with self.incidentio.wsgi.work:
            known = account(newcomer)
            self.incidentio.store.users.add(known["id"], known)
        self.slack.workspace.users[newcomer.slack_id] = member(newcomer)

    def invite_visitors(self) -> None:
        """Let a guest and somebody of another company in, for the page."""
        users = self.slack.workspace.users
        for visitor in visitors():
            users[visitor.id] = visitor
        guest, other = (visitor.id for visitor in visitors())
        self.slack.channel("general").members.add(guest)
        members = [*OUR_SIDE, other]
        self.slack.add_channel("C0GLOBEX", "shared-with-globex", members=members)

    def reset(self) -> None:
        """Restore the first state of both."""
        self.incidentio.reset()
        self.slack.reset()
        self._open_channels()

    def close(self) -> None:
        self._stack.close()

    def _open_channels(self) -> None:
        store = self.incidentio.store
        for row in store.incidents:
            if store.category(row) in IN_PROGRESS:
                self._open_channel(row.id)

    def _open_channel(self, incident_id: str) -> None:
        row = self.incidentio.store.incidents.resolve(incident_id)
        private = row.visibility == "private"
        members = self._insiders(row.members) if private else ()
        self.slack.open_incident_channel(row.number, row.name, private, members)

    def _insiders(self, ids: Iterable[str]) -> list[str]:
        inside = set(ids)
        return [p.slack_id for p in self.people if p.incidentio_id in inside]

    def _announce(self, incident: dict[str, Any], text: str) -> None:
        """Write as incident.io's own app does in an incident's channel."""
        workspace = self.slack.workspace
        channel = workspace.channels.get(str(incident.get("slack_channel_id")))
        if channel is not None:
            workspace.write(channel, INCIDENTIO_APP, text=text, is_bot=True)
