"""Users."""

from __future__ import annotations

from collections.abc import Iterator

from incidentio.base.model import Model
from incidentio.base.resource import Resource, one
from incidentio.transport.query import plain


class AccessRole(Model):
    """A role that decides what a user may do in incident.io."""

    id: str
    name: str
    slug: str = ""
    description: str = ""


class Seats(Model):
    """The licences that a user has."""

    on_call: str = "none"
    response: str = "none"


class User(Model):
    """A user. Where another resource embeds it, it may have id and name alone."""

    id: str
    name: str
    email: str | None = None
    slack_user_id: str | None = None
    role: str = "unset"
    is_active: bool = True
    base_role: AccessRole | None = None
    custom_roles: tuple[AccessRole, ...] = ()
    seats: Seats | None = None


PAGE_SIZE = 1000
"""The most that the API allows: organisations may have thousands of users."""


class Users(Resource):
    """Operations on users."""

    def list(
        self,
        *,
        slack_user_id: str | None = None,
        email: str | None = None,
        include_inactive: bool = False,
    ) -> Iterator[User]:
        """Yield the active users that match; with ``include_inactive``, all of them.

        https://api-docs.incident.io/tag/Users-V2#operation/Users%20V2_List
        """
        query = plain(
            slack_user_id=slack_user_id,
            email=email,
            include_inactive=include_inactive or None,
        )
        return self._pages(User, "/v2/users", "users", query, PAGE_SIZE)

    def show(self, id: str) -> User:  # noqa: A002
        """Return one user.

        https://api-docs.incident.io/tag/Users-V2#operation/Users%20V2_Show
        """
        return one(User, self._http.get("/v2/users/{id}", id=id), "user")
