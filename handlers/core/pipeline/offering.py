"""Removes from a form the fields that the person may not use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from blocks.kit import text
from blocks.kit.fields import Field
from blocks.kit.form import Form, Note
from handlers.core.context import Context
from handlers.core.permissions import Level, Operation


def offered(
    ctx: Context, form: Form, by_field: Mapping[str, Sequence[Operation]]
) -> Form:
    """Return the form without the fields whose operations the person may not perform.

    A note names these fields and the level that they need. ``by_field``: operations by
    the name of a field.
    """
    withheld = {
        field.name: needed
        for field in form.fields
        if isinstance(field, Field)
        and (needed := _lacking(ctx, by_field.get(field.name, ())))
    }
    if not withheld:
        return form
    kept = [f for f in form.fields if isinstance(f, Note) or f.name not in withheld]
    left = [f for f in form.fields if isinstance(f, Field) and f.name in withheld]
    need = ctx.services.policy.need(max(withheld.values()))
    return replace(form, fields=[*kept, _note(left, need)])


def _lacking(ctx: Context, operations: Sequence[Operation]) -> Level | None:
    """Return the level that the operations need; None if the person has it."""
    policy = ctx.services.policy
    needed = policy.needed(operations)
    return None if policy.allows(ctx.user, ctx.channel, needed) else needed


def _note(withheld: Sequence[Field], need: str) -> Note:
    labels = text.listed([f"*{field.label_text}*" for field in withheld])
    return Note(f"Not in this form: {labels}. You need {need}.", small=True)
