from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.models import User
from incidentio.resources.base import Resource, one
from incidentio.transport.query import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE_SIZE = 1000
"""People come by the thousand, and this list alone allows larger pages."""


class Users(Resource):
    def list(
        self,
        *,
        slack_user_id: str | None = None,
        email: str | None = None,
        include_inactive: bool = False,
    ) -> Iterator[User]:
        query = plain(
            slack_user_id=slack_user_id,
            email=email,
            include_inactive=include_inactive or None,
        )
        return self._pages(User, "/v2/users", "users", query, PAGE_SIZE)

    def show(self, id: str) -> User:  # noqa: A002
        return one(User, self._http.get("/v2/users/{id}", id=id), "user")
