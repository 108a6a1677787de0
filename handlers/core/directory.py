"""Finds the incidents that a person may see.

A private incident is visible in its own channel and to its own people; to everyone else
it does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from incidentio import Incident, Incidentio, User
from incidentio.cache.catalog import Catalog
from incidentio.cache.memberships import Memberships
from incidentio.errors import NotFound
from slack.channels import Channels


class VisibleIncidents:
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
        if not self.sees(incident):
            raise NotFound(404)
        return incident

    def here(self) -> Incident | None:
        """Return the incident of this channel as it is now, or None."""
        for incident in self._catalog.live_incidents():
            if incident.slack_channel_id == self._channel:
                return self._met(self._api.incidents.show(incident.id))
        found = self._by_channel_name()
        return self._met(found) if found else None

    def _met(self, incident: Incident) -> Incident:
        self._touched(incident)
        return incident

    def live(self) -> list[Incident]:
        """Return the incidents in progress that the person may see, newest first."""
        return self.visible(self._catalog.live_incidents())

    def suggested(self) -> list[Incident]:
        """Return those that the person is known to see, without a request."""
        live = self._catalog.live_incidents()
        return self._shown(live, self._memberships.remembered)

    def visible(self, incidents: Iterable[Incident]) -> list[Incident]:
        """Return those that the person may see, as far as that is known in time."""
        return self._shown(incidents, self._memberships.among)

    def may_see(self, incident: Incident) -> bool:
        """Return whether the person may see it; False while that cannot be read."""
        return bool(self.visible([incident]))

    def sees(self, incident: Incident) -> bool:
        """Return whether the person may see it; raise if that cannot be read."""
        self._touched(incident)
        if self._open(incident):
            return True
        return self.me is not None and self._memberships.includes(incident, self.me.id)

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
        return not incident.is_private or incident.slack_channel_id == self._channel

    def _by_channel_name(self) -> Incident | None:
        """Try the number in ``inc-123-…`` if that incident has this channel."""
        name = self._channels.name(self._channel)
        match = re.match(r"inc(?:ident)?-(\d+)\b", name)
        if not match:
            return None
        try:
            incident = self._api.incidents.show(match[1])
        except NotFound:
            return None
        return incident if incident.slack_channel_id == self._channel else None
