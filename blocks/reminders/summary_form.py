"""The form for the weekly summary: that for a reminder, but for what a week decides."""

from __future__ import annotations

from blocks.kit.form import Form

NEW, EDIT = "summary.new", "summary.edit"

LEFT_OUT = {"rhythm", "cron", "age", "overdue"}
"""It is weekly, and counts what is new and what is late with all the rest."""

LIVE = ("day", "at", "timezone")


def weekly(form: Form) -> Form:
    """Make it of the form for a reminder that is due once a week."""
    new = "id" not in form.memory
    return Form(
        id=NEW if new else EDIT,
        title="Weekly summary",
        submit="Save",
        fields=[field for field in form.fields if field.name not in LEFT_OUT],
        memory=form.memory,
    )
