"""Adding an action or a follow-up, and changing one in a form."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic

from blocks.items import forms
from blocks.kit import items as view
from blocks.kit import messages, text
from blocks.kit.edit import Input
from blocks.kit.fields import Field, Value
from blocks.kit.form import Form
from handlers.core import problems
from handlers.core.announce import by, ref
from handlers.core.arguments import incidents as incident_words
from handlers.core.arguments.references import write_out
from handlers.core.arguments.tokens import as_typed
from handlers.core.command import Post, Reply
from handlers.core.context import Context
from handlers.core.editing import FieldEditor
from handlers.core.made_before import Makes, make_once
from handlers.core.problems import FieldErrors, Refusal
from handlers.items.listing import Items, Placed, T
from handlers.items.verbs import announce, describe, record_target
from incidentio import Incident
from incidentio.errors import NotFound
from incidentio.lookup import reference

_MENTION = re.compile(r"<@([UW]\w+)(?:\|[^<>]*)?>")
_LEADING = re.compile(
    r"(?:^|.*\s)(?:and|ask|by|call|for|from|help|of|on|or|ping|tell|to|with)",
    re.IGNORECASE | re.DOTALL,
)
"""Matches a word, such as “with”, after which the mention is part of the sentence."""


def draft(
    ctx: Context,
    incident: Incident | None,
    words: str | None,
    description: str | None = None,
) -> forms.NewItem:
    """Prepare the form of a new item; without an incident it asks for one."""
    live = [] if incident else ctx.directory.live()
    if not incident and not live:
        raise Refusal("No incident is live. Name one, for example `INC-12`.")
    return forms.NewItem(
        incident=incident.id if incident else None,
        about=ref(incident) if incident else None,
        incidents=incident_words.options(live),
        words=words,
        description=description,
    )


def draft_of_words(
    ctx: Context, incident: Incident | None, words: str | None
) -> forms.NewItem:
    """Prepare the form from a line; a mention at its start or end is the owner."""
    owner, title = _owned(as_typed(ctx.text, words)) if words else (None, "")
    found = draft(ctx, incident, write_out(ctx, title).strip() or None)
    return replace(found, owner=owner)


def _owned(words: str) -> tuple[str | None, str]:
    """Return the Slack id of the one person mentioned, and the words without them.

    A mention that the sentence needs stays in it, as in “ask @ben” or “with @ben”.
    """
    mentioned = _MENTION.findall(words)
    if len(mentioned) != 1:
        return None, words
    before, after = map(str.strip, _MENTION.split(words)[::2])
    needed = (before and after) or _LEADING.fullmatch(before)
    return mentioned[0], words if needed else before or after


def incident_of(ctx: Context, chosen: str | None) -> Incident:
    """Return the incident of a new item: the form's own, or the one chosen in it."""
    number = reference(chosen) if chosen else None
    try:
        return ctx.directory.incident(number or chosen or ctx.memory["incident"])
    except NotFound:
        if chosen is None:
            raise Refusal("That incident no longer exists.") from None
        message = "That incident no longer exists. Choose another."
        raise FieldErrors({"incident": message}) from None


def add(
    ctx: Context,
    items: Items[T],
    incident: Incident,
    title: str,
    create: Callable[[], T],
    *,
    besides: Mapping[str, str | None],
) -> Reply:
    """Create an item, unless an earlier attempt has done so, and announce it.

    ``besides`` are its values other than the title, by name, for the audit.
    """
    ctx.notes.on(items.kind.name, f"{title} of {incident.reference}")
    for name, value in {"title": title, **besides}.items():
        if value:
            ctx.notes.change(name, None, value)

    def same(item: T) -> bool:
        return items.line(item, incident, None).title.strip() == title.strip()

    makes = Makes(
        f"The {items.kind.name} {text.bold(title)}",
        f"{items.kind.noun} delete",
        lambda: items.of(ctx, incident),
        same,
    )
    item = make_once(ctx, makes, create)
    record_target(ctx, items, Placed(item, incident))
    line = replace(items.line(item, incident, None), since=None)
    owned = line.owner != view.UNASSIGNED
    facts = [f"owned by {line.owner}" if owned else view.UNASSIGNED]
    if line.priority:
        facts.append(f"{text.inline(line.priority, 60)} priority")
    named = describe(items, Placed(item, incident))
    words = f"{named} was added {by(ctx)}, {', '.join(facts)}."
    blocks = view.item_blocks(line, ctx.now, f"{items.kind.noun} show {item.id}#1")
    return _announced(ctx, incident, words, [messages.section(words), *blocks[1:]])


def _announced(
    ctx: Context, incident: Incident, words: str, blocks: Sequence[Any]
) -> Reply:
    channel = incident.slack_channel_id
    if not channel:
        return Reply(words, blocks)
    if ctx.channel == channel:
        return Reply(words, blocks, public=True)
    return Reply(words, posts=[Post(channel, words, blocks)])


class ItemEditor(FieldEditor[Placed[T]], Generic[T]):
    """Edits an action or a follow-up."""

    items: Items[T]

    @abstractmethod
    def fields(self, item: T) -> Sequence[Field]:
        """Draw the fields of an item that can be changed, with its current values."""

    @abstractmethod
    def update(self, item: T, due: Mapping[str, Value]) -> T:
        """Send the values of fields that are to change."""

    def read(self) -> Placed[T]:
        return self.items.find(self.ctx, self.ctx.memory["id"])

    def inputs(self, current: Placed[T]) -> Sequence[Input]:
        return self.fields(current.item)

    def form(self, current: Placed[T], inputs: Sequence[Input]) -> Form:
        return forms.edit(self.items.kind, current.item.id, inputs)

    def write(self, current: Placed[T], due: Mapping[str, Value]) -> Placed[T]:
        try:
            return replace(current, item=self.update(current.item, due))
        except NotFound:
            raise self.items.gone(self.ctx, current.item.id) from None

    def describe(self, current: Placed[T]) -> str:
        return describe(self.items, current)

    def record_target(self, current: Placed[T]) -> None:
        record_target(self.ctx, self.items, current)

    def announce(self, after: Placed[T], words: str) -> Reply:
        return announce(self.ctx, self.items, after, words)


def required(name: str, words: str | None) -> str:
    """Return the text of a field; refuse one that is only spaces."""
    return problems.required(name, words, "Write what is to be done.")
