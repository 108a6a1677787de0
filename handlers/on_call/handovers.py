"""``handover``: tells a channel of handovers, and of times with nobody on call."""

from __future__ import annotations

from datetime import time

from blocks.kit import messages, text
from blocks.kit.fields import Choosable, choosable
from blocks.on_call import handover_form as view
from handlers.core.announce import by
from handlers.core.arguments.resolve import Rest
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.problems import Ambiguous, FieldErrors, Refusal
from handlers.core.rules import DESCRIPTIONS, EDITORS, check_channel, join_channel
from handlers.on_call import handover_rules as rules
from incidentio import Schedule
from incidentio.features import ON_CALL
from incidentio.lookup import normal
from reminders.on_call.gaps import GAPS
from reminders.on_call.handovers import HANDOVER
from storage.rule import Rule

group = Group("handover", "Handovers", reads=ON_CALL, writes=ON_CALL, rank=3)

ALL = "all"
NONE = "This channel gets no handover messages. `{slash} handover` sets them up."


@group.command("handover", says=["handoff", "announce handovers", "handover reminders"])
def handover(ctx: Context, schedule: Schedule | None = None) -> Modal:
    """Announce handovers in this channel, and warn of times with nobody on call."""
    check_channel(ctx)
    known = ctx.catalog.schedules()
    if not known:
        raise Refusal("incident.io has no schedules, so there are no handovers.")
    here = rules.here(ctx)
    more = [schedule.id] if schedule else []
    options = choosable(known)
    return Modal(view.form(options, rules.draft(here, more)))


@group.submitted(
    view.FORM, effect=Effect("The handovers", "set", "were"), of="handover"
)
def set_(
    ctx: Context,
    *,
    schedule: tuple[str, ...] = (),
    minutes: str = "0",
    gaps: tuple[str, ...] = (),
    day: str = "1",
    at: time | None = None,
) -> Reply:
    """Make this channel's rules what the form says, however often it arrives."""
    if not schedule:
        raise FieldErrors({"schedule": "Choose at least one."})
    wanted = rules.WantedHandovers(int(minutes), bool(gaps), int(day), at or time(9))
    known = {s.id: s for s in ctx.catalog.schedules()}
    chosen = [known[id_] for id_ in schedule if id_ in known]
    here = rules.here(ctx)
    _note(ctx, here, [s.name for s in chosen], wanted.words)
    for one in chosen:
        rules.set_rules(ctx, one, wanted)
    for rule in here:
        if rules.schedule_of(rule) not in schedule:
            ctx.services.rules.delete(rule.id)
    names = text.listed([text.bold(s.name) for s in chosen])
    words = (
        f"This channel gets a message about each handover of {names}, {wanted.words}"
    )
    said = f"{words}. Set {by(ctx)}.{join_channel(ctx, ctx.channel)}"
    return Reply("\n".join([said, *rules.unread_zones(chosen)]), public=True)


@group.command("handovers", effect=Effect("The handovers", "listed", "were"))
def list_(ctx: Context) -> Reply:
    """List the handover messages that this channel gets."""
    here = rules.here(ctx)
    if not here:
        words = NONE.format(slash=ctx.slash)
        step = messages.buttons([("Set handovers", "handover")])
        return Reply(words, [messages.section(words), step])
    lines = [f"• {rules.about(ctx, rule)}{rules.state(rule)}" for rule in here]
    said = "\n".join(["*This channel gets messages about*", *lines])
    steps = [("Change", "handover"), ("Reminders", "reminders")]
    blocks = [messages.section(said), messages.buttons(steps)]
    return Reply(text.unformatted(said), blocks)


@group.command(
    "handover off", writes=True, effect=Effect("The handovers", "turned off", "were")
)
def off(ctx: Context, which: Rest | None = None) -> Reply:
    """Stop handover messages in this channel, for one schedule or `all`."""
    here = rules.here(ctx)
    if not here:
        raise Refusal(NONE.format(slash=ctx.slash))
    if which is None:
        raise _which(ctx, here)
    gone = here if normal(which) == ALL else rules.of(ctx, here, which)
    if not gone:
        shown = text.inline(which, 60)
        raise Refusal(f"This channel gets no messages about handovers of “{shown}”.")
    kept = [rule for rule in here if rule not in gone]
    _note(ctx, here, rules.names(ctx, kept), None)
    names = text.listed([text.bold(name) for name in rules.names(ctx, gone)])
    for rule in gone:
        ctx.services.rules.delete(rule.id)
    said = f"This channel no longer gets messages about handovers of {names}."
    return Reply(f"{said} Set {by(ctx)}.", public=True)


def _which(ctx: Context, here: list[Rule]) -> Ambiguous:
    found = zip(rules.schedules(here), rules.names(ctx, here), strict=True)
    options = [Choosable("All", ALL), *(Choosable(name, id_) for id_, name in found)]
    question = "Stop handover messages for which schedule?"
    asked = Ambiguous(question, options)
    asked.line = f"handover off {text.BLANK}"
    return asked


def _note(ctx: Context, before: list[Rule], after: list[str], how: str | None) -> None:
    ctx.notes.on("handovers", "of a channel", ctx.channel)
    old, new = text.listed(rules.names(ctx, before)), text.listed(after)
    ctx.notes.change("schedules", old or None, new or None)
    if how:
        ctx.notes.change("told", None, how)


def _edit(ctx: Context, _: Rule) -> Modal:
    return handover(ctx)


for _kind in (HANDOVER, GAPS):
    DESCRIPTIONS[_kind] = rules.about
    EDITORS[_kind] = _edit
