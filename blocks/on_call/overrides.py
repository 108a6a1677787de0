"""Overrides of schedules: the form, the list, and the messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block, MarkdownTextObject, SectionBlock

from blocks.kit import fields, messages, text
from blocks.kit.fields import (
    Choice,
    Choosable,
    Field,
    Moment,
    PersonPicker,
    choosable,
)
from blocks.kit.form import Form, Note
from blocks.kit.on_call import layer_text, sections, span, title
from blocks.kit.people import named, person
from incidentio import Override, Schedule, ScheduleEntry, User
from incidentio.on_call.layers import RotationLayer, covered

FORM = "override"
MOST_SHIFTS = 6
"""The most shifts that are shown where space is short."""


@dataclass(frozen=True, slots=True)
class Window:
    """A window of time in one layer, and what the schedule holds there."""

    start: datetime
    end: datetime
    final: Sequence[ScheduleEntry] = ()
    """The entries of people on call, cut at the edges of the window."""
    overrides: Sequence[ScheduleEntry] = ()
    """The overrides that exist already, not cut."""

    @property
    def people(self) -> list[User]:
        """Return everybody on call in the window, in order."""
        users = {s.user.id: s.user for s in self.final if s.user}
        return list(users.values())


@dataclass(frozen=True, slots=True)
class OverrideDraft:
    """The contents of the form."""

    schedule: Schedule
    layers: Sequence[RotationLayer]
    layer: RotationLayer | None
    user: str | None
    window: Window
    change: datetime | None = None
    """The next change of shifts after the start, if it is known."""
    problem: str | None = None
    """Why the schedule could not be read, in mrkdwn."""
    limits: Sequence[str] = ()
    """Lines of mrkdwn: why the person who takes over cannot react fully when paged."""


def form(schedules: Sequence[Schedule], draft: OverrideDraft | None) -> Form:
    fields: list[Field | Note] = [_schedule(schedules, draft)]
    if draft is None:
        fields.append(Note("Choose a schedule to see who is on call.", small=True))
    elif draft.layer is None:
        name = text.bold(draft.schedule.name)
        fields.append(
            Note(f"{name} has no active rotation, so there is nothing to override.")
        )
    else:
        fields += _rest(draft, draft.layer)
    return Form(
        id=FORM,
        title="Override",
        submit="Put on call",
        fields=fields,
        memory={"told": draft.user} if draft and draft.limits else {},
    )


def _schedule(schedules: Sequence[Schedule], draft: OverrideDraft | None) -> Field:
    chosen = draft.schedule if draft else None
    return Choice(
        name="schedule",
        label="Schedule",
        options=choosable(schedules),
        value=chosen.id if chosen else None,
        source=fields.SCHEDULE,
        live=True,
    )


def _rest(draft: OverrideDraft, layer: RotationLayer) -> Iterable[Field | Note]:
    if len(draft.layers) > 1:
        yield Choice(
            name="seat",
            label="Rotation and layer",
            options=[Choosable(s.name, s.key) for s in draft.layers],
            value=layer.key,
            live=True,
            fresh=draft.schedule.id,
        )
    yield PersonPicker(name="user", label="Who takes over", value=draft.user, live=True)
    yield from map(Note, draft.limits)
    yield Moment(name="start_at", label="From", value=draft.window.start, live=True)
    yield Moment(name="end_at", label="Until", value=draft.window.end, live=True)
    yield Note(draft.problem or "\n".join([displaced(draft.window), *_change(draft)]))


def _change(draft: OverrideDraft) -> Iterable[str]:
    """Yield when the shift ends, if that is not the end of the window."""
    if draft.change and draft.change != draft.window.end:
        yield f"Next handover: {text.when(draft.change)}."


def displaced(window: Window) -> str:
    """Describe who is on call in the window now, and what prevents an override."""
    if window.end <= window.start:
        return "The end has to be after the start."
    between = f"from {text.when(window.start)} until {text.when(window.end)}"
    lines = [f"As it stands, on call {between}:", *_shifts(window.final)]
    if not window.final:
        lines = [f"*Nobody is on call* {between}."]
    elif not covered(window.final, window.start, window.end):
        lines.append("*Nobody is on call* for part of it.")
    if window.overrides:
        lines.append("⚠️ There is an override already. Choose a time outside it:")
        lines += _shifts(window.overrides)
    return "\n".join(lines)


def _shifts(shifts: Sequence[ScheduleEntry]) -> list[str]:
    """Return a line for each of the first shifts."""
    lines = [f"• {person(s.user)}, {span(s)}" for s in shifts[:MOST_SHIFTS]]
    left = len(shifts) - MOST_SHIFTS
    return [*lines, f"• and {left} more"] if left > 0 else lines


def where(schedule: Schedule, layer: RotationLayer) -> str:
    """Return ``Platform, Primary · Layer 1``."""
    return ", ".join(filter(None, [title(schedule), layer_text(layer.name)]))


def created(where: str, new: User, window: Window, by: str) -> str:
    """Describe what the override changed; ``by`` is a Slack id."""
    before = [person(user) for user in window.people if user.id != new.id]
    was = f" (was {text.listed(before)})" if before else ""
    return (
        f"{where}: {person(new)} is on call from {text.when(window.start)} until "
        f"{text.when(window.end)}{was}, by {text.mention(by)}."
    )


def is_as_asked(
    after: Sequence[ScheduleEntry] | None, new: User, window: Window
) -> bool:
    """Return whether one shift of the new person is all that the window has now."""
    if after is None or len(after) != 1 or after[0].user is None:
        return False
    return covered(after, window.start, window.end) and after[0].user.id == new.id


def outcome(after: Sequence[ScheduleEntry] | None) -> str:
    """Return who is on call after the change; ``after`` is None if not readable."""
    if after is None:
        return "incident.io did not say who is on call now."
    return "\n".join(["On call during this time:", *_shifts(after)])


def not_told(people: Sequence[User]) -> str:
    """Name the people concerned who have no Slack account."""
    if not people:
        return ""
    names = text.listed([text.inline(named(user), 80) for user in people])
    return f"Not told, as incident.io links no Slack account to them: {names}."


def confirmation(words: str, schedule: Schedule) -> list[Block]:
    """Draw the answer to the person who made the change."""
    return [*sections(words.split("\n")), _next(schedule)]


def confirmation_blocks(words: str, schedule: Schedule) -> list[Block]:
    """Draw the direct message to the people concerned."""
    return [messages.section(words), _next(schedule)]


def _next(schedule: Schedule) -> Block:
    return messages.buttons(
        [
            ("On call", f"oncall {schedule.id}"),
            ("Coming shifts", f"schedule entries {schedule.id}"),
            ("Overrides", f"overrides {schedule.id}"),
        ]
    )


def to_new(where: str, window: Window, replaced: Sequence[User], by: str) -> str:
    instead = text.listed([person(user) for user in replaced])
    of = f" in place of {instead}" if instead else ""
    return (
        f"You are on call for {where} from {text.when(window.start)} until "
        f"{text.when(window.end)}{of}. {text.mention(by)} asked for it."
    )


def to_displaced(where: str, window: Window, new: User, by: str) -> str:
    asked = "" if new.slack_user_id == by else f" {text.mention(by)} asked for it."
    return (
        f"{person(new)} is on call for {where} from {text.when(window.start)} until "
        f"{text.when(window.end)} in your place.{asked}"
    )


def listing(
    rows: Sequence[tuple[Override, str]], schedule: Schedule, *, now: datetime
) -> list[Block]:
    """List overrides, each with the name of its layer."""
    heading = f"Overrides of {title(schedule)}, current and coming:"
    none = [] if rows else ["None. The rotation applies."]
    buttons = [
        ("Override", f"override {schedule.id}"),
        ("Coming shifts", f"schedule entries {schedule.id}"),
    ]
    origin = f"overrides {schedule.id}"
    return [
        *sections([heading, *none]),
        *(
            _row(override, _line(override, layer, now), f"{origin}#{n}")
            for n, (override, layer) in enumerate(rows, 2)
        ),
        messages.buttons(buttons, block_id=f"{origin}#1"),
    ]


def _row(override: Override, line: str, block_id: str) -> Block:
    sure = f"Delete this override? The rotation applies again.\n{line}"
    delete = messages.button(
        "Delete", f"override delete {override.id}", style="danger", sure=sure
    )
    words = MarkdownTextObject(text=text.clip(line, text.SECTION))
    return SectionBlock(block_id=block_id, text=words, accessory=delete)


def _line(override: Override, layer: str, now: datetime) -> str:
    start, end = text.when(override.start_at), text.when(override.end_at)
    when = f"now, until {end}" if override.start_at <= now else f"{start} to {end}"
    where = f" · {layer_text(layer)}" if layer else ""
    return f"{person(override.user)}{where}: {when}"


def deleted(where: str, override: Override, gone: User | None, by: str) -> str:
    """Describe what was deleted; ``by`` is a Slack id."""
    return (
        f"{where}: the override of {person(gone)} {_span(override)} was deleted, "
        f"by {text.mention(by)}."
    )


def to_gone(where: str, override: Override, back: Sequence[User], by: str) -> str:
    now = text.listed([person(user) for user in back])
    instead = f" {now} {'is' if len(back) == 1 else 'are'} instead." if now else ""
    return (
        f"You are no longer on call for {where} {_span(override)}: "
        f"{text.mention(by)} deleted the override.{instead}"
    )


def to_back(where: str, override: Override, by: str) -> str:
    return (
        f"You are on call again for {where} {_span(override)}: {text.mention(by)} "
        "deleted the override."
    )


def _span(override: Override) -> str:
    return f"from {text.when(override.start_at)} until {text.when(override.end_at)}"
