"""``ladder edit`` and ``ladder preview``: a ladder is previewed before it is on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any, cast

from blocks.kit import text
from blocks.kit.fields import Choosable, Value, choosable
from blocks.kit.form import Form
from blocks.ladders import form as forms
from blocks.ladders import listing as view
from handlers.core.announce import by
from handlers.core.arguments.resolve import Rest
from handlers.core.command import Modal, Reply
from handlers.core.context import Context
from handlers.core.problems import FieldErrors, Refusal
from handlers.core.read_failures import require_read
from handlers.core.rules import join_channel
from handlers.ladders import show as ladders
from handlers.ladders.show import (
    Scope,
    group,
    record_target,
    rule_of,
    scope_of,
    steps_of,
)
from reminders.ladder.ladder import Ladder, LadderOptions, LadderStep, in_order
from reminders.ladder.notices import PARTS
from reminders.ladder.preview import preview as foreseen
from reminders.ladder.sources import LADDER
from reminders.sources.audience import InChannel
from reminders.sources.snapshots import MOMENTS_AGO
from storage.rule import ACTIVE

USUAL = {"owner": "0", "lead": "3", "channel": "5"}
"""What a form suggests where there is no ladder yet."""
MOST_TEAMS = 50
"""The most teams that a form can remember."""
NO_TEAMS = "Choose a team: this is not an incident's channel."


@group.command(
    "ladder edit", aliases=["edit ladder"], says=["change ladder", "set ladder"]
)
def edit(ctx: Context, which: Rest | None = None) -> Modal:
    """Choose who hears about overdue follow-ups, here or in the `organisation`."""
    scope = scope_of(ctx, which)
    ladders.check(ctx, scope)
    return Modal(_form(ctx, scope))


@group.command("ladder preview")
def preview(ctx: Context, which: Rest | None = None) -> Modal:
    """Show who would be told today, and turn the ladder on."""
    scope = scope_of(ctx, which)
    ladders.check(ctx, scope)
    rule = rule_of(ctx, scope)
    if rule is None:
        words = f"There are no steps yet. Set them with `{ctx.slash} ladder edit`."
        raise Refusal(words)
    submit = None if rule.state == ACTIVE else "Turn on"
    return Modal(_preview(ctx, scope, Ladder.of(rule), submit))


@group.changed(forms.EDIT, forms.SCOPE)
def follow(ctx: Context, **values: Value) -> Modal:
    """Show the ladder of the scope that was chosen."""
    scope = scope_of(ctx, str(values[forms.SCOPE]))
    ladders.check(ctx, scope)
    return Modal(_form(ctx, scope))


@group.submitted(forms.EDIT, effect=ladders.EFFECT)
def submitted(ctx: Context, **values: Value) -> Reply | Modal:
    """Show a preview of the ladder; if this is what the form showed, turn it on."""
    seen = "steps" in ctx.memory
    chosen = ctx.memory["scope"] if seen else values[forms.SCOPE]
    scope = scope_of(ctx, str(chosen))
    ladders.check(ctx, scope)
    if seen:
        return _turned_on(ctx, scope)
    ladder = Ladder(scope.id, scope.channel, *_entered(ctx, scope, values))
    return Modal(_preview(ctx, scope, ladder, "Turn on"))


def _turned_on(ctx: Context, scope: Scope) -> Reply:
    """Store the steps that the person saw; doing so twice changes nothing more."""
    rule = rule_of(ctx, scope)
    options = LadderOptions.of(rule) if rule else LadderOptions()
    old = in_order(options.steps)
    options = options.changed(steps=ctx.memory["steps"], teams=ctx.memory["teams"])
    new = in_order(options.steps)
    record_target(ctx, scope)
    ctx.notes.change(
        "steps", ladders.audit_steps(ctx, old), ladders.audit_steps(ctx, new)
    )
    ctx.notes.change("state", "on" if rule and rule.state == ACTIVE else "off", "on")
    rules = ctx.services.rules
    if rule is None:
        rules.create(
            rule_id=scope.id,
            kind=LADDER,
            channel=scope.channel,
            created_by=ctx.user,
            options=options,
        )
    else:
        rules.update(scope.id, options=options)
        rules.resume(scope.id)
    steps = view.steps_text(steps_of(new))
    words = f"{text.capital(scope.named)} is on, {by(ctx)}: {steps}."
    words += join_channel(ctx, scope.channel) if scope.channel else ""
    return Reply(words, public=bool(scope.channel))


def _preview(ctx: Context, scope: Scope, ladder: Ladder, submit: str | None) -> Form:
    audience = InChannel(ladder.channel)
    snapshot = ctx.services.outstanding.read(PARTS, audience, within=MOMENTS_AGO)
    require_read(ctx, "The preview could not be made", snapshot, PARTS)
    shown = foreseen(ladder, snapshot, ctx.services.rounds)
    about = f"{text.capital(scope.named)}: {view.steps_text(steps_of(ladder.steps))}."
    memory = {
        "scope": scope.word,
        "steps": [asdict(step) for step in ladder.steps],
        "teams": sorted(ladder.teams),
    }
    return forms.preview(shown, about, memory, submit=submit)


def _form(ctx: Context, scope: Scope) -> Form:
    rule = rule_of(ctx, scope)
    found = Ladder.of(rule) if rule else None
    known = {step.to: step for step in found.steps} if found else {}
    days = {to: str(step.days) for to, step in known.items()}
    draft = forms.LadderDraft(
        scope=scope.word,
        days=days if found else USUAL,
        where=known["channel"].id if "channel" in known else None,
        who=known["person"].id if "person" in known else None,
        teams=sorted(found.teams) if found else (),
    )
    words = [one.word for one in ladders.scopes(ctx)]
    return forms.form(draft, forms.LadderOffer(words, _teams(ctx, scope)), {})


def _teams(ctx: Context, scope: Scope) -> Sequence[Choosable]:
    """Return the teams to choose from, if this is not an incident's channel."""
    if not scope.channel or ctx.directory.here() is not None:
        return ()
    teams = choosable(ctx.catalog.teams())
    if not teams:
        raise Refusal(
            "This is not an incident's channel, and incident.io has no teams to choose "
            f"from. `{ctx.slash} ladder edit organisation` sets a ladder for everyone."
        )
    return teams


def _entered(
    ctx: Context, scope: Scope, values: Mapping[str, Value]
) -> tuple[tuple[LadderStep, ...], frozenset[str]]:
    teams = frozenset(cast("tuple[str, ...]", values.get("teams") or ()))
    if not teams and _teams(ctx, scope):
        raise FieldErrors({"teams": NO_TEAMS})
    if len(teams) > MOST_TEAMS:
        raise FieldErrors({"teams": f"Choose {MOST_TEAMS} at most."})
    found: list[LadderStep] = []
    for to in forms.STEPS:
        days = values.get(forms.days_of(to))
        if days is not None:
            found.append(_step(ctx, to, str(days), values))
    _check(found, values)
    return tuple(found), teams if scope.channel else frozenset()


def _step(ctx: Context, to: str, days: str, values: Mapping[str, Value]) -> LadderStep:
    more: dict[str, Any] = {}
    if to == "channel" and values.get("where"):
        more = {"id": _reached(ctx, str(values["where"]))}
    if to == "person":
        who = values.get("who")
        if not who:
            raise FieldErrors({"who": "Choose the person, or leave the step out."})
        more = {"id": str(who), "name": _named(ctx, str(who))}
    return LadderStep(to, int(float(days)), **more)


def _named(ctx: Context, who: str) -> str:
    return text.plain(ctx.services.people.get(who).name, 80)


def _reached(ctx: Context, channel: str) -> str:
    """Return the channel; refuse one in which the bot cannot post."""
    if not ctx.services.channels.name(channel):
        words = "The bot is not in this channel. Invite it, or choose another one."
        raise FieldErrors({"where": words})
    return channel


def _check(found: Sequence[LadderStep], values: Mapping[str, Value]) -> None:
    if not found:
        raise FieldErrors({forms.days_of("owner"): "Take at least one step."})
    if values.get("who") and found[-1].to != "person":
        need = "Say after how many days, or leave the step out."
        raise FieldErrors({forms.days_of("person"): need})
    for before, step in pairwise(found):
        if step.days < before.days:
            need = f"Not before the step above: {before.days} or more."
            raise FieldErrors({forms.days_of(step.to): need})
