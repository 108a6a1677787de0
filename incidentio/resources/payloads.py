"""The pieces that several request bodies are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NotRequired, TypedDict


class UserReference(TypedDict, total=False):
    """One of these is enough."""

    id: str
    email: str
    slack_user_id: str


class RoleAssignmentPayload(TypedDict):
    incident_role_id: str
    assignee: NotRequired[UserReference | None]
    """None or absent takes the role from whoever has it."""


class TimestampPayload(TypedDict):
    incident_timestamp_id: str
    value: NotRequired[datetime | None]


class CustomFieldValuePayload(TypedDict, total=False):
    value_text: str
    value_link: str
    value_numeric: str
    value_option_id: str
    value_catalog_entry_id: str


class CustomFieldPayload(TypedDict):
    custom_field_id: str
    values: Sequence[CustomFieldValuePayload]
    """Empty clears the field."""
