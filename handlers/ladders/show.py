"""``ladder``: who is told, and when, of follow-ups that nobody takes care of."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from blocks.kit import text
from blocks.ladders import listing as view
from blocks.ladders.form import HERE, ORGANISATION
from handlers.core.announce import by
from handlers.core.arguments.people import audit_text
from handlers.core.arguments.resolve import Rest
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.permissions import Level
from handlers.core.problems import Refusal, UsageError
from handlers.core.rules import describe_result
from incidentio.features import READING
from incidentio.lookup import normal
from reminders.ladder.ladder import Ladder, LadderStep
from reminders.ladder.sources import LADDER
from storage.rule import ACTIVE, PAUSED, Rule

group = Group("ladder", "Ladders", writes=READING)

WORDS = {"here": HERE, "channel": HERE, "": None, "organization": ORGANISATION}
EFFECT = Effect("The ladder", "changed")
FOR_ALL = group.operation("ladder organisation", Level.ADMINISTER)


@dataclass(frozen=True, slots=True)
class Scope:
    """The owner of a ladder: this channel, or the organisation."""

    word: str
    channel: str

    @property
    def id(self) -> str:
        """Return the id of the rule: each scope has one, whoever sets it."""
        return f"{LADDER}-{self.channel}" if self.channel else LADDER

    @property
    def named(self) -> str:
        whose = text.channel(self.channel) if self.channel else "the organisation"
        return f"the ladder of {whose}"


@group.command(
    "ladder [show]",
    effect=Effect("The ladder", "shown"),
    says=[
        "who nag",
        "who nagged",
        "who overdue",
        "who hears overdue",
        "who told overdue",
    ],
)
def show(ctx: Context) -> Reply:
    """Show who hears about overdue follow-ups, here and organisation-wide."""
    shown = [_shown(ctx, scope) for scope in scopes(ctx)]
    said = [text.unformatted(" ".join(view.lines(one))) for one in shown]
    return Reply("\n".join(said), view.listing(shown))


@group.command("ladder off", writes=True, effect=Effect("The ladder", "turned off"))
def off(ctx: Context, which: Rest | None = None) -> Reply:
    """Turn a ladder off; its steps are kept."""
    scope = scope_of(ctx, which)
    check(ctx, scope)
    rule = rule_of(ctx, scope)
    if rule is None or rule.state != ACTIVE:
        raise Refusal(f"{text.capital(scope.named)} is off already.")
    record_target(ctx, scope)
    ctx.notes.change("state", "on", "off")
    ctx.services.rules.pause(rule.id, f"Paused {by(ctx)}")
    words = f"{text.capital(scope.named)} is off, {by(ctx)}. It no longer tells anyone."
    return Reply(words, public=bool(scope.channel))


def scopes(ctx: Context) -> list[Scope]:
    """Return the scopes that are visible from here; a direct message has none."""
    everywhere = Scope(ORGANISATION, "")
    if ctx.channel[:1] in ("C", "G"):
        return [Scope(HERE, ctx.channel), everywhere]
    return [everywhere]


def scope_of(ctx: Context, which: str | None) -> Scope:
    """Return the scope that a word means; without one, this channel if it can be."""
    asked = normal(which or "")
    word = WORDS.get(asked, asked)
    found = [s for s in scopes(ctx) if word in (None, s.word)]
    if not found:
        typed = text.inline(asked, 60)
        raise UsageError(f"“{typed}” has no ladder: say `here` or `organisation`.")
    return found[0]


def check(ctx: Context, scope: Scope) -> None:
    """Check that the person may set the ladder; the organisation's needs more."""
    if not scope.channel:
        ctx.services.policy.check(ctx.user, ctx.channel, [FOR_ALL])


def rule_of(ctx: Context, scope: Scope) -> Rule | None:
    return ctx.services.rules.get(scope.id)


def record_target(ctx: Context, scope: Scope) -> None:
    """Note for the audit whose ladder is changed."""
    if scope.channel:
        ctx.directory.here()
    name = ctx.services.channels.name(scope.channel) if scope.channel else ""
    ctx.notes.on(LADDER, f"of #{name}" if name else "of the organisation", scope.id)


def audit_steps(ctx: Context, steps: tuple[LadderStep, ...]) -> str | None:
    """Return steps as the audit keeps them."""
    return audit_text(ctx, view.steps_text(steps_of(steps))) if steps else None


def steps_of(steps: tuple[LadderStep, ...]) -> list[view.ListedStep]:
    return [view.ListedStep(**asdict(step)) for step in steps]


def _shown(ctx: Context, scope: Scope) -> view.ListedLadder:
    rule = rule_of(ctx, scope)
    title = text.capital(scope.named)
    if rule is None:
        none = "Set it up to tell people about overdue follow-ups."
        return view.ListedLadder(title, scope.word, (), notes=[none])
    ladder = Ladder.of(rule)
    return view.ListedLadder(
        title,
        scope.word,
        steps_of(ladder.steps),
        on=rule.state == ACTIVE,
        notes=[*_teams(ctx, ladder), *_notes(rule)],
    )


def _teams(ctx: Context, ladder: Ladder) -> list[str]:
    if not ladder.teams:
        return []
    names = [text.inline(t.name) for t in ctx.catalog.teams() if t.id in ladder.teams]
    return [f"Follow-ups of {text.listed(names) or 'deleted teams'}."]


def _notes(rule: Rule) -> list[str]:
    if rule.state == PAUSED and rule.paused_because:
        return [f"{rule.paused_because}."]
    if rule.last_slot_at and rule.last_result:
        state, _, why = rule.last_result.partition(": ")
        last = describe_result(state, why)
        return [f"Last: {text.when(rule.last_slot_at)}, {last}."]
    return []
