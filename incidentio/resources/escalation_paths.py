from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.models import EscalationPath
from incidentio.resources.base import Resource, one

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incidentio.transport.operation import Json

PATH = "/v2/escalation_paths"
PAGE_SIZE = 25
"""The API allows no more."""


class EscalationPaths(Resource):
    def list(self) -> Iterator[EscalationPath]:
        return self._pages(EscalationPath, PATH, "escalation_paths", [], PAGE_SIZE)

    def show(self, id: str) -> EscalationPath:  # noqa: A002
        answer = self._http.get(f"{PATH}/{{id}}", id=id)
        return one(EscalationPath, answer, "escalation_path")

    def create(self, body: Json) -> EscalationPath:
        answer = self._http.post(PATH, body)
        return one(EscalationPath, answer, "escalation_path", write=True)

    def update(self, id: str, body: Json) -> EscalationPath:  # noqa: A002
        """Replace the whole path: what the body leaves out is gone."""
        answer = self._http.put(f"{PATH}/{{id}}", body, id=id)
        return one(EscalationPath, answer, "escalation_path", write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        self._http.delete(f"{PATH}/{{id}}", id=id)
