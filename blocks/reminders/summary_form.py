"""The form for the weekly summary: the reminder's, without some fields."""

from __future__ import annotations

from blocks.kit.form import MORE, Form

NEW, EDIT = "summary.new", "summary.edit"

LEFT_OUT = {"rhythm", "cron", "age", "overdue"}
"""A summary is weekly, and counts items of any age, late or not."""

LIVE = ("day", "at", "timezone", MORE)


def weekly(form: Form) -> Form:
    """Return the form for a summary, made from that for a weekly reminder."""
    new = "id" not in form.memory
    return Form(
        id=NEW if new else EDIT,
        title="Weekly summary",
        submit="Save",
        fields=[field for field in form.fields if field.name not in LEFT_OUT],
        memory=form.memory,
        later=form.later,
        rest="filters by severity, owner and more; the time zone; a name",
    )
