"""``prefs``: what the bot may send me, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from blocks import preferences as view
from blocks.kit import messages, text
from blocks.kit.fields import MOST_OPTIONS, Choosable, Value
from handlers.core.arguments.dates import JOINING, day
from handlers.core.arguments.resolve import Rest
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.permissions import Level
from handlers.core.problems import Refusal, UsageError
from handlers.preferences.form import drafted, entered, filled
from incidentio.features import READING
from reminders.calendar import countries
from reminders.people import personal
from reminders.people.preferences import Preferences

group = Group("prefs", "Your preferences", level=Level.READ, writes=READING)

EXAMPLES = "`3d`, `2w`, `mon`, `tomorrow` or `2026-04-01`"


@group.command(
    "prefs",
    aliases=["settings", "preferences"],
    says=[
        "quiet hours",
        "notification settings",
        "my notifications",
        "digest settings",
        "my digest",
    ],
)
def prefs(ctx: Context) -> Modal:
    """Choose what the bot sends you, and when: digest, quiet hours, shifts."""
    return _form(ctx, drafted(_chosen(ctx), ctx.person.timezone, _today(ctx)))


@group.home(rank=60, of="prefs", effect=Effect("Your preferences", "shown", "were"))
def on_home(ctx: Context) -> Reply:
    """Show what the bot sends me, and when."""
    chosen = _chosen(ctx)
    lines = [*describe(ctx, chosen), *([] if chosen.muted else _shifts(chosen))]
    words = "\n".join([text.bold("What you are sent"), *lines])
    change = messages.button("Change", "prefs")
    return Reply(words, [messages.section(words, beside=change)])


@group.submitted(view.FORM, effect=Effect("Your preferences", "changed", "were"))
def changed(ctx: Context, **values: Value) -> Reply:
    """Save the preferences of the form."""
    draft = filled(values)
    return _put(ctx, entered(draft, _chosen(ctx), ctx.person.timezone, _today(ctx)))


@group.command(
    "prefs mute",
    writes=True,
    effect=Effect("Your messages", "muted", "were"),
    aliases=["mute"],
    says=[
        "stop dms",
        "stop sending dms",
        "stop sending messages",
        "mute bot",
        "stop messages",
        "stop messaging",
        "unsubscribe",
        "shut up",
    ],
)
def mute(ctx: Context) -> Reply:
    """Get nothing from the bot until you unmute it."""
    return _change(ctx, muted=True)


@group.command(
    "prefs unmute",
    writes=True,
    effect=Effect("Your messages", "unmuted", "were"),
    aliases=["unmute"],
    says=[
        "notifications back",
        "turn notifications on",
        "messages back",
        "messages again",
    ],
)
def unmute(ctx: Context) -> Reply:
    """Get messages again."""
    return _change(ctx, muted=False)


@group.command(
    "prefs pause",
    writes=True,
    effect=Effect("Your messages", "paused", "were"),
    says=["pause notifications", "pause messages", "vacation", "holiday", "away until"],
)
def pause(ctx: Context, until: Rest | None = None) -> Reply:
    """Pause messages until a day: `3d`, `mon`, `2026-04-01`."""
    if until is None:
        raise UsageError(f"Until when? For example {EXAMPLES}.")
    return _change(ctx, paused_until=_resuming(until, _today(ctx)))


@group.command(
    "prefs resume",
    writes=True,
    effect=Effect("Your messages", "resumed", "were"),
    says=["back from holiday", "resume notifications", "resume messages"],
)
def resume(ctx: Context) -> Reply:
    """End a pause."""
    return _change(ctx, paused_until=None)


@group.options(view.COUNTRIES)
def suggest_countries(_: Context, query: str) -> Sequence[Choosable]:
    """Suggest countries whose holidays are known."""
    found = [Choosable(countries.name(code), code) for code in countries.search(query)]
    return [view.EVERYBODY_S, *found][:MOST_OPTIONS]


def follow(ctx: Context, **values: Value) -> Modal:
    """Redraw the form with the times that go with what was chosen."""
    return _form(ctx, filled(values))


for _name in view.LIVE:
    group.changed(view.FORM, _name)(follow)


def _form(ctx: Context, draft: view.PreferencesDraft) -> Modal:
    try:
        chosen = entered(draft, _chosen(ctx), ctx.person.timezone, _today(ctx))
        words = "\n".join(describe(ctx, chosen))
    except Refusal as error:
        words = text.escape(str(error))
    return Modal(view.form(draft, words))


def _change(ctx: Context, **changes: Any) -> Reply:
    return _put(ctx, _chosen(ctx).model_copy(update=changes))


def _put(ctx: Context, chosen: Preferences) -> Reply:
    before = _chosen(ctx)
    ctx.notes.on("preferences", f"of {ctx.person.name}", ctx.user)
    for name in Preferences.model_fields:
        old, new = getattr(before, name), getattr(chosen, name)
        if old != new:
            ctx.notes.change(name.replace("_", " "), audit_value(old), audit_value(new))
    ctx.services.personal.put(ctx.user, chosen, ctx.person.timezone, ctx.now)
    lead = "No changes to save." if chosen == before else "Saved."
    return Reply("\n".join([lead, *describe(ctx, chosen)]))


def _chosen(ctx: Context) -> Preferences:
    return ctx.services.personal.get(ctx.user)


def _today(ctx: Context) -> date:
    """Return the day of asking in the person's zone: the chosen one, else Slack's."""
    zone = _chosen(ctx).tzinfo(ctx.person.timezone)
    return ctx.asked_at.astimezone(zone).date()


def _resuming(typed: str, today: date) -> date:
    """Return the day on which a pause ends; a weekday is never today."""
    words = [word for word in typed.lower().split() if word not in JOINING]
    word = "".join(words).lstrip("+")
    found = day(f"+{word}", today) or day(word, today, since=today + timedelta(days=1))
    shown = text.inline(typed, 40)
    if found is None:
        raise UsageError(f"“{shown}” is not a day. Write {EXAMPLES}.")
    if found <= today:
        raise UsageError(f"“{shown}” is not in the future. Write {EXAMPLES}.")
    return found


def describe(ctx: Context, chosen: Preferences) -> list[str]:
    """Return lines of mrkdwn about the preferences, the most important first."""
    if chosen.muted:
        unmute = f"`{ctx.slash} prefs unmute`"
        return [f"The bot sends you nothing until you say {unmute}."]
    return [*_pause(ctx, chosen), digest(ctx, chosen), *_quiet(chosen)]


def digest(ctx: Context, chosen: Preferences) -> str:
    """Describe when the digest comes, and when it comes next."""
    if not ctx.services.personal.digests:
        return "Digests are off: the bot's operator switched them off for everyone."
    if not chosen.digest:
        return "You get no digest."
    usual = ctx.person.timezone
    when = chosen.schedule(usual)
    following = personal.coming(chosen, usual, ctx.now)
    return (
        f"Your digest comes at {chosen.digest_at:%H:%M} {chosen.on_days}"
        f" ({text.escape(when.timezone)}). Next: {text.when(following)}."
    )


def _shifts(chosen: Preferences) -> Iterable[str]:
    if chosen.shift_before is not None:
        before = text.duration(timedelta(minutes=chosen.shift_before))
        yield f"You hear about your shifts {before} before they begin."


def _pause(ctx: Context, chosen: Preferences) -> Iterable[str]:
    until = personal.paused_until(chosen, ctx.person.timezone)
    if until and until > ctx.now:
        shown = f"{until:%A}, {until.day} {until:%B %Y}"
        yield f"Messages are paused until {shown}."


def _quiet(chosen: Preferences) -> Iterable[str]:
    if chosen.quiet:
        start, end = (f"{at:%H:%M}" for at in chosen.quiet)
        yield f"Between {start} and {end}, messages that can wait are kept until {end}."


def audit_value(value: Any) -> str | int | None:
    """Return a choice as the audit keeps it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value  # type: ignore[no-any-return]
