"""``reminders``: what this channel is reminded of, and when; pause, run, delete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from blocks.kit import messages, outstanding, text
from blocks.kit.fields import Choosable
from blocks.reminders import form
from blocks.reminders import form as view
from handlers.core.announce import by
from handlers.core.arguments.people import audit_text
from handlers.core.arguments.resolve import FIRST, Page, Rest, resolves
from handlers.core.command import Effect, Group, Post, Reply
from handlers.core.context import Context
from handlers.core.pages import at_page, paginate
from handlers.core.problems import Ambiguous, Refusal, UsageError
from handlers.core.rules import DESCRIPTIONS, describe_result, is_listed, kind_name
from handlers.reminders import filters
from incidentio.errors import IncidentioError
from incidentio.features import READING
from incidentio.lookup import normal
from reminders.calendar.schedule import Recurrence, describe, next_times
from reminders.digests.channel import drawn
from reminders.items.filters import DigestOptions
from storage.rule import ACTIVE, PAUSED, Rule
from storage.rules import CHANNEL
from storage.slot import FAILED, SENT, Slot

group = Group("reminder", "Reminders", writes=READING)

MINE = ("all", "mine")
ON_A_PAGE = 20
GONE = "That reminder was deleted."


@group.command(
    "reminders",
    effect=Effect("The reminders", "listed", "were"),
    says=["which reminders set up", "reminders set", "reminders here"],
)
def list_(ctx: Context, which: Rest | None = None, page: Page = FIRST) -> Reply:
    """List this channel's reminders; or all of yours, with `mine`."""
    asked = normal(which or "")
    if asked and asked not in MINE:
        raise UsageError(f"“{text.inline(asked, 60)}” is neither `mine` nor nothing.")
    stored = _listed(ctx, None if asked else ctx.channel)
    found = [s for s in stored if not asked or s.created_by == ctx.user]
    line = "reminders mine" if asked else "reminders"
    part = paginate(found, page, ON_A_PAGE)
    shown = [_shown(ctx, rule, mine=bool(asked)) for rule in part.shown]
    words = f"{text.count(len(found), 'reminder')} {'of yours' if asked else 'here'}"
    titles = "".join(f"\n{s.title}: {s.about}" for s in shown)
    blocks = form.listing(shown, at_page(line, part.number))
    turner = messages.pager(line, part.number, more=part.more)
    return Reply(words + titles, [*blocks, *turner])


@group.command(
    "reminder pause",
    writes=True,
    effect=Effect("The reminder", "paused"),
    aliases=["pause reminder"],
    says=["stop reminder", "mute reminder"],
)
def pause(ctx: Context, reminder: Rule) -> Reply:
    """Pause a reminder until it is resumed."""
    words = f"Paused {by(ctx)}"
    record_target(ctx, reminder)
    ctx.notes.change("state", reminder.state, PAUSED)
    if ctx.services.rules.pause(reminder.id, words) is None:
        raise Refusal(GONE)
    paused = f"{describe_rule(reminder)} is paused, {by(ctx)}."
    return announce(
        ctx, reminder, f"{paused} `{ctx.slash} reminder resume` resumes it."
    )


@group.command(
    "reminder resume",
    writes=True,
    effect=Effect("The reminder", "resumed"),
    aliases=["resume reminder"],
    says=["start reminder", "unpause reminder"],
)
def resume(ctx: Context, reminder: Rule) -> Reply:
    """Resume a paused reminder."""
    record_target(ctx, reminder)
    ctx.notes.change("state", reminder.state, ACTIVE)
    resumed = ctx.services.rules.resume(reminder.id)
    if resumed is None:
        raise Refusal(GONE)
    words = f"{describe_rule(reminder)} goes on, {by(ctx)}. {upcoming(ctx, resumed)}"
    return announce(ctx, reminder, words)


@group.command(
    "reminder run",
    writes=True,
    effect=Effect("The reminder", "sent"),
    aliases=["run reminder", "send reminder"],
)
def run(ctx: Context, reminder: Rule) -> Reply:
    """Send a reminder now, besides its usual times."""
    key = ctx.idempotency_key
    record_target(ctx, reminder)
    if ctx.services.rules.run_now(reminder.id, ctx.user, key=key) is None:
        raise Refusal(GONE)
    where = text.channel(reminder.own_channel)
    words = f"{describe_rule(reminder)} is sent to {where} now, unless it is empty."
    if reminder.state != ACTIVE:
        words = f"{words} It stays paused all the same. {_paused(reminder)}"
    elif (reminder.last_result or "").startswith(FAILED):
        words = f"{words} The last time: {_result(reminder)}."
    return Reply(words)


@group.command(
    "reminder delete",
    writes=True,
    effect=Effect("The reminder", "deleted"),
    aliases=["delete reminder"],
    says=["remove reminder", "cancel reminder"],
)
def delete(ctx: Context, reminder: Rule) -> Reply:
    """Delete a reminder."""
    record_target(ctx, reminder)
    ctx.notes.change("reminder", audit_text(ctx, about(ctx, reminder)), None)
    was = about(ctx, reminder)
    words = f"{describe_rule(reminder)} was deleted, {by(ctx)}. It was: {was}."
    if not ctx.services.rules.delete(reminder.id):
        raise Refusal(GONE)
    return announce(ctx, reminder, words)


def record_target(ctx: Context, reminder: Rule) -> None:
    """Note for the audit which reminder is changed."""
    ctx.notes.within(DigestOptions.of(reminder).incident_id)
    ctx.notes.on(
        "reminder", reminder.name or audit_text(ctx, about(ctx, reminder)), reminder.id
    )


def announce(ctx: Context, reminder: Rule, words: str) -> Reply:
    """Announce a change of a channel's reminder in that channel."""
    if ctx.channel == reminder.channel:
        return Reply(words, public=True)
    return Reply(words, posts=[Post(reminder.own_channel, words)])


@group.command("reminder show", hidden=True)
def show(ctx: Context, slot: str) -> Reply:
    """Show what a reminder that was sent would say now."""
    drawn = ctx.services.redrawn(slot, ctx.channel)
    if drawn is None:
        raise Refusal(GONE)
    return Reply(drawn.text, drawn.blocks, answers=True)


@group.command("reminder items", hidden=True)
def items(ctx: Context, slot: str, page: Page = FIRST) -> Reply:
    """List all that a reminder that was sent is about now, to you alone."""
    found = ctx.services.about(slot, ctx.channel, ctx.directory)
    if found is None:
        raise Refusal(GONE)
    snapshot, about_now = found
    part = paginate(about_now, page, ON_A_PAGE)
    lines = [
        drawn(snapshot, item, snapshot.cases[item.incident_id]) for item in part.shown
    ]
    heading = f"{text.count(len(about_now), 'item')} outstanding"
    line = f"{outstanding.SHOW_ALL} {slot}"
    blocks = outstanding.listing(heading, lines, ctx.now, at_page(line, part.number))
    turner = messages.pager(line, part.number, more=part.more)
    said = [heading, *(outstanding.spoken(one, ctx.now) for one in lines)]
    return Reply(text.clip("\n".join(said), text.MESSAGE), [*blocks, *turner])


def _listed(ctx: Context, channel: str | None) -> list[Rule]:
    rules = ctx.services.rules.list(channel)
    return [rule for rule in rules if is_listed(rule)]


@resolves(Rule)
def _reminder(ctx: Context, words: list[str], required: bool) -> Rule | None:
    """Resolve an id; without one ask which of this channel's reminders."""
    known = ctx.services.rules
    if words:
        found = known.get(words.pop(0))
        if (
            found is None
            or not is_listed(found)
            or (ctx.channel != found.channel and ctx.user != found.created_by)
        ):
            raise Refusal(f"{GONE} `{ctx.slash} reminders` lists those there are.")
        return found
    if not required:
        return None
    here = _listed(ctx, ctx.channel)
    if not here:
        raise UsageError("No reminder is set in this channel.")
    options = [Choosable(s.name or about(ctx, s), s.id) for s in here]
    raise Ambiguous("Which reminder?", options)


def _shown(ctx: Context, rule: Rule, *, mine: bool) -> form.ListedReminder:
    active = rule.state == ACTIVE
    notes = [upcoming(ctx, rule) if active else _paused(rule)]
    if rule.last_slot_at:
        at = text.when(rule.last_slot_at)
        notes.append(f"Last: {at}, {_result(rule)}")
    notes += filters.lost_warning(ctx, rule)
    where = f"{text.channel(rule.own_channel)}: " if mine else ""
    return form.ListedReminder(
        id=rule.id,
        title=title(rule),
        about=f"{where}{about(ctx, rule)}",
        active=active,
        notes=notes,
    )


def _paused(rule: Rule) -> str:
    """Describe why it is paused; a person's reason is stored as it is shown."""
    why = rule.paused_because or ""
    if not why or why.startswith("Paused"):
        return f"{why or 'Paused'}."
    return f"Paused: {text.inline(why)}."


def _result(rule: Rule) -> str:
    """Describe the last message's result: ``not sent: the channel is archived``."""
    state, _, why = (rule.last_result or "").partition(": ")
    return describe_result(state, why)


def describe_rule(rule: Rule) -> str:
    name, what = rule.name, kind_name(rule.kind)
    return f"The {what} “{text.inline(name, 80)}”" if name else f"The {what}"


def title(rule: Rule) -> str:
    what = kind_name(rule.kind).capitalize()
    return text.inline(rule.name or what, 80)


def about(ctx: Context, rule: Rule) -> str:
    """Describe a reminder: ``Follow-ups of all incidents, weekdays at 09:30``."""
    if rule.kind in DESCRIPTIONS:
        return DESCRIPTIONS[rule.kind](ctx, rule)
    kinds, what = view.kinds_text(DigestOptions.of(rule).item_kinds), "Outstanding"
    if rule.kind != CHANNEL:
        what = f"{kind_name(rule.kind).capitalize()} of"
    parts = [f"{what} {kinds} of {_scope(ctx, rule)}"]
    parts += filters.describe(ctx, rule)
    parts.append(text.escape(describe(Recurrence.parse(rule.recurrence or ""))))
    return ", ".join(parts)


def _scope(ctx: Context, rule: Rule) -> str:
    """Name the incident of a reminder about one, if the person may see it."""
    id_ = DigestOptions.of(rule).incident_id
    if not id_:
        return "all incidents"
    live = (i for i in ctx.directory.live() if i.id == id_)
    try:
        incident = next(live, None) or ctx.directory.incident(id_)
    except IncidentioError:
        return "one incident"
    return text.inline(incident.reference)


def upcoming(ctx: Context, rule: Rule) -> str:
    if not rule.recurrence:
        return "Next: when there is something to say."
    moments = next_times(Recurrence.parse(rule.recurrence), ctx.now, 3)
    return f"Next: {text.listed([text.when(moment) for moment in moments])}."


MOST = 20


TOGETHER = 5
"""The most lines of one section."""


LATE = timedelta(minutes=5)


NOTHING = "The bot has said nothing here on its own, and left nothing out."


@group.command(
    "reminder history",
    effect=Effect("The history", "shown"),
    says=["reminders sent", "what reminded"],
)
def history(ctx: Context, which: Rest | None = None) -> Reply:
    """Show which messages were sent here lately, which not and why; `mine`: to you."""
    asked = normal(which or "")
    if asked not in ("", "mine"):
        raise UsageError(f"“{text.inline(asked, 60)}” is neither `mine` nor nothing.")
    mine = bool(asked) or ctx.channel.startswith("D")
    found = ctx.services.rules.recent_slots(ctx.user if mine else ctx.channel, MOST)
    lines = [_line(slot, kind) for slot, kind in found] or [NOTHING]
    title = f"What the bot told {'you' if mine else 'this channel'} on its own"
    said = text.unformatted("\n".join([title, *lines]))
    blocks = [messages.section(part) for part in _parts(text.bold(title), lines)]
    return Reply(said, blocks)


def _line(slot: Slot, kind: str) -> str:
    """Return a line: ``• Mon 09:30: weekly summary, sent``; say if it was late."""
    words = describe_result(slot.state, slot.reason)
    left = slot.finished_at
    if slot.state == SENT and left and left - slot.slot_at > LATE:
        words = f"{words} {text.when(left)}"
    return f"• {text.when(slot.slot_at)}: {kind_name(kind)}, {words}"


def _parts(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield title
    for start in range(0, len(lines), TOGETHER):
        yield "\n".join(lines[start : start + TOGETHER])
