from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidentio.models import Escalation, ResponseOptions
from incidentio.resources.base import Resource, many, one, payload
from incidentio.transport.query import filters, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from incidentio.models import Page

PATH = "/v2/escalations"
ACTIONS = f"{PATH}/{{id}}/actions"
PAGE_SIZE = 50
"""The most that this list allows."""


class Escalations(Resource):
    def list(
        self,
        *,
        path: str | None = None,
        status: str | Sequence[str] | None = None,
        created_since: datetime | None = None,
        updated_since: datetime | None = None,
        idempotency_key: str | None = None,
    ) -> Iterator[Escalation]:
        """Newest first. Overlap ``updated_since``: rows may turn up late."""
        by_key = {"is": idempotency_key} if idempotency_key else None
        query = filters(
            {
                "escalation_path": path,
                "status": status,
                "created_at": created_since,
                "updated_at": updated_since,
                "idempotency_key": by_key,
            }
        )
        return self._pages(Escalation, PATH, "escalations", query, PAGE_SIZE)

    def page(
        self,
        *,
        after: str | None = None,
        page_size: int = PAGE_SIZE,
        status: str | Sequence[str] | None = None,
    ) -> Page[Escalation]:
        query = filters({"status": status})
        query += plain(page_size=page_size, after=after)
        return self._page(Escalation, PATH, "escalations", query)

    def show(self, id: str) -> Escalation:  # noqa: A002
        return one(Escalation, self._http.get(f"{PATH}/{{id}}", id=id), "escalation")

    def create(
        self,
        *,
        idempotency_key: str,
        title: str,
        description: str | None = None,
        escalation_path_id: str | None = None,
        user_ids: Sequence[str] | None = None,
        incident_id: str | None = None,
    ) -> Escalation:
        """Page people, by a path or directly: one of the two. 60 a minute."""
        body = payload(
            idempotency_key=idempotency_key,
            title=title,
            description=description,
            escalation_path_id=escalation_path_id,
            user_ids=user_ids,
            incident_id=incident_id,
        )
        answer = self._http.post(PATH, body, idempotent=True)
        return one(Escalation, answer, "escalation", write=True)

    def cancel(self, id: str) -> None:  # noqa: A002
        """Stop paging. Cancelling again changes nothing."""
        self._http.post(f"{ACTIONS}/cancel", {}, idempotent=True, id=id)

    def check_permissions(
        self,
        id: str,  # noqa: A002
        user_ids: Sequence[str],
    ) -> tuple[ResponseOptions, ...]:
        """Ask what each of these users can do about it now."""
        body = payload(user_ids=user_ids)
        answer = self._http.post_query(f"{ACTIONS}/check_permissions", body, id=id)
        return many(ResponseOptions, answer, "response_options")

    def reassign(
        self,
        id: str,  # noqa: A002
        *,
        escalation_path_id: str | None = None,
        user_ids: Sequence[str] | None = None,
        title: str | None = None,
        description: str | None = None,
        resolve_original: bool | None = None,
    ) -> Escalation:
        """Page others in place of these; the new escalation. It can be done once."""
        body = payload(
            escalation_path_id=escalation_path_id,
            user_ids=user_ids,
            title=title,
            description=description,
            resolve_original=resolve_original,
        )
        answer = self._http.post(f"{ACTIONS}/reassign", body, id=id)
        return one(Escalation, answer, "escalation", write=True)

    def respond(
        self,
        id: str,  # noqa: A002
        response: str,
        *,
        until: datetime | None = None,
        reason: str | None = None,
    ) -> None:
        """Answer a page: ``ack``, ``nack``, or ``snooze`` until then."""
        details: dict[str, Any] | None = None
        if until is not None:
            details = {"snooze_until": until, "reason": reason}
        body = payload(response=response, snooze_details=details)
        self._http.post(f"{ACTIONS}/respond", body, id=id)
