from __future__ import annotations

from incidentio.models import Identity as Key
from incidentio.resources.base import Resource, one


class Identity(Resource):
    def show(self) -> Key:
        return one(Key, self._http.get("/v1/identity"), "identity")
