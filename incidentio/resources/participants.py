from __future__ import annotations

from incidentio.models import Participants as People
from incidentio.resources.base import Resource, one
from incidentio.transport.query import plain


class Participants(Resource):
    def show(self, incident_id: str) -> People:
        query = plain(incident_id=incident_id)
        body = self._http.get("/v2/incident_participants", query)
        return one(People, body, "incident_participants")
