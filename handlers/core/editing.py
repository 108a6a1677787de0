"""The one way to edit something in a form.

What was typed is compared with what the form showed and with the current values. A
value that somebody else changed too is shown before it is replaced; a value that only
somebody else changed is kept, and the answer mentions it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import starmap
from typing import ClassVar, Generic, TypeVar

from blocks.kit import managed, text
from blocks.kit.edit import Edit, Input, fingerprints, key, redrawn
from blocks.kit.fields import Field, Menu, Number, Text, Value, number, offered
from blocks.kit.form import Form, Note
from handlers.core.announce import by
from handlers.core.arguments.people import audit_text
from handlers.core.arguments.references import without_ids
from handlers.core.command import Modal, Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.notes import LONGEST
from handlers.core.problems import FieldErrors, Refusal

T = TypeVar("T")

NOTHING = "No changes to save."
LOST = (
    "This was deleted since the form was opened, or is too long for the form now. "
    "Change it in incident.io."
)


class Editor(ABC, Generic[T]):
    """Opens a form on one thing, and finds conflicts when it is submitted."""

    key: ClassVar[str] = "id"
    """The name under which the form remembers the id of the thing."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    @abstractmethod
    def read(self) -> T:
        """Read, as it is now, the thing that the submitted form is about.

        Raises:
            Refusal: it is not there any more.
        """

    @abstractmethod
    def inputs(self, current: T) -> Sequence[Input]:
        """Draw the inputs of the form, filled in with the current values."""

    @abstractmethod
    def form(self, current: T, inputs: Sequence[Input]) -> Form:
        """Draw the form around ``inputs``; it remembers which thing it is about."""

    @abstractmethod
    def describe(self, current: T) -> str:
        """Name the thing in mrkdwn, as the subject of a sentence."""

    @abstractmethod
    def conclude(self, current: T, edit: Edit) -> Reply | Modal:
        """Carry out the edit; no conflict has to be shown first."""

    def legible(self, current: T) -> list[Input]:
        """Draw the inputs, with names in place of the mentions in their texts."""
        return [_written_out(self.ctx, one) for one in self.inputs(current)]

    def open(self, current: T) -> Modal:
        """Open the form on the thing as it is."""
        return self.drawn(current, self.legible(current))

    def submit(self, values: Mapping[str, Value]) -> Reply | Modal:
        """Write what is to change, or draw the form again with others' changes."""
        with lock_for(str(self.ctx.memory[self.key])):
            current = self.read()
            fields = fields_of(self.legible(current))
            edit = Edit.of(self.shown(), self.typed(current, values), fields)
            self.check(current, edit)
            if edit.overtaken and not self.ctx.in_doubt:
                return self.again(current, edit)
            return self.conclude(current, edit)

    def more(self, values: Mapping[str, Value]) -> Modal:
        """Draw the whole form, with what was typed so far."""
        current = self.read()
        form = self.drawn(current, self.legible(current)).form.filled(values)
        typed = {key(name) for name in values}
        shown = {n: was for n, was in self.shown().items() if n in typed}
        memory = {n: v for n, v in self.ctx.memory.items() if not n.startswith("_")}
        memory |= {"shown": {**form.memory["shown"], **shown}}
        return Modal(replace(form, memory=memory))

    def again(self, current: T, edit: Edit) -> Modal:
        """Draw the form again with what was typed and what others changed since."""
        notes = [Note(line) for line in others(self.elsewhere(current, edit))]
        inputs = redrawn(self.legible(current), edit)
        return self.drawn(current, [*notes, *inputs])

    def typed(self, current: T, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return what was typed, by the names of fields, as ``inputs`` hold it."""
        del current
        return values

    def check(self, current: T, edit: Edit) -> None:
        """Check that what was typed can be written.

        Raises:
            FieldErrors: problems, by the names of fields.
        """
        fields = fields_of(self.legible(current))
        wrong = {
            f.name: problem(f, edit.due[f.name]) for f in fields if f.name in edit.due
        }
        errors = {name: said for name, said in wrong.items() if said}
        errors |= dict.fromkeys(edit.lost, LOST)
        if errors:
            raise FieldErrors(errors)

    def shown(self) -> Mapping[str, str]:
        """Return fingerprints of what the form showed, by the names of fields."""
        memory = self.ctx.memory
        # forms that an earlier version opened say "was"
        shown: Mapping[str, str] = memory.get("shown") or memory["was"]
        return shown

    def drawn(self, current: T, inputs: Sequence[Input]) -> Modal:
        """Draw the form with these inputs and fingerprints of the current values."""
        form = self.form(current, [*self.warnings(current), *inputs])
        shown = fingerprints(fields_of(self.legible(current)))
        return Modal(replace(form, memory={**form.memory, "shown": shown}))

    def managed(self, current: T) -> object:
        """Return the object that may be managed from elsewhere, such as Terraform."""
        return current

    def warnings(self, current: T) -> list[Note]:
        """Return notes for the top of the form: what to know before a change."""
        subject = self.describe(current)
        return [Note(w) for w in managed.before(self.managed(current), subject)]

    def elsewhere(self, current: T, edit: Edit) -> Sequence[str]:
        """Return the labels, in mrkdwn, of what only somebody else changed."""
        fields = fields_of(self.legible(current))
        return [f"*{f.label_text}*" for f in fields if f.name in edit.kept]

    def check_unseen(self, current: T, edit: Edit) -> None:
        """Refuse to replace others' changes that this person was not shown.

        That is so after a process died: its form cannot be drawn again.
        """
        if edit.overtaken:
            subject = self.describe(current)
            raise Refusal(f"Somebody else changed {subject} too. Edit it again.")


class FieldEditor(Editor[T]):
    """Writes the values of fields; the answer says of each its old and new value."""

    @abstractmethod
    def write(self, current: T, due: Mapping[str, Value]) -> T:
        """Write the values of fields that are to change; return the thing after it."""

    @abstractmethod
    def record_target(self, current: T) -> None:
        """Tell the audit which thing is written to."""

    def announce(self, after: T, words: str) -> Reply:
        """Return the reply that tells ``words`` to the people concerned."""
        del after
        return Reply(words)

    def conclude(self, current: T, edit: Edit) -> Reply | Modal:
        """Write what is due, if anything is."""
        if not edit.due:
            subject = self.describe(current)
            return unchanged(self.ctx, subject, done=bool(edit.changed))
        self.check_unseen(current, edit)
        return self.change(current, edit.due, self.elsewhere(current, edit))

    def remarks(self, before: T, after: T, due: Mapping[str, Value]) -> Sequence[str]:
        """Return more lines of mrkdwn for the answer to a change."""
        del before, after, due
        return ()

    def change(
        self, current: T, due: Mapping[str, Value], kept: Sequence[str] = ()
    ) -> Reply:
        """Write values, and say old → new as incident.io answers.

        ``kept`` are the labels of what only somebody else changed.

        Raises:
            Refusal: incident.io applied none of them.
        """
        before = {f.name: f for f in fields_of(self.legible(current))}
        self.record_target(current)
        for name, value in due.items():
            self._note(before[name], before[name].with_value(value))
        after = self.write(current, due)
        became = {f.name: f for f in fields_of(self.legible(after))}
        for name in due.keys() & became.keys():
            self._note(before[name], became[name])
        changes = [(before[name], became.get(name)) for name in due]
        if not any(applied(old, new) for old, new in changes):
            answered = "incident.io accepted the request, but changed nothing."
            head = f"{self.describe(after)} was not changed: {answered}"
            words = "\n".join([head, *starmap(difference, changes)])
            raise Refusal(words, in_doubt=answered)
        more = [*others(kept), *self.remarks(current, after, due)]
        more += managed.after(self.managed(after))
        return self.announce(after, "\n".join([*self.said(after, changes), *more]))

    def said(
        self, after: T, changes: Sequence[tuple[Field, Field | None]]
    ) -> list[str]:
        """Return the lines, in mrkdwn, that say what was changed and by whom."""
        head = f"{self.describe(after)} was edited {by(self.ctx)}."
        return [head, *starmap(difference, changes)]

    def _note(self, old: Field, new: Field) -> None:
        if old.is_prose:
            was, now = (str(f.value or "") for f in (old, new))
            self.ctx.notes.rewrite(old.label, was, now)
            return
        was, now = (audit_text(self.ctx, f.value_text(LONGEST)) for f in (old, new))
        self.ctx.notes.change(old.label, was, now)


def unchanged(ctx: Context, subject: str, *, done: bool = False) -> Reply:
    """Answer that there is nothing to write.

    ``done`` says that the thing already is as the form says.
    """
    done = done or ctx.in_doubt
    return Reply(f"{subject} is already as the form says." if done else NOTHING)


def _written_out(ctx: Context, one: Input) -> Input:
    if not isinstance(one, Text) or not one.value:
        return one
    return replace(one, value=without_ids(ctx, one.value))


def fields_of(inputs: Iterable[Input]) -> list[Field]:
    """Return the inputs that hold a value: all but notes."""
    return [one for one in inputs if isinstance(one, Field)]


def problem(field: Field, value: Value) -> str | None:
    """Return why a field cannot take a value, in plain text; None where it can."""
    if not (value.strip() if isinstance(value, str) else value):
        return None if field.optional else "This cannot be empty."
    if isinstance(field, Number):
        return _number_problem(field, str(value))
    if isinstance(field, Menu) and not field.searched:
        chosen = {*value} if isinstance(value, tuple) else {str(value)}
        return None if chosen <= offered(field) else GONE
    return None


def _number_problem(field: Number, value: str) -> str | None:
    written = number(value)
    if written is None:
        return "Write a number."
    whole = field.decimal or "." not in written
    return None if whole else "Write a whole number."


GONE = "That option was deleted. Choose another."


def applied(old: Field, new: Field | None) -> bool:
    """Return whether a value changed; without a ``new`` field it counts as changed."""
    if new is None:
        return True
    return old.normalized(old.current_value) != new.normalized(new.current_value)


def difference(old: Field, new: Field | None) -> str:
    """Describe, in a line of mrkdwn, what incident.io made of a change."""
    if not applied(old, new):
        still = old.value_text()
        return (
            f"• {old.label_text} was not applied by incident.io: it is still {still}."
        )
    if new is None:
        return f"• {old.label_text} was changed."
    return f"• {old.label_text}: {old.value_text()} → {new.value_text()}"


def others(labels: Sequence[str]) -> list[str]:
    """Return a line that names what only somebody else changed; labels are mrkdwn."""
    if not labels:
        return []
    names = text.listed([*labels])
    return [
        f"Somebody else changed {names} since the form was opened. That change is kept."
    ]
