"""Overrides of schedules: somebody is on call in place of another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from incidentio.base.model import Model, When
from incidentio.base.resource import Resource, one, payload
from incidentio.transport.query import plain
from incidentio.users import User


class Override(Model):
    """A period in which somebody is on call in place of another."""

    id: str
    schedule_id: str
    rotation_id: str
    layer_id: str
    start_at: When
    end_at: When
    user: User | None = None
    created_at: When | None = None
    updated_at: When | None = None


PATH = "/v2/schedule_overrides"


class Overrides(Resource):
    """Operations on the overrides of schedules."""

    def list(
        self,
        schedule_id: str,
        *,
        rotation_id: str | None = None,
        layer_id: str | None = None,
    ) -> Iterator[Override]:
        """Yield the overrides of a schedule, or of one layer of it.

        https://api-docs.incident.io/tag/Schedules-V2#operation/Schedules%20V2_ListOverrides
        """
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
        """Put a person on call, and return the override.

        The schedule has the ids of its rotations and their layers.

        https://api-docs.incident.io/tag/Schedules-V2#operation/Schedules%20V2_CreateOverride
        """
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
        """Return one override.

        Raises:
            NotFound: it was deleted, or an edit replaced it.

        https://api-docs.incident.io/tag/Schedules-V2#operation/Schedules%20V2_ShowOverride
        """
        return one(Override, self._http.get(f"{PATH}/{{id}}", id=id), "override")

    def delete(self, id: str) -> None:  # noqa: A002
        """Delete an override: the person of the rotation is on call again.

        https://api-docs.incident.io/tag/Schedules-V2#operation/Schedules%20V2_DestroyOverride
        """
        self._http.delete(f"{PATH}/{{id}}", id=id)
