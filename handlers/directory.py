"""Finding incidents for a person, and keeping from them what is not theirs to see.

A private incident is visible in its own channel and to its own people; to everyone else
it does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from slack_sdk.errors import SlackClientError

from incidentio.catalog import Catalog
from incidentio.client import Incidentio
from incidentio.errors import IncidentioError, NotFound
from incidentio.models import Incident, User
from slack.client import SlackClient


class Directory:
    def __init__(
        self,
        api: Incidentio,
        catalog: Catalog,
        slack: SlackClient,
        *,
        user: str,
        channel: str,
    ) -> None:
        self._api = api
        self._catalog = catalog
        self._slack = slack
        self._user = user
        self._channel = channel
        self._seen: dict[str, bool] = {}

    @cached_property
    def me(self) -> User | None:
        """The person's account in incident.io, or None."""
        return self._catalog.user_by_slack(self._user)

    def incident(self, id_or_number: str | int) -> Incident:
        """Show an incident; raise ``NotFound`` also for one the person may not see."""
        incident = self._api.incidents.show(str(id_or_number))
        if not self.may_see(incident):
            raise NotFound(404)
        return incident

    def here(self) -> Incident | None:
        """Find the incident whose channel this is, read anew."""
        for incident in self._catalog.live_incidents():
            if incident.slack_channel_id == self._channel:
                return self._api.incidents.show(incident.id)
        return self._by_channel_name()

    def live(self) -> list[Incident]:
        """List the incidents in progress that the person may see, newest first."""
        return self.visible(self._catalog.live_incidents())

    def visible(self, incidents: Iterable[Incident]) -> list[Incident]:
        return [incident for incident in incidents if self.may_see(incident)]

    def may_see(self, incident: Incident) -> bool:
        if not incident.is_private:
            return True
        if incident.slack_channel_id == self._channel:
            return True
        if incident.id not in self._seen:
            self._seen[incident.id] = self._is_one_of_its_people(incident)
        return self._seen[incident.id]

    def _is_one_of_its_people(self, incident: Incident) -> bool:
        if self.me is None:
            return False
        try:
            people = self._api.participants.show(incident.id)
        except IncidentioError:
            return False
        ids = {p.user.id for p in (*people.active, *people.passive)}
        ids |= {a.assignee.id for a in incident.incident_role_assignments if a.assignee}
        return self.me.id in ids

    def _by_channel_name(self) -> Incident | None:
        """Take the number in ``inc-123-…``, and believe it only if the channel fits."""
        try:
            info = self._slack.conversations_info(channel=self._channel)
        except SlackClientError:
            return None
        match = re.match(r"inc(?:ident)?-(\d+)\b", info["channel"].get("name") or "")
        if not match:
            return None
        try:
            incident = self._api.incidents.show(match[1])
        except NotFound:
            return None
        return incident if incident.slack_channel_id == self._channel else None
