"""The result of an edit, from the values shown, typed and current.

A form remembers fingerprints of what it showed. When it is submitted, what was typed is
compared with them and with what is there now, so that nothing is written that nobody
touched, and nothing that somebody else set is replaced unseen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from blocks.kit.fields import Field, Value, short_hash
from blocks.kit.form import Note

LONGEST_KEY = 16
"""A form remembers at most 3,000 characters: longer names of fields are shortened."""

WORKFLOW, PATH = 6, 4
"""Digits of fingerprints in forms that earlier versions drew of these resources."""

Input = Field | Note


@dataclass(frozen=True, slots=True)
class Edit:
    """The result of an edit: names of fields, and the values typed into them.

    ``changed``: typed values that differ from what the form showed. ``due``: those of
    them that also differ from the current value, and must be written. ``overtaken``:
    due, but somebody else changed them too. ``kept``: changed only by somebody else.
    ``lost``: changed, but the form can no longer show them.
    """

    changed: Mapping[str, Value]
    due: Mapping[str, Value]
    overtaken: Sequence[str]
    kept: Sequence[str]
    lost: Sequence[str]

    @classmethod
    def of(
        cls, was: Mapping[str, str], typed: Mapping[str, Value], now: Iterable[Field]
    ) -> Edit:
        """Compare shown (``was``: fingerprints), typed and current values (``now``)."""
        fields = {field.name: field for field in now}
        changed = {n: v for n, v in typed.items() if not _showed(was, fields, n, v)}
        due = {
            name: value
            for name, value in changed.items()
            if name in fields and not _is_now(fields[name], value)
        }
        others = [
            name
            for name, field in fields.items()
            if _known(was, name) and not _showed(was, fields, name, field.current_value)
        ]
        return cls(
            changed,
            due,
            overtaken=[name for name in others if name in due],
            kept=[name for name in others if name not in changed],
            lost=[name for name in changed if name not in fields],
        )


def fingerprints(fields: Iterable[Field]) -> dict[str, str]:
    """Return what a form remembers of what it shows, by the names of its fields."""
    return {key(f.name): f.fingerprint(f.current_value) for f in fields}


def key(name: str) -> str:
    """Return the name under which a form remembers a field."""
    return name if len(name) <= LONGEST_KEY else short_hash(name, 6)


def _known(was: Mapping[str, str], name: str) -> str | None:
    return was.get(name) or was.get(short_hash(name, 6))


def _showed(
    was: Mapping[str, str], fields: Mapping[str, Field], name: str, value: Value
) -> bool:
    """Return whether the form showed this value.

    For a field without a fingerprint, return whether it is the current value.
    """
    known = _known(was, name)
    field = fields.get(name) or Field(name=name, label=name)
    if known is None:
        return name in fields and _is_now(field, value)
    writings = (field.normalized(value), _as_before(value, len(known)))
    return known in {short_hash(words, len(known)) for words in writings}


def _is_now(field: Field, value: Value) -> bool:
    return field.normalized(value) == field.normalized(field.current_value)


def _as_before(value: Value, length: int) -> str:
    """Return a value as earlier versions wrote it for a digest of this length.

    Their forms may be open while the bot is updated: of workflows with 6 digits, of
    paths with 4, of all others with 8.
    """
    if isinstance(value, tuple):
        written = {WORKFLOW: json.dumps(sorted(value)), PATH: _compact(value)}
        return written.get(length, "\n".join(value))
    words = f"{value:%H:%M}" if isinstance(value, time) else str(value or "")
    written = {WORKFLOW: " ".join(words.split()), PATH: _compact(words.strip())}
    return written.get(length, words)


def _compact(value: str | tuple[str, ...]) -> str:
    return json.dumps(value, separators=(",", ":"))


def conflict(field: Field) -> Note:
    """Return a note about a field that somebody else changed as well."""
    return Note(overtaken(f"*{field.label_text}* to {field.value_text()}"))


def overtaken(what: str) -> str:
    """Return in mrkdwn that somebody else changed ``what``."""
    return (
        f"Somebody else changed {what} since this form was opened. "
        "Save again to replace it."
    )


def redrawn(inputs: Sequence[Input], edit: Edit) -> Iterator[Input]:
    """Yield the inputs with typed values, and notes about changes by somebody else."""
    for one in inputs:
        if isinstance(one, Note):
            yield one
            continue
        if one.name in edit.overtaken:
            yield conflict(one)
        if one.name in edit.changed:
            yield one.with_value(edit.changed[one.name])
        elif one.name in edit.kept:
            yield replace(one, fresh=one.fingerprint(one.current_value))
        else:
            yield one
