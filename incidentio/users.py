"""Users."""

from __future__ import annotations

from collections.abc import Iterator

from incidentio.base.model import Model
from incidentio.base.resource import Resource, many, one
from incidentio.transport.query import plain


class Identified(Model):
    """A reference by id alone."""

    id: str


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


class NotificationMethod(Model):
    """A way to page somebody: their app, a phone, Slack."""

    id: str
    method_type: str
    """app, email, microsoft_teams, phone, slack, whatsapp_message, or newer."""
    is_usable: bool = True


class MethodTarget(Model):
    """The methods that a rule uses: all of its type, or one."""

    type: str
    """all, specific, or newer."""
    specific: Identified | None = None


class NotificationRule(Model):
    """How, and how soon, somebody is notified of a page."""

    id: str
    rule_type: str
    """high_urgency, low_urgency, or newer."""
    method_type: str
    method_target: MethodTarget

    def uses(self, method: NotificationMethod) -> bool:
        """Return whether a page of this rule's urgency reaches them by a method."""
        chosen = self.method_target.specific
        return (
            method.id == chosen.id if chosen else self.method_type == method.method_type
        )


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

    def list_notification_methods(self, id: str) -> tuple[NotificationMethod, ...]:  # noqa: A002
        """Return the ways in which incident.io can page a user.

        https://api-docs.incident.io/tag/Users-V2#operation/Users%20V2_ListNotificationMethods
        """
        body = self._http.get("/v2/users/{id}/notification_methods", id=id)
        return many(NotificationMethod, body, "notification_methods")

    def list_notification_rules(self, id: str) -> tuple[NotificationRule, ...]:  # noqa: A002
        """Return the rules by which a user is notified of pages.

        https://api-docs.incident.io/tag/Users-V2#operation/Users%20V2_ListNotificationRules
        """
        body = self._http.get("/v2/users/{id}/notification_rules", id=id)
        return many(NotificationRule, body, "notification_rules")
