from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidentio.merging.workflows import replacement
from incidentio.models import Workflow, WorkflowSlim
from incidentio.resources.base import Resource, many, one
from incidentio.transport.query import plain

if TYPE_CHECKING:
    from incidentio.transport.operation import Json


class Workflows(Resource):
    def list(self) -> tuple[WorkflowSlim, ...]:
        return many(WorkflowSlim, self._http.get("/v2/workflows"), "workflows")

    def show(self, id: str) -> Workflow:  # noqa: A002
        """Show it as it is stored: upgrading its steps would change them."""
        query = plain(skip_step_upgrades=True)
        return _whole(self._http.get("/v2/workflows/{id}", query, id=id))

    def update(self, current: Workflow, **changes: Any) -> Workflow:
        """Replace it by itself, but for the ``changes``; None clears."""
        body = replacement(current, changes)
        sent = self._http.put("/v2/workflows/{id}", body, id=current.id)
        return _whole(sent, write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        self._http.delete("/v2/workflows/{id}", id=id)


def _whole(body: Json, *, write: bool = False) -> Workflow:
    """Read a workflow together with who manages it, which stands beside it."""
    shown = body.get("workflow")
    if isinstance(shown, dict):
        whole = {**shown, "management_meta": body.get("management_meta")}
        body = {"workflow": whole}
    return one(Workflow, body, "workflow", write=write)
