"""The participants of incidents."""

from __future__ import annotations

from incidentio.base.model import Model
from incidentio.base.resource import Resource, one
from incidentio.transport.query import plain
from incidentio.users import User


class Participant(Model):
    """A user who takes part in an incident."""

    user: User
    participant_type: str = ""
    """observer, collaborator, responder, or newer."""


class Participants(Model):
    """The users who take part in an incident (active), or watch it (passive)."""

    active: tuple[Participant, ...] = ()
    passive: tuple[Participant, ...] = ()


class IncidentParticipants(Resource):
    """Operations on the participants of incidents."""

    def show(self, incident_id: str) -> Participants:
        """Return the users who take part in an incident, and those who only watch.

        https://api-docs.incident.io/tag/IncidentParticipants-V2#operation/IncidentParticipants%20V2_List
        """
        query = plain(incident_id=incident_id)
        body = self._http.get("/v2/incident_participants", query)
        return one(Participants, body, "incident_participants")
