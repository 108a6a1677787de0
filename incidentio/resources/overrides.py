from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.models import Override
from incidentio.resources.base import Resource, one, payload
from incidentio.transport.query import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

PATH = "/v2/schedule_overrides"


class Overrides(Resource):
    def list(
        self,
        schedule_id: str,
        *,
        rotation_id: str | None = None,
        layer_id: str | None = None,
    ) -> Iterator[Override]:
        query = plain(
            schedule_id=schedule_id, rotation_id=rotation_id, layer_id=layer_id
        )
        return self._pages(Override, PATH, "overrides", query)

    def create(
        self,
        *,
        schedule_id: str,
        rotation_id: str,
        layer_id: str,
        user_id: str,
        start_at: datetime,
        end_at: datetime,
    ) -> Override:
        """Put a person on call. The layer is in the schedule's rotation."""
        body = payload(
            schedule_id=schedule_id,
            rotation_id=rotation_id,
            layer_id=layer_id,
            user={"id": user_id},
            start_at=start_at,
            end_at=end_at,
        )
        return one(Override, self._http.post(PATH, body), "override", write=True)

    def show(self, id: str) -> Override:  # noqa: A002
        """Raise ``NotFound`` where it was deleted, or replaced by an edit."""
        return one(Override, self._http.get(f"{PATH}/{{id}}", id=id), "override")

    def delete(self, id: str) -> None:  # noqa: A002
        self._http.delete(f"{PATH}/{{id}}", id=id)
