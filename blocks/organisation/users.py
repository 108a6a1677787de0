"""People with an account in incident.io: the list, and one person's card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, HeaderBlock, PlainTextObject

from blocks.kit import incidents as cards
from blocks.kit import messages, text
from blocks.kit.on_call import title
from incidentio import Incident, Schedule, User

SEATS = {"full_access": "full access", "viewer_only": "viewer only", "none": "no seat"}
MOST_NAMED = 10
NOT_READ = "incident.io did not say."


@dataclass(frozen=True, slots=True)
class Involvement:
    """The schedules and incidents of a person; None where they could not be read."""

    schedules: Sequence[Schedule] | None = ()
    held: Sequence[tuple[Incident, str]] | None = ()
    """Incidents in progress, each with the name of the role."""
    doubts: Sequence[str] = ()
    """Doubts about whose account it is, in mrkdwn."""


def listing(users: Sequence[User], heading: str) -> list[Block]:
    blocks: list[Block] = [messages.section(text.bold(heading))]
    for user in users:
        section = messages.section(_line(user))
        section.accessory = messages.button("Show", f"user show {user.id}")
        blocks.append(section)
    if not users:
        words = "No matches. Try fewer letters."
        blocks.append(messages.section(words))
    return blocks


def _line(user: User) -> str:
    facts = [text.bold(user.name)]
    if user.slack_user_id:
        facts.append(text.mention(user.slack_user_id))
    if user.email:
        facts.append(text.inline(user.email))
    return f"{' · '.join(facts)}\n{text.listed(roles(user))}"


def roles(user: User) -> list[str]:
    """Return the names of a user's roles in incident.io, in mrkdwn."""
    base = user.base_role.name if user.base_role else user.role
    names = [base, *(role.name for role in user.custom_roles)]
    return [text.inline(name, 80) for name in names]


def card(user: User, part: Involvement) -> list[Block]:
    return [
        HeaderBlock(text=PlainTextObject(text=text.plain(user.name, text.HEADER))),
        *_inactive(user),
        messages.section("\n".join([*_account(user), *_doubtful(part.doubts)])),
        messages.section("\n".join(_permissions(user))),
        messages.section("\n".join(_parts(part))),
        messages.context(f"id {text.code(user.id)}"),
    ]


def _inactive(user: User) -> list[Block]:
    if user.is_active:
        return []
    words = "⚠️ *Not active*: an administrator of incident.io can reactivate them."
    return [messages.section(words)]


def _doubtful(doubts: Iterable[str]) -> Iterable[str]:
    return (f"⚠️ {doubt}" for doubt in doubts)


def _account(user: User) -> Iterable[str]:
    if user.email:
        yield f"*Email:* {text.inline(user.email)}"
    slack = user.slack_user_id
    yield f"*Slack:* {text.mention(slack) if slack else 'not linked'}"
    if user.is_active:
        yield "*Account:* active"
    if user.seats:
        on_call, response = _seat(user.seats.on_call), _seat(user.seats.response)
        yield f"*Seats:* {on_call} for on-call, {response} for response"


def _seat(kind: str) -> str:
    return text.inline(SEATS.get(kind, kind.replace("_", " ")))


def _permissions(user: User) -> Iterable[str]:
    base = user.base_role
    named = base.name if base else user.role
    yield f"*Role:* {_described(named, base.description if base else '')}"
    for role in user.custom_roles:
        yield f"*Custom role:* {_described(role.name, role.description)}"


def _described(name: str, description: str) -> str:
    about = f": {text.inline(description)}" if description.strip() else ""
    return f"{text.inline(name, 80)}{about}"


def _parts(part: Involvement) -> Iterable[str]:
    schedules = part.schedules
    places = None if schedules is None else [title(s) for s in schedules]
    yield _several("Schedules", places)
    held = part.held
    yield _several(
        "Roles in live incidents",
        None
        if held is None
        else [f"{text.inline(name, 80)} of {cards.title(i)}" for i, name in held],
    )


def _several(label: str, named: Sequence[str] | None) -> str:
    if named is None:
        return f"*{label}:* {NOT_READ}"
    lines = [f"• {words}" for words in named[:MOST_NAMED]]
    left = len(named) - len(lines)
    lines += [f"• and {left} more"] if left else []
    return "\n".join([f"*{label}:*", *lines]) if lines else f"*{label}:* none"
