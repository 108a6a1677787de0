"""The one way to delete a thing that holds data.

A form shows what is lost, and the person types the name of the thing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from blocks.kit import deletion as view
from blocks.kit import managed, text
from blocks.kit.fields import HasName, Value
from handlers.core.announce import by
from handlers.core.command import Modal, Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.problems import FieldErrors, Refusal
from handlers.core.resource import DeletableResource
from incidentio.errors import NotFound

T = TypeVar("T", bound=HasName)

OLD_NAME = "typed"
"""The field for the name in forms that an earlier version opened."""


class Deletion(ABC, Generic[T]):
    """Deletes one thing by a form; derive one for each resource."""

    form_id: ClassVar[str]
    resource: DeletableResource[T]
    key: ClassVar[str] = "id"
    """The name under which the form remembers the id of the thing."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    @abstractmethod
    def losses(self, current: T) -> Sequence[str]:
        """Describe what is lost and what depends on it, in paragraphs of mrkdwn.

        If they differ when the form is submitted, they are shown once more.
        """

    def context(self, current: T) -> Sequence[str]:
        """Return more that helps to decide, in mrkdwn; it may change at any time."""
        del current
        return ()

    def describe(self, current: T) -> str:
        """Name the thing in mrkdwn, as a part of a sentence."""
        return f"the {self.resource.noun} {text.bold(current.name)}"

    def audit_name(self, current: T) -> str:
        """Return the name under which the audit knows the thing."""
        return current.name

    def memory(self, current: T) -> Mapping[str, str]:
        """Return what the form remembers of the thing."""
        return {self.key: current.id}

    def managed(self, current: T) -> object:
        """Return the object that may be managed from elsewhere, such as Terraform."""
        return current

    def warnings(self) -> Sequence[str]:
        """Return sentences of the form that the answer to a deletion repeats."""
        return ()

    def open(self, id_: str) -> Modal:
        """Open the form on the thing as it is."""
        current = self.resource.read(self.ctx, id_)
        return self._drawn(current, self._losses(current))

    def submit(self, values: Mapping[str, Value]) -> Reply | Modal:
        """Delete the thing if it is as the form showed and its name was typed.

        Raises:
            FieldErrors: another name was typed.
        """
        typed = str(values.get(view.NAME) or values.get(OLD_NAME) or "")
        id_ = str(self.ctx.memory[self.key])
        with lock_for(id_):
            try:
                return self._submit(id_, typed)
            except NotFound:
                return self._gone(id_, typed)

    def _submit(self, id_: str, typed: str) -> Reply | Modal:
        operations = self.resource.operations(self.ctx)
        current = operations.show(id_)
        losses = self._losses(current)
        shown = view.fingerprint(current.name, losses)
        if not self.ctx.in_doubt and self.ctx.memory.get("shown") != shown:
            return self._drawn(current, losses, again=True)
        if not view.names(typed, current.name):
            raise FieldErrors({view.NAME: view.misnamed(current.name)})
        self.ctx.notes.on(self.resource.noun, self.audit_name(current), id_)
        self.ctx.notes.change("name", current.name, None)
        operations.delete(id_)
        self.ctx.catalog.expire(self.resource.listed)
        subject = text.capital(self.describe(current))
        said = f"{subject} was deleted, {by(self.ctx)}."
        after = [*self.warnings(), *managed.deleted(self.managed(current))]
        return Reply(" ".join([said, *after]))

    def _losses(self, current: T) -> list[str]:
        subject = self.describe(current)
        warned = managed.before(self.managed(current), text.capital(subject))
        return [*warned, f"This deletes {subject}.", *self.losses(current)]

    def _drawn(
        self, current: T, losses: Sequence[str], *, again: bool = False
    ) -> Modal:
        shown = view.fingerprint(current.name, losses)
        form = view.form(
            self.form_id,
            self.resource.noun,
            current.name,
            losses=losses,
            context=self.context(current),
            memory={**self.memory(current), "shown": shown},
            again=again,
        )
        return Modal(form)

    def _gone(self, id_: str, typed: str) -> Reply:
        """Confirm that it is deleted; an attempt that died may have deleted it."""
        noun = self.resource.noun
        self.ctx.catalog.expire(self.resource.listed)
        if not self.ctx.in_doubt:
            raise Refusal(f"That {noun} was already deleted.")
        self.ctx.notes.on(noun, typed, id_)
        self.ctx.notes.change("name", typed, None)
        named = f" {text.bold(typed)}" if typed else ""
        return Reply(f"The {noun}{named} is deleted.")
