"""The forms that page people: whom, what about, and who would be paged now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from blocks.kit import fields, text
from blocks.kit.fields import (
    Choice,
    Choosable,
    Field,
    PeoplePicker,
    Text,
    Ticks,
    choosable,
)
from blocks.kit.form import Form, Note
from blocks.kit.people import people
from incidentio import EscalationPath, User

PAGE, REASSIGN = "page", "escalation.reassign"
LINK = "link"
LONGEST_TITLE = 200
LONG = "This is the beginning of your text. All of it is in the description."
CHANGED = "Who is on call has changed. No one was paged yet."
NOBODY = (
    "⚠️ *Nobody is on call* for {path} now. The page still goes from level to level, "
    "but may reach no one."
)


@dataclass(frozen=True, slots=True)
class PagePreview:
    """The people who would be paged at once; or ``problem``, why they are not known."""

    users: Sequence[User] = ()
    path: str | None = None
    """The name of the path; None where people were chosen."""
    problem: str | None = None
    limits: Sequence[str] = ()
    """Lines of mrkdwn about people who cannot react fully when paged."""


@dataclass(frozen=True, slots=True)
class PageTarget:
    """The recipients of a page, if chosen: a path, or people by Slack id."""

    path: str | None = None
    people: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PageDraft:
    """The contents of the form."""

    target: PageTarget
    paths: Sequence[EscalationPath]
    title: str | None = None
    description: str | None = None
    preview: PagePreview | None = None
    incident: str | None = None
    """The channel's incident, in plain text."""
    linked: bool = True
    no_paths: str | None = None
    """Why no path can be chosen."""
    notice: str | None = None
    shortened: bool = False
    """Whether the title is only the beginning of the description."""


def form(draft: PageDraft, memory: dict[str, str], *, sure: str | None = None) -> Form:
    """Draw the form.

    ``sure`` is a digest of the people shown: with it, the next submission pages them.
    """
    fields: list[Field | Note] = [
        *_confirmation(draft, sure),
        Text(
            name="title",
            label="What is it about",
            value=draft.title,
            max_length=LONGEST_TITLE,
            hint=LONG if draft.shortened else None,
        ),
        Text(
            name="description",
            label="Description",
            value=draft.description,
            multiline=True,
            optional=True,
        ),
        *_target(draft, show_preview=not sure),
        *_link(draft),
    ]
    remembered = {**memory, "sure": sure} if sure else memory
    return Form(
        id=PAGE,
        title="Page somebody",
        fields=fields,
        submit="Page now" if sure else "Page",
        memory=remembered,
    )


def reassignment(draft: PageDraft, about: str, memory: dict[str, str]) -> Form:
    """Draw the form; ``about`` is mrkdwn: the escalation, and who was paged for it."""
    once = (
        "You can reassign a page only once. The people paged so far are no longer "
        "notified."
    )
    notices = [Note(draft.notice)] if draft.notice else []
    return Form(
        id=REASSIGN,
        title="Reassign",
        fields=[
            *notices,
            Note(about),
            *_target(draft),
            Text(
                name="why",
                label="Why",
                value=draft.description,
                multiline=True,
                optional=True,
                hint="The people who are paged read it.",
            ),
            Note(once, small=True),
        ],
        submit="Reassign",
        memory=memory,
    )


def _confirmation(draft: PageDraft, sure: str | None) -> Iterable[Note]:
    if draft.notice:
        yield Note(draft.notice, level="error")
    if sure and draft.preview:
        words = f"{describe_preview(draft.preview)}\nPress *Page now* to do it."
        yield Note(words, level="warning")


def _target(draft: PageDraft, *, show_preview: bool = True) -> Iterable[Field | Note]:
    if draft.no_paths:
        yield Note(draft.no_paths, small=True)
    elif draft.paths:
        yield _path(draft)
    yield PeoplePicker(
        name="people",
        label="People",
        value=draft.target.people,
        optional=True,
        live=True,
        hint="Choose a path or people, not both.",
    )
    if draft.preview and show_preview:
        safe = draft.preview.users and not draft.preview.limits
        words = describe_preview(draft.preview)
        yield Note(words, level="info" if safe else "warning")
    elif not draft.preview:
        yield Note("Choose a path or people to see who is paged.", small=True)


def _path(draft: PageDraft) -> Field:
    return Choice(
        name="path",
        label="Escalation path",
        options=choosable(draft.paths),
        value=draft.target.path,
        source=fields.ESCALATION_PATH,
        optional=True,
        live=True,
    )


def _link(draft: PageDraft) -> Iterable[Field]:
    if draft.incident:
        yield Ticks(
            name="link",
            label="Incident",
            options=[Choosable(f"Link to {draft.incident}", LINK)],
            value=[LINK] if draft.linked else [],
        )


def describe_preview(preview: PagePreview) -> str:
    """Return who would be paged, in mrkdwn, for the person about to page."""
    if preview.problem:
        return preview.problem
    path = text.bold(preview.path) if preview.path else None
    if not preview.users:
        return NOBODY.format(path=path or "it")
    on = f" on {path}" if path else ""
    return "\n".join(
        [f"*This pages {people(preview.users)} now*{on}.", *preview.limits]
    )
