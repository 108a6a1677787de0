"""People as they are named in words and forms, found among incident.io's accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from blocks.kit import text
from blocks.kit.fields import Choosable
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.references import write_out
from handlers.core.arguments.resolve import resolves
from handlers.core.context import Context
from handlers.core.problems import Ambiguous, FieldErrors, Refusal
from incidentio import Schedule, User
from incidentio.lookup import matches, normal
from incidentio.on_call.layers import on_call_at

_MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
_MAILTO = re.compile(r"<mailto:([^|>]+)(?:\|[^>]*)?>")
ELSE = "Choose somebody else, or have them"
ME = {"me", "myself"}


def _emails(user: User) -> list[str]:
    return [user.email] if user.email else []


PEOPLE = Catalogued(
    "person", lambda ctx: ctx.catalog.users(), source="person", keys=_emails
).register(User)


def require_account(ctx: Context, slack_id: str, field: str = "assignee") -> User:
    """Return the account of somebody chosen in the form's ``field``.

    Raises:
        FieldErrors: they have no active account.
    """
    user = find_account(ctx, slack_id)
    if user is None:
        raise FieldErrors({field: explain_no_account(ctx, slack_id)})
    return user


def explain_no_account(ctx: Context, slack_id: str) -> str:
    """Return in plain text why this person cannot be chosen in incident.io."""
    name = text.plain(ctx.services.people.get(slack_id).name, 80)
    if find_any_account(ctx, slack_id) is None:
        return f"{name} has no account in incident.io. {ELSE} invited there first."
    return f"{name}'s account in incident.io is deactivated. {ELSE} reactivated there."


def find_any_account(ctx: Context, slack_id: str) -> User | None:
    """Return the account of a Slack account, even if it is deactivated."""
    return _ask_for_account(ctx, slack_id, include_inactive=True)


def find_account(ctx: Context, slack_id: str) -> User | None:
    """Return the active account of a Slack account, also if it is very new."""
    user = ctx.services.accounts.of(slack_id)
    if user is None:
        user = _ask_for_account(ctx, slack_id, include_inactive=False)
        if user is not None:
            ctx.catalog.mark_changed("users")
    return user


def _ask_for_account(
    ctx: Context, slack_id: str, *, include_inactive: bool
) -> User | None:
    """Ask incident.io for an account by Slack id, then by email.

    The account returned always has the Slack id, so that the person can be mentioned.
    """
    users = ctx.api.users
    found = users.list(slack_user_id=slack_id, include_inactive=include_inactive)
    user = _newest(u for u in found if u.slack_user_id == slack_id)
    email = None if user else ctx.services.people.get(slack_id).email
    if email:
        found = users.list(email=email, include_inactive=include_inactive)
        user = _newest(u for u in found if same(u.email, email))
    return user and user.model_copy(update={"slack_user_id": slack_id})


def _newest(users: Iterable[User]) -> User | None:
    """Return the newest of the active ones, else of all."""
    return max(users, key=lambda user: (user.is_active, user.id), default=None)


def same(email: str | None, other: str) -> bool:
    """Return whether two email addresses are equal, whatever their case."""
    return (email or "").casefold() == other.casefold()


def audit_text(ctx: Context, mrkdwn: str) -> str:
    """Return a piece of mrkdwn as the audit keeps it: plain, with people by name."""
    return text.unescape(write_out(ctx, text.unformatted(mrkdwn)))


@resolves(User)
def person(ctx: Context, words: list[str], required: bool) -> User | None:
    """Resolve a mention, a handle, an email address, an id, ``me``, or a name.

    ``oncall Payments`` is whoever is on call now.
    """
    people = ctx.catalog.users()
    if words:
        if taken := says_on_call(words):
            del words[:taken]
            return _on_call(ctx, words)
        if slack_id := mentioned_id(ctx, words[0]):
            del words[0]
            return _with_account(ctx, slack_id)
        words[0] = strip_mention(words[0])
    known_as = [u for u in people if len(words) == 1 and answers_to(u, words[0])]
    if len(known_as) == 1:
        words.clear()
        return known_as[0]
    return PEOPLE.resolve(ctx, words, required)


def says_on_call(words: Sequence[str]) -> int:
    """Return how many of the first words say “on call”: 2, 1 or 0."""
    spelled = [normal(word).replace("-", "") for word in words[:2]]
    return next((n for n in (1, 2) if "".join(spelled[:n]) == "oncall"), 0)


def _on_call(ctx: Context, words: list[str]) -> User:
    """Return who is on call now, in the schedule that the words name or in any."""
    asked = " ".join(words)
    words.clear()
    every = [*ctx.api.schedules.list()]
    found = matches(every, asked) if asked else every
    if not found:
        called = text.inline(asked or "any", 80)
        raise Refusal(
            f"No schedule matches “{called}”. `{ctx.slash} oncall` lists them."
        )
    names = _schedules_by_person(found, ctx.now)
    people = [user for user in ctx.catalog.users() if user.id in names]
    if len(people) == 1:
        return people[0]
    if not people:
        said = text.listed([text.inline(schedule.name, 60) for schedule in found[:3]])
        raise Refusal(f"Nobody is on call for {said} now.")
    choices = [
        Choosable(f"{user.name} ({text.listed(names[user.id])})", user.id)
        for user in people
    ]
    several = "Several people are on call. Which one?"
    raise Ambiguous(several, choices, source=PEOPLE.source)


def _schedules_by_person(
    schedules: Iterable[Schedule], now: datetime
) -> dict[str, list[str]]:
    """Return the names of the schedules that people are on call for, by account id."""
    names: dict[str, list[str]] = {}
    for schedule in schedules:
        for shift in on_call_at(schedule.current_shifts, now):
            if shift.user:
                names.setdefault(shift.user.id, []).append(schedule.name)
    return names


def _with_account(ctx: Context, slack_id: str) -> User:
    user = find_account(ctx, slack_id)
    if user is None:
        raise Refusal(text.escape(explain_no_account(ctx, slack_id)))
    return user


def mentioned_id(ctx: Context, word: str) -> str | None:
    """Return the Slack id of somebody mentioned, or of who says ``me``."""
    if word.lower() in ME:
        return ctx.user
    match = _MENTION.fullmatch(word)
    return match[1] if match else None


def strip_mention(word: str) -> str:
    """Return a handle or an email address without Slack's markup."""
    return _MAILTO.sub(r"\1", word).removeprefix("@")


def answers_to(user: User, word: str) -> bool:
    """Return whether a word is the email address of a user, or its first part."""
    email = normal(user.email or "")
    return bool(email) and normal(word) in (email, email.partition("@")[0])
