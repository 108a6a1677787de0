"""``user`` and ``users``: who has an account in incident.io."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NewType, TypeVar

from blocks.kit import text
from blocks.organisation import users as view
from handlers.core.arguments import people as colleagues
from handlers.core.arguments.catalogued import by_name
from handlers.core.arguments.resolve import FIRST, Page, Rest, resolves
from handlers.core.arguments.tokens import Tokens
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import listed
from handlers.core.problems import Refusal
from incidentio import Incident, Schedule, User
from incidentio.errors import IncidentioError, NotFound
from incidentio.lookup import normal
from incidentio.on_call.layers import takes_part

group = Group("user", "People", rank=1)

Anybody = NewType("Anybody", User)
"""A user whose account may be deactivated."""

INVITE = "An administrator of incident.io can invite them there."
T = TypeVar("T")


@group.command(
    "users",
    effect=Effect("The people", "listed", "were"),
    says=["people", "members", "colleagues", "everybody", "responders"],
)
def list_(ctx: Context, words: Rest | None = None, page: Page = FIRST) -> Reply:
    """List the people in incident.io, or those who match a name, an email or a role."""
    asked = (words or "").removeprefix("@")
    wanted = normal(asked).split()
    found = [u for u in ctx.catalog.users() if all(w in _about(u) for w in wanted)]
    fitting = f" with “{text.plain(asked, 60)}”" if asked else ""
    heading = f"{text.count(len(found), 'person', 'people')}{fitting}"
    line = f"users {text.plain(asked, 200)}" if asked else "users"
    return listed(
        heading, line, by_name(found), page, lambda shown: view.listing(shown, heading)
    )


def _about(user: User) -> str:
    roles = [user.role, *(role.name for role in user.custom_roles)]
    if user.base_role:
        roles.append(user.base_role.name)
    return normal(" ".join([user.name, user.email or "", *roles]))


@group.command(
    "user [show]",
    effect=Effect("The person", "shown"),
    aliases=["whois"],
    says=[
        "who",
        "who am i -> me",
        "whoami -> me",
        "my permissions -> me",
        "my roles -> me",
        "person",
        "about person",
    ],
)
def show(ctx: Context, person: Anybody) -> Reply:
    """Show somebody's roles, seats and accounts, and what they take part in."""
    try:
        user = ctx.api.users.show(person.id)
    except NotFound:
        ctx.catalog.expire("users")
        name = text.bold(person.name)
        raise Refusal(f"{name} no longer has an account in incident.io.") from None
    part = view.Involvement(
        _read(lambda: _schedules(ctx, user)),
        _read(lambda: _held(ctx, user)),
        list(_doubts(ctx, user, person)),
    )
    state = "" if user.is_active else ", not active"
    words = f"{text.inline(user.name)}: {text.listed(view.roles(user))}{state}"
    return Reply(words, view.card(user, part))


def _doubts(ctx: Context, user: User, found: User) -> Iterator[str]:
    """Yield what is unclear about whose account it is, in lines of mrkdwn."""
    accounts = ctx.services.accounts
    slack_id = user.slack_user_id or found.slack_user_id or accounts.slack_id(user)
    if slack_id is None or not user.is_active:
        return
    if not user.slack_user_id:
        rights = (
            "have its rights here" if accounts.by_address else "have no rights here"
        )
        yield (
            f"{text.mention(slack_id)} has the same address, but incident.io does not "
            f"link the two: they {rights}."
        )
    counts = accounts.of(slack_id)
    for other in ctx.catalog.with_slack_id(slack_id):
        if other.id != user.id and counts:
            yield (
                f"{text.bold(other.name)} has the same Slack account. What counts here "
                f"is the account of {text.inline(counts.email or counts.name)}."
            )


def _read(part: Callable[[], T]) -> T | None:
    """Return a part that the answer can do without; None if it cannot be read."""
    try:
        return part()
    except IncidentioError:
        return None


def _schedules(ctx: Context, user: User) -> list[Schedule]:
    """Return the schedules that somebody takes part in."""
    return [s for s in ctx.catalog.schedules() if takes_part(s, user.id, ctx.now)]


def _held(ctx: Context, user: User) -> list[tuple[Incident, str]]:
    """Return the roles somebody has in incidents that the asking person may see."""
    return [
        (incident, assigned.role.name)
        for incident in ctx.directory.live()
        for assigned in incident.incident_role_assignments
        if assigned.assignee and assigned.assignee.id == user.id
    ]


@resolves(Anybody)
def _anybody(ctx: Context, words: Tokens, required: bool) -> User | None:
    """Resolve a user; by email, id or mention also one who is deactivated."""
    if len(words) != 1:
        return colleagues.person(ctx, words, required)
    if slack_id := colleagues.mentioned_id(ctx, words[0]):
        words.clear()
        return _of_slack(ctx, slack_id)
    word = colleagues.strip_mention(words[0])
    user = _of_email(ctx, word) if "@" in word else _of_id(ctx, word)
    if user is None:
        return colleagues.person(ctx, words, required)
    words.clear()
    return user


def _of_slack(ctx: Context, slack_id: str) -> User:
    user = colleagues.find_account(ctx, slack_id) or colleagues.find_any_account(
        ctx, slack_id
    )
    if user is None:
        name = text.inline(ctx.services.people.get(slack_id).name, 80)
        raise Refusal(f"{name} has no account in incident.io. {INVITE}")
    return user


def _of_email(ctx: Context, email: str) -> User:
    known = (u for u in ctx.catalog.users() if colleagues.same(u.email, email))
    user = next(known, None)
    asked = ctx.api.users.list(email=email, include_inactive=True)
    user = user or max(asked, key=lambda u: (u.is_active, u.id), default=None)
    if user is None:
        raise Refusal(
            f"No one in incident.io has the email {text.code(email)}. {INVITE}"
        )
    return user


def _of_id(ctx: Context, word: str) -> User | None:
    if len(word) != 26 or not word.isalnum() or ctx.catalog.user(word):
        return ctx.catalog.user(word)
    try:
        return ctx.api.users.show(word)
    except NotFound:
        return None
