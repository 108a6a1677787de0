"""Finds the incidents that a person may see.

A private incident is visible in its own channel and to its own people; to everyone else
it does not exist.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Unpack

from incidentio import Escalation, Incident, Incidentio, User
from incidentio.cache.catalog import Catalog, nobody
from incidentio.cache.memberships import Memberships
from incidentio.errors import IncidentioError, NotFound
from incidentio.incidents import IncidentFilters
from reminders.sources.audience import Owned, Readable
from slack.channels import Channels

log = logging.getLogger(__name__)


class VisibleIncidents:
    """The incidents that one person may see from one channel.

    ``touched`` is told of each single incident that is shown to them, for the audit.
    """

    def __init__(
        self,
        api: Incidentio,
        catalog: Catalog,
        memberships: Memberships,
        channels: Channels,
        *,
        user: str,
        channel: str,
        touched: Callable[[Incident], None] = lambda _: None,
        account: Callable[[str], User | None] | None = None,
    ) -> None:
        self._api = api
        self._catalog = catalog
        self._memberships = memberships
        self._channels = channels
        self._user = user
        self._channel = channel
        self._touched = touched
        self._account = account or catalog.user_by_slack
        self._seen_private: set[str] = set()
        """The ids of private incidents of escalations that the person may see."""

    @cached_property
    def me(self) -> User | None:
        """The account in incident.io whose rights the person has, if there is one."""
        return self._account(self._user)

    def incident(self, id_or_number: str | int) -> Incident:
        """Return an incident.

        Raises:
            NotFound: it does not exist, or the person may not see it.
        """
        incident = self._api.incidents.show(str(id_or_number))
        if not self.check_may_see(incident):
            raise NotFound(404)
        return incident

    def shared_here(self, id_or_number: str) -> Incident | None:
        """Return an incident that everybody in this channel may read, else None.

        Raises:
            NotFound: it does not exist.
        """
        incident = self._api.incidents.show(id_or_number)
        of_here = incident.slack_channel_id == self._channel
        return incident if of_here or not incident.is_private else None

    def here(self) -> Incident | None:
        """Return the incident of this channel as it is now, or None."""
        for incident in self._catalog.live_incidents(self._of_here):
            return self._noted(self._api.incidents.show(incident.id))
        found = self._by_channel_name()
        return self._noted(found) if found else None

    def _noted(self, incident: Incident) -> Incident:
        self._touched(incident)
        return incident

    def live(self) -> list[Incident]:
        """Return the incidents in progress that the person may see, newest first."""
        return self._catalog.live_incidents(self.visible)

    def suggested(self) -> list[Incident]:
        """Return those in progress that the person is known to see; ask nobody."""
        return self._catalog.live_incidents(self._suggested)

    def newest(
        self,
        fits: Callable[[Incident], bool],
        most: int,
        **narrowed: Unpack[IncidentFilters],
    ) -> Iterator[Incident]:
        """Yield those of the ``most`` newest that fit and that the person may see."""
        for incident in islice(self._api.incidents.list(**narrowed), most):
            if fits(incident) and self.may_see(incident):
                yield incident

    def visible_with_ids(self, ids: Iterable[str]) -> list[Incident]:
        """Return incidents that can be read and that the person may see."""
        wanted = set(ids)
        live = {i.id: i for i in self._catalog.live_incidents(nobody)} if wanted else {}
        found = (live.get(id_) or self._read(id_) for id_ in sorted(wanted))
        return self.visible(incident for incident in found if incident)

    def visible(self, incidents: Iterable[Incident]) -> list[Incident]:
        """Return those that the person may see, as far as that is known in time."""
        return self._shown(incidents, self._memberships.among)

    def involving(self, incidents: Iterable[Incident]) -> list[Incident]:
        """Return those that the person takes part in, as far as known in time."""
        found = list(incidents)
        mine = self._memberships.among(found, self.me.id) if self.me else set()
        return [i for i in found if i.id in mine]

    def may_see(self, incident: Incident) -> bool:
        """Return whether the person may see it; False while that cannot be read."""
        return bool(self.visible([incident]))

    def check_may_see(self, incident: Incident) -> bool:
        """Return whether the person may see it.

        Only an incident that they see is noted for the audit: a note of another would
        reveal that it exists.

        Raises:
            IncidentioError: who may see it could not be read.
        """
        seen = self._open(incident) or self._includes_me(incident)
        if seen:
            self._touched(incident)
        return seen

    def _includes_me(self, incident: Incident) -> bool:
        return self.me is not None and self._memberships.includes(incident, self.me.id)

    def may_help_here(self, slack_id: str) -> bool:
        """Return whether somebody else may see the incident of this channel.

        If it is private, only people who may see it can help here.
        """
        here = next(iter(self._catalog.live_incidents(self._of_here)), None)
        if here is None or not here.is_private:
            return True
        account = self._account(slack_id)
        try:
            return account is not None and self._memberships.includes(here, account.id)
        except IncidentioError:
            return False

    def concerning(self, escalations: Iterable[Escalation]) -> Iterator[Escalation]:
        """Yield escalations that page the person, or whose incidents they may see.

        Those that only page them must still be veiled.
        """
        for escalation in escalations:
            paged = self.me and any(u.id == self.me.id for u in escalation.notified)
            if paged or self.may_see_all_of(escalation):
                yield escalation

    def may_see_all_of(self, escalation: Escalation) -> bool:
        """Return whether the person may see every incident of an escalation."""
        private = {i.id for i in escalation.related_incidents if i.is_private}
        self._seen_private |= {
            i.id for i in self.visible_with_ids(private - self._seen_private)
        }
        return private <= self._seen_private

    def may_read(self, incident: Readable) -> bool:
        """Return whether it is public, this channel's, or visible and in progress."""
        if not incident.is_private or self._is_here(incident.id, incident.channel):
            return True
        return incident.id in self._live_ids

    def owns(self, item: Owned) -> bool:
        """Return whether the person owns an item."""
        me, owner = self.me, item.owner
        return me is not None and owner is not None and owner.id == me.id

    @cached_property
    def _live_ids(self) -> set[str]:
        return {incident.id for incident in self.live()}

    def _read(self, id_: str) -> Incident | None:
        try:
            return self._api.incidents.show(id_)
        except IncidentioError as error:
            log.warning("an incident stays hidden: %s", error)
            return None

    def _of_here(self, incidents: Iterable[Incident]) -> list[Incident]:
        here = (i for i in incidents if i.slack_channel_id == self._channel)
        return [incident for incident in here if self._open(incident)]

    def _suggested(self, incidents: Iterable[Incident]) -> list[Incident]:
        return self._shown(incidents, self._memberships.remembered)

    def _shown(
        self,
        incidents: Iterable[Incident],
        members: Callable[[Iterable[Incident], str], set[str]],
    ) -> list[Incident]:
        found = list(incidents)
        closed = [i for i in found if not self._open(i)]
        mine = members(closed, self.me.id) if closed and self.me else set()
        return [i for i in found if self._open(i) or i.id in mine]

    def _open(self, incident: Incident) -> bool:
        return not incident.is_private or self._is_here(
            incident.id, incident.slack_channel_id
        )

    def _is_here(self, incident_id: str, channel: str | None) -> bool:
        """Return whether this is its channel, and the person's access still holds."""
        if channel != self._channel:
            return False
        withdrawn = self._memberships.is_withdrawn
        return self.me is None or not withdrawn(incident_id, self.me.id)

    def _by_channel_name(self) -> Incident | None:
        """Return the incident numbered in ``inc-123-…``, if this is its channel."""
        name = self._channels.name(self._channel)
        match = re.match(r"inc(?:ident)?-(\d+)\b", name)
        if not match:
            return None
        try:
            incident = self._api.incidents.show(match[1])
        except NotFound:
            return None
        here = incident.slack_channel_id == self._channel
        return incident if here and self._open(incident) else None
