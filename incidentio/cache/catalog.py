"""The organisation's data in memory: severities, users, schedules and so on."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from queue import Queue
from typing import TYPE_CHECKING, Any, TypeVar

from incidentio.cache.cached_list import CachedList
from incidentio.client import utc_now
from incidentio.errors import Forbidden
from incidentio.features import ACTING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incidentio.client import Incidentio
    from incidentio.custom_fields import CustomField
    from incidentio.escalation_paths import EscalationPath
    from incidentio.follow_ups import FollowUp, FollowUpPriority
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

T = TypeVar("T")

OLDEST = timedelta(hours=1)
"""The age after which a list is fetched again before it is served."""

PRIORITIES_SEEN_WITHIN = timedelta(days=90)
"""How far back follow-ups are read to find their priorities."""
IN_PROGRESS = ("triage", "live", "paused", "learning")
MODES = ("standard", "retrospective", "test", "tutorial")


EXPIRED, FORGOTTEN, CHANGED = "expired", "forgotten", "changed"
"""What can be done to a list that is out of date; see ``Catalog.outdate``."""

SeenBy = Callable[[Iterable["Incident"]], list["Incident"]]
"""A filter that returns the incidents that a reader may see."""


def nobody(incidents: Iterable[Incident]) -> list[Incident]:
    """Return all incidents, for callers that show none of them."""
    return list(incidents)


class UserIndex:
    """Finds users; ``everybody`` includes those whose accounts were deactivated.

    Several active users may have the same Slack id or address: the newest comes first.
    """

    def __init__(self, everybody: tuple[User, ...]) -> None:
        self.everybody = everybody
        self.active = tuple(user for user in everybody if user.is_active)
        self.by_id = {user.id: user for user in everybody}
        self.by_slack: dict[str, list[User]] = defaultdict(list)
        self.by_address: dict[str, list[User]] = defaultdict(list)
        for user in sorted(self.active, key=lambda user: user.id, reverse=True):
            if user.slack_user_id:
                self.by_slack[user.slack_user_id].append(user)
            if user.email:
                self.by_address[user.email.casefold()].append(user)


class Catalog:
    """Serves lists from memory, at once unless they were never fetched.

    Lists older than ``ttl`` are renewed by a thread of the catalog's own; meanwhile,
    and while renewing fails, the old ones are served. Incidents are renewed after half
    of that. Older than ``ttl`` they are fetched before they are served, for one may
    have become private.

    ``on_outdated`` is given what was done to a list, and its name, when this process
    has changed it, was told so, or has found it changed.
    """

    def __init__(
        self,
        api: Incidentio,
        *,
        now: Callable[[], datetime] = utc_now,
        ttl: timedelta = timedelta(seconds=60),
        on_outdated: Callable[[str, str], None] = lambda _, __: None,
    ) -> None:
        self._api = api
        self._on_outdated = on_outdated
        self._now = now
        self._priorities: dict[str, FollowUpPriority] = {}
        self._ttl = ttl
        self._lists: dict[str, CachedList[Any]] = {}
        self._stale: Queue[CachedList[Any] | None] = Queue()
        self._renewer: threading.Thread | None = None
        self._closed = threading.Event()
        self._people = UserIndex(())
        self._lock = threading.Lock()
        self._severities = self._list("severities", api.severities.list)
        self._statuses = self._list("statuses", api.statuses.list)
        self._types = self._list("types", api.types.list)
        self._roles = self._list("roles", api.roles.list)
        self._timestamps = self._list("timestamps", api.timestamps.list)
        self._fields = self._list("custom_fields", api.custom_fields.list_with_options)
        self._teams = self._list("teams", self._readable_teams)
        self._users = self._list("users", lambda: api.users.list(include_inactive=True))
        self._schedules = self._list("schedules", api.schedules.list)
        self._paths = self._list("escalation_paths", api.escalation_paths.list)
        self._workflows = self._list("workflows", api.workflows.list)
        self._seen = self._list("priorities", self._recent_priorities)
        self._identity = self._list("identity", lambda: [api.identity.show()])
        self._live = self._list(
            "live_incidents", self._live_incidents, ttl=ttl / 2, oldest=ttl
        )

    def severities(self) -> tuple[Severity, ...]:
        """Return all severities."""
        return self._get(self._severities)

    def statuses(self) -> tuple[Status, ...]:
        """Return the statuses that incidents may have."""
        return self._get(self._statuses)

    def types(self) -> tuple[IncidentType, ...]:
        """Return the types of incidents."""
        return self._get(self._types)

    def roles(self) -> tuple[Role, ...]:
        """Return the incident roles."""
        return self._get(self._roles)

    def timestamps(self) -> tuple[Timestamp, ...]:
        """Return the timestamps that incidents may have."""
        return self._get(self._timestamps)

    def custom_fields(self) -> tuple[CustomField, ...]:
        """Return all custom fields; selects have their options, but not of catalogs."""
        return self._get(self._fields)

    def teams(self) -> tuple[Team, ...]:
        """Return all teams; none if the API key may not read them."""
        return self._get(self._teams)

    def users(self) -> tuple[User, ...]:
        """Return the active users."""
        return self._directory().active

    def everybody(self) -> tuple[User, ...]:
        """Return all users, those who were deactivated included."""
        return self._directory().everybody

    def schedules(self) -> tuple[Schedule, ...]:
        """Return all schedules."""
        return self._get(self._schedules)

    def escalation_paths(self) -> tuple[EscalationPath, ...]:
        """Return all escalation paths."""
        return self._get(self._paths)

    def workflows(self) -> tuple[WorkflowSlim, ...]:
        """Return all workflows, without the parameters of their steps."""
        return self._get(self._workflows)

    def live_incidents(self, seen_by: SeenBy) -> list[Incident]:
        """Return the incidents in progress that ``seen_by`` keeps, the newest first."""
        return seen_by(self._get(self._live))

    def priorities(self) -> tuple[FollowUpPriority, ...]:
        """Return the priorities of follow-ups, by rank; the API does not list them."""
        self._get(self._seen)
        with self._lock:
            seen = list(self._priorities.values())
        return tuple(sorted(seen, key=lambda priority: priority.rank))

    def user(self, id: str) -> User | None:  # noqa: A002
        """Return a user by their id, also one who was deactivated."""
        return self._directory().by_id.get(id)

    def user_by_slack(self, slack_id: str) -> User | None:
        """Return the newest active user with a Slack id."""
        return next(iter(self.with_slack_id(slack_id)), None)

    def with_slack_id(self, slack_id: str) -> Sequence[User]:
        """Return the active users with a Slack id, the newest first."""
        return self._directory().by_slack.get(slack_id, ())

    def with_address(self, email: str) -> Sequence[User]:
        """Return the active users with an email address, the newest first."""
        return self._directory().by_address.get(email.casefold(), ())

    def may_act(self) -> bool:
        """Return whether the API key may make changes on behalf of people.

        Raises:
            IncidentioError: this cannot be read. If that was so lately, at once.
        """
        if self._identity.failure:
            raise self._identity.failure
        identity = self._get(self._identity)[0]
        return bool({*ACTING.roles} & {*identity.roles})

    def learn(self, follow_ups: Iterable[FollowUp]) -> None:
        """Remember the priorities of these follow-ups."""
        seen = {f.priority.id: f.priority for f in follow_ups if f.priority}
        with self._lock:
            self._priorities.update(seen)

    def known(self, name: str) -> bool:
        """Return whether a list can be served without waiting."""
        return self._lists[name].known

    def expire(self, name: str) -> None:
        """Make the next caller fetch a list that changed; see ``CachedList.expire``."""
        self._outdate(EXPIRED, name)

    def forget(self, name: str) -> None:
        """Drop a list: some of it may no longer be for everybody who sees it."""
        self._outdate(FORGOTTEN, name)

    def reread(self, name: str) -> None:
        """Fetch a list at once, for something that must not rest on an old one.

        Raises:
            IncidentioError: it cannot be fetched.
        """
        self._lists[name].reread()

    def mark_changed(self, name: str) -> None:
        """Renew a list soon, for it has changed; serve the last one meanwhile."""
        self._outdate(CHANGED, name)

    def outdate(self, how: str, name: str) -> bool:
        """Do to a list what another process has done to its own; False: to none."""
        cached = self._lists.get(name)
        if cached is None:
            return False
        if how == EXPIRED:
            cached.expire()
        elif how == FORGOTTEN:
            cached.forget()
        elif how == CHANGED and cached.mark_changed():
            self._renew_soon(cached)
        return how in {EXPIRED, FORGOTTEN, CHANGED}

    def outdate_all(self) -> None:
        """Renew all lists soon: any may have changed, or hold what is private now."""
        for name in self._lists:
            self.outdate(CHANGED, name)
        self.outdate(FORGOTTEN, "live_incidents")

    def refresh(self) -> None:
        """Renew the lists that are due, in the background, before somebody waits."""
        for cached in self._lists.values():
            if cached.claim_renewal() or not cached.known:
                self._renew_soon(cached)

    def wait_renewed(self) -> None:
        """Wait until each list is renewed that was due or had changed."""
        self._stale.join()

    def warm(self) -> None:
        """Fetch all lists, in parallel. Those that fail are left for later."""
        with ThreadPoolExecutor(len(self._lists), "catalog-warm") as pool:
            list(pool.map(CachedList.renew, self._lists.values()))

    def close(self) -> None:
        """Stop renewing. The lists in memory can still be read."""
        with self._lock:
            self._closed.set()
        self._stale.put(None)
        if self._renewer:
            self._renewer.join(timeout=1)

    def _get(self, cached: CachedList[T]) -> tuple[T, ...]:
        value = cached.get()
        if cached.claim_renewal():
            self._renew_soon(cached)
        return value

    def _directory(self) -> UserIndex:
        everybody, people = self._get(self._users), self._people
        if people.everybody is not everybody:
            people = self._people = UserIndex(everybody)
        return people

    def _outdate(self, how: str, name: str) -> None:
        self.outdate(how, name)
        self._on_outdated(how, name)

    def _renew_soon(self, cached: CachedList[Any]) -> None:
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
            try:
                if not self._closed.wait(cached.pause()):
                    cached.renew()
            finally:
                self._stale.task_done()

    def _list(
        self,
        name: str,
        fetch: Callable[[], Iterable[T]],
        *,
        ttl: timedelta | None = None,
        oldest: timedelta = OLDEST,
    ) -> CachedList[T]:
        cached = CachedList(
            name,
            fetch,
            now=self._now,
            ttl=ttl or self._ttl,
            oldest=oldest,
            on_news=partial(self._on_outdated, CHANGED, name),
        )
        self._lists[name] = cached
        return cached

    def _readable_teams(self) -> Iterable[Team]:
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
