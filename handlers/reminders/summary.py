"""``summary``: sums up a channel's incidents once a week, or now for one person."""

from __future__ import annotations

import re
from datetime import time

from slack_sdk.models.blocks import ActionsBlock

from blocks.kit import messages, text
from blocks.kit.fields import Value
from blocks.reminders import form as subscriptions
from blocks.reminders import summary_form as view
from handlers.core.announce import by
from handlers.core.arguments.resolve import Rest
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.problems import Refusal, UsageError
from handlers.core.read_failures import require_read
from handlers.core.rules import EDITORS, check_channel, join_channel
from handlers.reminders import drafts
from handlers.reminders.remind import base, chosen_in, follow, form_of, incident_of
from handlers.reminders.show import (
    GONE,
    about,
    announce,
    describe_rule,
    group,
    record_target,
    upcoming,
)
from handlers.reminders.team import team_here
from incidentio import Team
from incidentio.lookup import matches, normal
from incidentio.on_call.coverage import WEEKDAYS
from reminders.calendar.schedule import Recurrence
from reminders.digests.summary import SUMMARY, at_once, sources
from reminders.items.filters import DigestOptions
from reminders.sources.audience import InChannel
from reminders.sources.snapshots import MOMENTS_AGO
from storage.rule import Rule
from storage.rules import RuleChanges

MONDAY, SUNDAY, MORNING = 1, 7, time(9, 30)
WEEKLY: dict[str, Value] = {"rhythm": "weekly"}
NOW = "summary now"
EVERYONE = {"all", "everyone", "everyone's", "everyones", "all teams"}
EVERYTHING: dict[str, Value] = {
    "scope": subscriptions.ALL,
    "teams": (),
    "name": None,
}
JOINING = {"at", "on"}
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.h]([0-5]\d)", re.ASCII)


@group.command(
    "summary",
    writes=True,
    effect=Effect("The summary", "set"),
    says=["weekly summary", "weekly report", "summary every week"],
)
def summary(ctx: Context, words: Rest | None = None) -> Reply | Modal:
    """Post a weekly summary here: in a form, or `mon 9:30` at once."""
    known = _known(ctx)
    if words:
        when: RuleChanges = {"recurrence": str(_when(ctx, known, words.split()))}
        return _save(ctx, known, when if known else {**_usual(ctx), **when})
    if known:
        return edit(ctx, known)
    check_channel(ctx)
    return _form(ctx, **_first(ctx))


@group.command(
    NOW,
    effect=Effect("The summary", "shown"),
    says=[
        "stats",
        "statistics",
        "metrics",
        "numbers",
        "report",
        "how do we stand",
        "overview",
    ],
)
def now(ctx: Context, of: Rest | None = None) -> Reply:
    """Show the summary now to you alone: of this channel, a team or `all`."""
    rule = _asked(ctx, of)
    wanted = sources(rule)
    snapshot = ctx.services.outstanding.read(
        wanted, InChannel(ctx.channel), frozenset([ctx.channel]), within=MOMENTS_AGO
    )
    require_read(ctx, "The summary was not shown", snapshot, wanted)
    line = f"{NOW} {of}" if of else NOW
    message = at_once(snapshot, rule, line, ctx.now)
    whose, others = _whose(ctx, rule)
    turns = [
        messages.button(label, said, nth=nth, verb="turn")
        for nth, (label, said) in enumerate(others, start=1)
    ]
    row = [ActionsBlock(elements=turns)] if turns else []
    return Reply(message.text, [*message.blocks, messages.context(whose), *row])


def _asked(ctx: Context, of: str | None) -> Rule:
    """Return the rule of the summary that is asked for, set or not."""
    if not of:
        return _known(ctx) or _unset(ctx, _first(ctx))
    if normal(of) in EVERYONE:
        return _unset(ctx, {**_first(ctx), **EVERYTHING})
    return _unset(ctx, {**_first(ctx), **EVERYTHING, **_of_team(_team(ctx, of))})


def _team(ctx: Context, words: str) -> Team:
    known = ctx.catalog.teams()
    found = matches(known, words)
    whole = [team for team in found if normal(team.name) == normal(words)]
    if len(whole or found) == 1:
        return (whole or found)[0]
    names = [*(text.inline(team.name) for team in known), "`all`"]
    said = f"No team matches “{text.inline(words, 60)}”."
    raise UsageError(f"{said} Choose {text.listed(names, 'or')}.")


def _whose(ctx: Context, rule: Rule) -> tuple[str, list[tuple[str, str]]]:
    """Say what a summary is of; return labels and lines of what else can be shown."""
    options = DigestOptions.of(rule)
    named = [
        text.inline(t.name) for t in ctx.catalog.teams() if t.id in options.team_ids
    ]
    kinds = subscriptions.kinds_text(options.item_kinds)
    team, everyone = team_here(ctx), [("Show everyone's", f"{NOW} all")]
    if named:
        whose = f"{text.listed(named)}: {kinds} of the team, and of its incidents"
        return f"{text.capital(whose)}.", everyone
    if options.incident_id:
        return f"{text.capital(kinds)} of this incident.", everyone
    only = [(f"Only {team.name}", f"{NOW} {team.name}")] if team else []
    return f"{text.capital(kinds)} of everyone.", only


def edit(ctx: Context, rule: Rule) -> Modal:
    return Modal(view.weekly(form_of(ctx, rule).form))


EDITORS[SUMMARY] = edit


@group.submitted(view.NEW, effect=Effect("The summary", "set"), of="summary")
def created(ctx: Context, **values: Value) -> Reply:
    """Set the channel's one summary, or change it if somebody set it meanwhile."""
    return _save(ctx, _known(ctx), chosen_in({**values, **WEEKLY}, base(ctx)))


@group.submitted(view.EDIT, effect=Effect("The summary", "changed"), of="summary")
def edited(ctx: Context, **values: Value) -> Reply:
    """Change what the form shows, from its next time on."""
    before = ctx.services.rules.get(ctx.memory["id"])
    if before is None:
        raise Refusal(GONE)
    return _save(ctx, before, chosen_in({**values, **WEEKLY}, drafts.stored(before)))


def _followed(ctx: Context, **values: Value) -> Modal:
    """Redraw the form with the times that go with what was chosen."""
    return _form(ctx, **values)


for _form_id in (view.NEW, view.EDIT):
    for _name in view.LIVE:
        group.changed(_form_id, _name, of="summary")(_followed)


def _form(ctx: Context, **values: Value) -> Modal:
    return Modal(view.weekly(follow(ctx, **{**values, **WEEKLY}).form))


def _save(ctx: Context, before: Rule | None, changes: RuleChanges) -> Reply:
    """Change the summary ``before``; without one, set the first."""
    if before is None:
        return _set(ctx, changes)
    ctx.notes.within(incident_of(changes))
    record_target(ctx, before)
    drafts.keep_unknown(before, changes)
    drafts.note(ctx, drafts.before(before, changes), changes)
    changed = ctx.services.rules.update(before.id, **changes)
    if changed is None:
        raise Refusal(GONE)
    words = f"{describe_rule(changed)} was changed {by(ctx)}: {about(ctx, changed)}"
    return announce(ctx, changed, f"{words}. {upcoming(ctx, changed)}")


def _set(ctx: Context, chosen: RuleChanges) -> Reply:
    check_channel(ctx)
    ctx.notes.within(incident_of(chosen))
    ctx.notes.on("reminder", chosen.get("name") or "weekly summary")
    drafts.note(ctx, {}, chosen)
    rule = ctx.services.rules.create(
        kind=SUMMARY,
        channel=ctx.channel,
        created_by=ctx.user,
        rule_id=f"{SUMMARY}-{ctx.channel}",
        **chosen,
    )
    record_target(ctx, rule)
    what = about(ctx, rule)
    words = f"set for this channel a {what[:1].lower()}{what[1:]}"
    said = f"{text.mention(ctx.user)} {words}. {upcoming(ctx, rule)}"
    if DigestOptions.of(rule).team_ids:
        said = f"{said} `{ctx.slash} {NOW} all` shows everyone's."
    return Reply(said + join_channel(ctx, ctx.channel), public=True)


def _known(ctx: Context) -> Rule | None:
    found = ctx.services.rules.list(ctx.channel, kind=SUMMARY)
    return found[0] if found else None


def _first(ctx: Context) -> dict[str, Value]:
    """Return the draft of a new summary: of this incident, or of this team."""
    here = ctx.directory.here()
    team = None if here else team_here(ctx)
    return {
        **(_of_team(team) if team else {}),
        "kinds": tuple(subscriptions.ReminderDraft().kinds),
        "scope": here.id if here else subscriptions.ALL,
        "timezone": ctx.person.timezone,
    }


def _of_team(team: Team) -> dict[str, Value]:
    return {"teams": (team.id,), "name": team.name}


def _unset(ctx: Context, draft: dict[str, Value]) -> Rule:
    """Return the rule of a summary as if somebody had set it."""
    usual = chosen_in({**draft, **WEEKLY}, subscriptions.ReminderDraft())
    return Rule(
        id="",
        kind=SUMMARY,
        channel=ctx.channel,
        created_at=ctx.now,
        name=usual["name"],
        options=usual["options"].to_json(),
        recurrence=usual["recurrence"],
    )


def _usual(ctx: Context) -> RuleChanges:
    """Return the stored values of the usual summary."""
    return chosen_in({**_first(ctx), **WEEKLY}, base(ctx))


def _when(ctx: Context, known: Rule | None, words: list[str]) -> Recurrence:
    """Read a day and a time, in any order; one that is missing stays or is usual."""
    day, at, zone = MONDAY, MORNING, ctx.person.timezone
    if known:
        before = Recurrence.parse(known.recurrence or "")
        day, at, zone = before.day or SUNDAY, before.at or at, before.timezone
    for word in words:
        if (clock := CLOCK.fullmatch(word)) is not None:
            at = time(int(clock[1]), int(clock[2]))
        elif (number := _weekday(word)) is not None:
            day = number
        elif word not in JOINING:
            typed = text.inline(word, 40)
            raise UsageError(f"“{typed}” is neither a day nor a time. Say `mon 9:30`.")
    return Recurrence.weekly(day, at, zone)


def _weekday(word: str) -> int | None:
    """Return the number of a weekday, 1 for Monday; three letters are enough."""
    for number, name in enumerate(WEEKDAYS, start=1):
        if len(word) >= 3 and name.startswith(word.lower()):
            return number
    return None
