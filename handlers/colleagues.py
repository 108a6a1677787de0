"""People as they are named in words and forms, found among incident.io's accounts."""

from __future__ import annotations

import re

from blocks import text
from handlers.context import Context
from handlers.problems import FieldErrors, Refusal
from handlers.targets import choose, resolves
from incidentio.models import User

_MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
ELSE = "Choose somebody else, or have them"
ME = {"me", "myself"}


def account(ctx: Context, slack_id: str, field: str = "assignee") -> User:
    """Find the account of somebody chosen in a form."""
    user = known(ctx, slack_id)
    if user is None:
        raise FieldErrors({field: no_account(ctx, slack_id)})
    return user


def no_account(ctx: Context, slack_id: str) -> str:
    """Say why incident.io cannot be given this person, in plain text."""
    name = text.plain(ctx.services.people.get(slack_id).name, 80)
    found = ctx.api.users.list(slack_user_id=slack_id, include_inactive=True)
    if next(found, None) is None:
        return f"{name} has no account in incident.io. {ELSE} invited there first."
    return f"{name}'s account in incident.io is deactivated. {ELSE} reactivated there."


def known(ctx: Context, slack_id: str) -> User | None:
    """Find an account, also one that was made a moment ago."""
    user = ctx.catalog.user_by_slack(slack_id)
    if user is None:
        found = ctx.api.users.list(slack_user_id=slack_id)
        user = next((u for u in found if u.slack_user_id == slack_id), None)
        if user is not None:
            ctx.catalog.stale("users")
    return user


def plainly(ctx: Context, mrkdwn: str) -> str:
    """Give a piece of mrkdwn as the audit keeps it: plain, with people by name."""

    def name(slack_id: str) -> str:
        user = ctx.catalog.user_by_slack(slack_id)
        return user.name if user else slack_id

    bare = text.unformatted(mrkdwn)
    return text.unescape(text.readable(bare, name))


@resolves(User)
def _user(ctx: Context, words: list[str], required: bool) -> User | None:
    """Take a mention, a handle, an email address, an id, ``me``, or a name."""
    if not words:
        if required:
            raise Refusal("Name somebody, for example with `@`.")
        return None
    if mentioned := _mentioned(ctx, words[0]):
        del words[0]
        return _with_account(ctx, mentioned)
    words[0] = words[0].removeprefix("@")
    people = ctx.catalog.users()
    known_as = [u for u in people if len(words) == 1 and _answers_to(u, words[0])]
    if len(known_as) == 1:
        words.clear()
        return known_as[0]
    found: User | None = choose(people, words, "person", required=required)
    return found


def _with_account(ctx: Context, slack_id: str) -> User:
    user = known(ctx, slack_id)
    if user is None:
        raise Refusal(text.escape(no_account(ctx, slack_id)))
    return user


def _mentioned(ctx: Context, word: str) -> str | None:
    if word.lower() in ME:
        return ctx.user
    match = _MENTION.fullmatch(word)
    return match[1] if match else None


def _answers_to(user: User, word: str) -> bool:
    email = (user.email or "").casefold()
    return word.casefold() in (email, email.partition("@")[0]) and bool(email)
