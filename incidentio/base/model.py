"""The base of all models. It reads the API's answers tolerantly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)

UNREAD = "__unread__"
DASHBOARD = "dashboard"
TERRAFORM = "incident.io/terraform/version"
"""The annotation that Terraform leaves on what it manages."""


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


When = Annotated[datetime, AfterValidator(_aware)]


class Model(BaseModel):
    """A frozen model that keeps properties it does not know; enums are plain strings.

    Only a required property can make an answer unreadable: an optional one of an
    unforeseen shape counts as absent, and is kept in ``unread``.
    """

    model_config = ConfigDict(
        frozen=True, extra="allow", hide_input_in_errors=True, defer_build=True
    )

    @property
    def unread(self) -> Mapping[str, Any]:
        """The optional properties of the answer that could not be read."""
        found: Mapping[str, Any] = (self.model_extra or {}).get(UNREAD, {})
        return found

    @model_validator(mode="wrap")
    @classmethod
    def _tolerate(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            if not isinstance(data, dict):
                raise
            bad = {problem["loc"][0] for problem in error.errors() if problem["loc"]}
            if not bad or bad & cls._required():
                raise
        rest = {name: value for name, value in data.items() if name not in bad}
        unread = {name: data[name] for name in bad if data[name] is not None}
        return handler({**rest, UNREAD: unread} if unread else rest)

    @classmethod
    def _required(cls) -> set[str]:
        return {name for name, f in cls.model_fields.items() if f.is_required()}


class ManagementMeta(Model):
    """The tool that a resource is managed with."""

    managed_by: str = DASHBOARD
    """dashboard, terraform, external, or newer."""
    source_url: str | None = None


class Replaceable(Model):
    """A resource that a PUT replaces; it keeps the JSON that it was read from."""

    @cached_property
    def raw(self) -> dict[str, Any]:
        """The JSON as the API sent it. Copy before changing."""
        return {}

    @property
    def manager(self) -> ManagementMeta | None:
        """The tool that manages it. None: people do, or the answer does not say."""
        meta = self.raw.get("management_meta")
        if isinstance(meta, dict):
            found = ManagementMeta.model_validate(meta)
            return None if found.managed_by == DASHBOARD else found
        marked = TERRAFORM in (self.raw.get("annotations") or ())
        return ManagementMeta(managed_by="terraform") if marked else None

    @model_validator(mode="wrap")
    @classmethod
    def _keep(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        model = handler(data)
        if isinstance(data, dict):
            # A private attribute costs as much as all the rest of an incident's roles.
            model.__dict__["raw"] = data
        return model


class Named(Model):
    """The id and name of something that an answer refers to."""

    id: str
    name: str


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list."""

    items: tuple[T, ...]
    after: str | None = None
    """Cursor of the next page; None on the last."""
    total: int | None = None
    """The number of items on all pages, where the API counts them."""
