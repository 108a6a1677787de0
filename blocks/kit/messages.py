"""Messages that are the same for every resource: words, pickers, pages, help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from slack_sdk.models.blocks import Block

from blocks.kit import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


from collections.abc import Iterable, Sequence
from itertools import count

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    ExternalDataSelectElement,
    MarkdownTextObject,
    SectionBlock,
    StaticSelectElement,
    UserSelectElement,
)

from blocks.kit.fields import Choosable

Button = ButtonElement

OPEN = "open"
"""The action of a button that is a link: acknowledge it, there is nothing to do."""

WITH = "with"
"""The verb of a menu of people: its action holds the line it stands for."""

MOST_SPOKEN = 10
MOST_PRESSED = 10
PIECE = 1000
NAME_IT = "write the reference or the id of what you mean where it belongs"


def section(mrkdwn: str) -> SectionBlock:
    return SectionBlock(text=MarkdownTextObject(text=text.clip(mrkdwn, text.SECTION)))


def small(mrkdwn: str) -> ContextBlock:
    element = MarkdownTextObject(text=text.clip(mrkdwn, text.FIELD))
    return ContextBlock(elements=[element])


def fields(mrkdwn: Sequence[str]) -> SectionBlock:
    """Draw up to ten short texts in two columns."""
    return SectionBlock(fields=[MarkdownTextObject(text=words) for words in mrkdwn])


def button(
    label: str,
    line: str,
    *,
    nth: int = 1,
    style: str | None = None,
    verb: str = "run",
    sure: str | None = None,
) -> ButtonElement:
    """Draw a button that stands for a command line.

    ``nth`` keeps the ids of one block apart. ``verb``: ``run`` answers beside the
    message, ``turn`` replaces it. ``sure`` asks first, in mrkdwn.
    """
    return ButtonElement(
        text=text.plain(label, text.BUTTON),
        action_id=f"{verb}.{nth}",
        value=text.clip(line, text.VALUE),
        style=style,
        confirm=_confirm(label, sure) if sure else None,
    )


def person_menu(placeholder: str, line: str) -> UserSelectElement:
    """Draw a menu of people: ``line`` with who was chosen for the blank is run."""
    return UserSelectElement(
        placeholder=text.plain(placeholder), action_id=f"{WITH}.{line}"
    )


def opener(label: str, url: str) -> ButtonElement:
    """Draw a button that opens a page; one a block."""
    shown = text.plain(label, text.BUTTON)
    return ButtonElement(text=shown, action_id=OPEN, url=url)


def _confirm(label: str, question: str) -> ConfirmObject:
    return ConfirmObject(
        title="Are you sure?",
        text=MarkdownTextObject(text=text.clip(question, 300)),
        confirm=text.plain(label, 30),
        deny="Cancel",
    )


def buttons(
    lines: Iterable[tuple[str, str]], *, block_id: str | None = None
) -> ActionsBlock:
    """Draw a row of ``(label, command line)`` buttons."""
    number = count(1)
    elements = [button(label, line, nth=next(number)) for label, line in lines]
    return ActionsBlock(block_id=block_id, elements=elements)


def turner(
    line: str, page: int, *, more: bool, block_id: str | None = None
) -> list[Block]:
    """Draw Previous and Next for a list that ``line`` draws; nothing on its own."""
    turns = [("Previous", page - 1)] if page > 1 else []
    turns += [("Next", page + 1)] if more else []
    elements = [
        button(label, f"{line} page:{to}", nth=to, verb="turn") for label, to in turns
    ]
    return [ActionsBlock(block_id=block_id, elements=elements)] if elements else []


def spoken(prompt: str, options: Sequence[Choosable]) -> str:
    """Ask which is meant in words, for notifications and screen readers."""
    named = [text.inline(option.label) for option in options[:MOST_SPOKEN]]
    more = len(options) - len(named)
    named += [f"{more} more"] if more > 0 else []
    return f"{text.escape(prompt)} {text.listed(named, 'or')}".strip()


def chooser(
    prompt: str,
    template: str,
    options: Sequence[Choosable],
    source: str | None = None,
) -> list[Block]:
    """Ask which is meant; the choice runs ``template`` with its value for the blank.

    A menu brings back its ``block_id``, which holds a short line; a button brings back
    a longer one. Either way nothing needs to be remembered for the choice to work.
    """
    asked = section(text.escape(prompt))
    if len(template) <= text.BLOCK_ID:
        select = _select(options, source)
        return [asked, ActionsBlock(block_id=template, elements=[select])]
    lines = [(o.label, template.replace(text.BLANK, o.value)) for o in options]
    if lines and all(len(line) <= text.VALUE for _, line in lines):
        return [asked, *_pressed(lines)]
    return [asked, *_said_again(template)]


def _select(
    options: Sequence[Choosable], source: str | None
) -> StaticSelectElement | ExternalDataSelectElement:
    if source:
        return ExternalDataSelectElement(
            action_id=source, placeholder="Type to search", min_query_length=0
        )
    shown = [option.draw() for option in options]
    return StaticSelectElement(action_id="pick", placeholder="Choose", options=shown)


def _pressed(lines: Sequence[tuple[str, str]]) -> Iterable[Block]:
    elements = [
        button(label, line, nth=nth, verb="turn")
        for nth, (label, line) in enumerate(lines[:MOST_PRESSED], 1)
    ]
    yield ActionsBlock(elements=elements)
    if len(lines) > len(elements):
        yield small(
            f"The first {len(elements)} of {len(lines)}. For another, {NAME_IT}."
        )


def _said_again(template: str) -> Iterable[Block]:
    """Give a text back that is too long to come back by a button."""
    before, _, after = template.partition(text.BLANK)
    said = "Your text is too long to be kept while you choose. Send it again, and"
    yield section(f"{said} {NAME_IT}: {text.code(f'{before}…')}. This is your text:")
    for start in range(0, len(after), PIECE):
        yield section(text.quote(after[start : start + PIECE].strip()))


class Message(NamedTuple):
    text: str
    blocks: Sequence[Block]
    shown: Mapping[str, Any] | None = None
    """Ids of what it shows, kept for when it is drawn again."""
