"""The outcomes that a handler returns: a reply, a form, or a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block

from blocks.kit.fields import Choosable
from blocks.kit.form import Form
from reminders.cards.follower import Followed


@dataclass(frozen=True, slots=True)
class Post:
    """A message for a channel, or for a person (``to`` is then their Slack id).

    ``follows``: it is the card of an escalation, and is edited as that changes. Where
    it cannot be posted, who asked for it gets it by direct message.
    """

    to: str
    text: str
    blocks: Sequence[Block | dict[str, Any]] = ()
    follows: Followed | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer where the person is looking, to them alone unless ``public``.

    ``text`` is what notifications and screen readers get: always sufficient. ``posts``
    go elsewhere. ``origin`` is the command line that draws this again: lists and cards
    have one, so that a button on them can redraw them in place. ``answers``: drawn anew
    it shows what came of a press, so that nothing need be said besides. ``redraws`` is
    an escalation whose cards are drawn anew at once.
    """

    text: str
    blocks: Sequence[Block | dict[str, Any]] = ()
    public: bool = False
    posts: Sequence[Post] = ()
    redraws: str | None = None
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Modal:
    """A form to open; a live field of a form redraws it instead."""

    form: Form


@dataclass(frozen=True, slots=True)
class Picker:
    """A question which of several is meant; the choice fills the blank in ``line``."""

    line: str
    prompt: str
    options: Sequence[Choosable] = ()
    source: str | None = None


Outcome = Reply | Modal | Picker
