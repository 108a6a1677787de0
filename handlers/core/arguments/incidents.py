"""Resolves incidents by reference, id, channel or name, or asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

from blocks.kit import text
from blocks.kit.fields import Choosable
from handlers.core.arguments.resolve import TEXTS, resolves
from handlers.core.arguments.tokens import Tokens, is_id
from handlers.core.context import Context
from handlers.core.problems import Ambiguous, Refusal
from incidentio import Incident
from incidentio.errors import NotFound
from incidentio.lookup import Index, matches, reference

READ_AHEAD = 250
"""How many incidents to look through for a name, the newest first."""
WHICH = "Which incident?"
SOURCE = "incident"

_CHANNEL = re.compile(r"<#(\w+)(?:\|[^<>]*)?>")
_AROUND = ".,;:!?()"
_LINKING = {"about", "for", "in", "of", "on"}


@resolves(Incident)
def incident(ctx: Context, words: Tokens, required: bool) -> Incident | None:
    """Resolve a reference, an id or a channel; else a name, or this channel's incident.

    If the next parameter is a text, no name is looked for. If it is something else,
    words that fit no incident are left for it. If there is none, the words must name
    an incident.
    """
    if words.then in TEXTS:
        found = _before_a_text(ctx, words)
    else:
        _unlink(words)
        found = _certain(ctx, words) or _likely(ctx, words)
    if found is None and required:
        raise _which(WHICH, ctx.directory.live())
    return found


def _unlink(words: list[str]) -> None:
    """Remove the first word of ``on INC-12``."""
    if len(words) > 1 and words[0].lower() in _LINKING and names_one(words[1]):
        del words[0]


def _certain(ctx: Context, words: list[str]) -> Incident | None:
    """Resolve a reference, a number, an id or a channel."""
    if not words:
        return None
    if mentioned := _CHANNEL.fullmatch(words[0].strip(_AROUND)):
        del words[0]
        return _of_channel(ctx, mentioned[1])
    word = words[0].strip(_AROUND)
    if _is_name(word):
        del words[0]
        return _shown(ctx, word)
    return None


def names_one(word: str) -> bool:
    """Return whether a word can only mean an incident."""
    bare = word.strip(_AROUND)
    return _is_name(bare) or _CHANNEL.fullmatch(bare) is not None


def _is_name(word: str) -> bool:
    return is_id(word) or reference(word) is not None


def _before_a_text(ctx: Context, words: list[str]) -> Incident | None:
    """Resolve a reference, an id or a channel; else return this channel's incident.

    A bare number may be the beginning of the text instead. It means an incident only if
    it is the whole line, or if it is the number of this channel's incident or, in a
    channel without one, of an incident in progress.
    """
    if not words or len(words) == 1 or not words[0].strip(_AROUND).isdecimal():
        return _certain(ctx, words) or ctx.directory.here()
    here = ctx.directory.here()
    among = [here] if here else ctx.directory.live()
    number = reference(words[0].strip(_AROUND))
    found = next((i for i in among if reference(i.reference) == number), None)
    if found is None:
        return here
    del words[0]
    return here or _shown(ctx, found.reference)


def _likely(ctx: Context, words: Tokens) -> Incident | None:
    """Resolve a name, or this channel's incident; leave words that are no name."""
    if words and words.then is None:
        return _called(ctx, words)
    if here := ctx.directory.here():
        return here
    live = ctx.directory.live()
    index, every = Index(live, name=label), len(words)
    found, length = index.longest_run(words)
    if length == every and len(found) > 1:  # words that follow may tell them apart
        found, length = index.longest_run(words[:-1])
    if not found:
        return None
    del words[:length]
    return _one_of(found)


def _called(ctx: Context, words: list[str]) -> Incident:
    """Return the incident in progress with this name, else one of the newest ended."""
    asked = " ".join(words)
    words.clear()
    live = ctx.directory.live()
    found = matches(live, asked, name=searchable) or _ended(ctx, asked)
    if not found:
        called = f"No live incident matches “{text.BLANK}”. {WHICH}"
        raise _which(called, live)
    return _one_of(found)


def _ended(ctx: Context, asked: str) -> list[Incident]:
    def fits(incident: Incident) -> bool:
        return bool(matches([incident], asked, name=label))

    return matches([*ctx.directory.newest(fits, READ_AHEAD)], asked, name=label)


def _one_of(found: Sequence[Incident]) -> Incident:
    if len(found) == 1:
        return found[0]
    raise _which(f"Several match “{text.BLANK}”. {WHICH}", found)


def _which(prompt: str, found: Sequence[Incident]) -> Ambiguous | Refusal:
    if not found:
        return Refusal("No incident is live. Name one, for example `INC-12`.")
    return Ambiguous(prompt, options(found), source=SOURCE)


def options(incidents: Sequence[Incident]) -> list[Choosable]:
    """Return an option for each incident; its value is the reference."""
    return [Choosable(label(i), i.reference) for i in incidents]


def label(incident: Incident) -> str:
    """Return the reference and the name."""
    return f"{incident.reference} {incident.name}"


def searchable(incident: Incident) -> str:
    """Return the text in which words look for an incident."""
    return f"{label(incident)} {incident.summary or ''}"


def _of_channel(ctx: Context, channel: str) -> Incident:
    """Return the incident of a mentioned channel, if the person may see it."""
    for known in ctx.directory.live():
        if known.slack_channel_id == channel:
            return ctx.directory.incident(known.id)
    numbered = re.match(r"inc(?:ident)?-(\d+)\b", ctx.services.channels.name(channel))
    if numbered:
        with suppress(NotFound):
            found = ctx.directory.incident(numbered[1])
            if found.slack_channel_id == channel:
                return found
    raise _which(f"That is no incident's channel. {WHICH}", ctx.directory.live())


def _shown(ctx: Context, word: str) -> Incident:
    number = reference(word)
    try:
        return ctx.directory.incident(word if number is None else number)
    except NotFound:
        shown = text.inline(word if number is None else f"INC-{number}", 40)
        raise Refusal(
            f"There is no incident {shown}, or you can't see it. "
            f"`{ctx.slash} incidents` lists those you can see."
        ) from None
