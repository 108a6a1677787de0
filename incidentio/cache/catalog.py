"""The organisation's data, cached: what severities there are, who works here, …"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from incidentio.cache.cached_list import Cached
from incidentio.errors import Forbidden, IncidentioError
from incidentio.features import ACTING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from incidentio.client import Incidentio
    from incidentio.custom_fields import CustomField
    from incidentio.escalation_paths import EscalationPath
    from incidentio.follow_ups import FollowUp, FollowUpPriority
    from incidentio.identity import Identity
    from incidentio.incidents import Incident
    from incidentio.roles import Role
    from incidentio.schedules import Schedule
    from incidentio.severities import Severity
    from incidentio.statuses import Status
    from incidentio.teams import Team
    from incidentio.timestamps import Timestamp
    from incidentio.types import IncidentType
    from incidentio.users import User
    from incidentio.workflows import WorkflowSlim

OLDEST = timedelta(hours=1)
"""What is set up changes seldom; older than this it is not served unasked."""

PRIORITIES_SEEN_WITHIN = timedelta(days=90)
IN_PROGRESS = ("triage", "live", "paused", "learning")
MODES = ("standard", "retrospective", "test", "tutorial")


def utc_now() -> datetime:
    return datetime.now(UTC)


class UserIndex:
    def __init__(self, users: tuple[User, ...]) -> None:
        self.users = users
        self.by_id = {user.id: user for user in users}
        self.by_slack = {u.slack_user_id: u for u in users if u.slack_user_id}


class Catalog:
    """Every method answers from memory at once, unless nothing is known yet.

    What is older than ``ttl`` is renewed by a thread of the catalog's own while the
    old is served; while renewing fails the old stays. Incidents older than twice that
    are fetched before they are served: one may have become private.
    """

    def __init__(
        self,
        api: Incidentio,
        *,
        now: Callable[[], datetime] = utc_now,
        ttl: timedelta = timedelta(seconds=60),
    ) -> None:
        self._api = api
        self._now = now
        self._priorities: dict[str, FollowUpPriority] = {}
        self._lists: dict[str, Cached[Any]] = {
            name: Cached(name, fetch, now=now, ttl=ttl, oldest=oldest)
            for name, fetch, oldest in self._fetches(ttl)
        }
        self._stale: SimpleQueue[Cached[Any] | None] = SimpleQueue()
        self._renewer: threading.Thread | None = None
        self._closed = threading.Event()
        self._people = UserIndex(())
        self._lock = threading.Lock()

    def severities(self) -> tuple[Severity, ...]:
        return self._get("severities")

    def statuses(self) -> tuple[Status, ...]:
        return self._get("statuses")

    def types(self) -> tuple[IncidentType, ...]:
        return self._get("types")

    def roles(self) -> tuple[Role, ...]:
        return self._get("roles")

    def timestamps(self) -> tuple[Timestamp, ...]:
        return self._get("timestamps")

    def custom_fields(self) -> tuple[CustomField, ...]:
        """Selects come with their options, other than those out of a catalog."""
        return self._get("custom_fields")

    def teams(self) -> tuple[Team, ...]:
        """None where the API key may not know them."""
        return self._get("teams")

    def users(self) -> tuple[User, ...]:
        """The active ones."""
        return self._get("users")

    def schedules(self) -> tuple[Schedule, ...]:
        return self._get("schedules")

    def escalation_paths(self) -> tuple[EscalationPath, ...]:
        return self._get("escalation_paths")

    def workflows(self) -> tuple[WorkflowSlim, ...]:
        """Enough to name them; whoever changes one reads it whole."""
        return self._get("workflows")

    def live_incidents(self) -> tuple[Incident, ...]:
        """Those in progress, of every mode, private ones included; newest first."""
        return self._get("live_incidents")

    def priorities(self) -> tuple[FollowUpPriority, ...]:
        """Those seen on follow-ups, by rank: the API has no list of them."""
        self._get("priorities")
        with self._lock:
            seen = list(self._priorities.values())
        return tuple(sorted(seen, key=lambda priority: priority.rank))

    def user(self, id: str) -> User | None:  # noqa: A002
        return self._directory().by_id.get(id)

    def user_by_slack(self, slack_id: str) -> User | None:
        return self._directory().by_slack.get(slack_id)

    def account(self, slack_id: str) -> str | None:
        """Give a person's id, if it is known already: nobody waits for this."""
        user = self.user_by_slack(slack_id) if self.known("users") else None
        return user.id if user else None

    def may_act(self) -> bool:
        """Whether the API key may make changes for people; not while unknown."""
        try:
            identity: Identity = self._get("identity")[0]
        except IncidentioError:
            return False
        return bool({*ACTING.roles} & {*identity.roles})

    def learn(self, follow_ups: Iterable[FollowUp]) -> None:
        """Remember the priorities that these follow-ups have."""
        seen = {f.priority.id: f.priority for f in follow_ups if f.priority}
        with self._lock:
            self._priorities.update(seen)

    def known(self, name: str) -> bool:
        """Whether the list can be had without waiting."""
        return self._lists[name].known

    def forget(self, name: str) -> None:
        """Drop a list that turned out wrong; the next call fetches it."""
        self._lists[name].forget()

    def stale(self, name: str) -> None:
        """Renew a list soon, for it has changed; serve what is known meanwhile."""
        cached = self._lists[name]
        if cached.change():
            self._renew_behind(cached)

    def keep(self) -> None:
        """Renew behind what has become old, so that nobody waits after a quiet time."""
        for cached in self._lists.values():
            if cached.claim_renewal() or not cached.known:
                self._renew_behind(cached)

    def warm(self) -> None:
        """Fetch everything at once. What cannot be had is left for later."""
        with ThreadPoolExecutor(len(self._lists), "catalog-warm") as pool:
            list(pool.map(Cached.renew, self._lists.values()))

    def close(self) -> None:
        """Stop renewing. What is known can still be read."""
        with self._lock:
            self._closed.set()
        self._stale.put(None)
        if self._renewer:
            self._renewer.join(timeout=1)

    def _get(self, name: str) -> tuple[Any, ...]:
        cached = self._lists[name]
        value: tuple[Any, ...] = cached.get()
        if cached.claim_renewal():
            self._renew_behind(cached)
        return value

    def _directory(self) -> UserIndex:
        users, people = self.users(), self._people
        if people.users is not users:
            people = self._people = UserIndex(users)
        return people

    def _renew_behind(self, cached: Cached[Any]) -> None:
        self._stale.put(cached)
        with self._lock:
            alive = self._renewer is not None and self._renewer.is_alive()
            if not alive and not self._closed.is_set():
                self._renewer = threading.Thread(
                    target=self._renew, name="catalog", daemon=True
                )
                self._renewer.start()

    def _renew(self) -> None:
        while cached := self._stale.get():
            if not self._closed.wait(cached.pause()):
                cached.renew()

    def _fetches(
        self, ttl: timedelta
    ) -> Iterator[tuple[str, Callable[[], Iterable[Any]], timedelta]]:
        api = self._api
        configured: dict[str, Callable[[], Iterable[Any]]] = {
            "severities": api.severities.list,
            "statuses": api.statuses.list,
            "types": api.types.list,
            "roles": api.roles.list,
            "timestamps": api.timestamps.list,
            "custom_fields": api.custom_fields.list_with_options,
            "teams": self._teams,
            "users": api.users.list,
            "schedules": api.schedules.list,
            "escalation_paths": api.escalation_paths.list,
            "workflows": api.workflows.list,
            "priorities": self._recent_priorities,
            "identity": lambda: (api.identity.show(),),
        }
        for name, fetch in configured.items():
            yield name, fetch, OLDEST
        yield "live_incidents", self._live_incidents, ttl * 2

    def _teams(self) -> Iterable[Team]:
        try:
            return tuple(self._api.teams.list())
        except Forbidden:
            return ()

    def _live_incidents(self) -> Iterator[Incident]:
        return self._api.incidents.list(status_category=IN_PROGRESS, mode=MODES)

    def _recent_priorities(self) -> Iterable[FollowUpPriority]:
        since = self._now() - PRIORITIES_SEEN_WITHIN
        self.learn(self._api.follow_ups.page(updated_since=since).items)
        return ()
