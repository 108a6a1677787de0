"""Messages that are the same for every resource: words, pickers, pages, help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    ExternalDataSelectElement,
    MarkdownTextObject,
    SectionBlock,
    StaticSelectElement,
)

from blocks import text
from blocks.fields import Choosable

Button = ButtonElement

OPEN = "open"
"""The action of a button that is a link: acknowledge it, there is nothing to do."""


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


def chooser(
    prompt: str,
    template: str,
    options: Sequence[Choosable],
    source: str | None = None,
) -> list[Block]:
    """Ask which is meant; the choice runs ``template`` with its value for ``{}``."""
    select: StaticSelectElement | ExternalDataSelectElement
    if source:
        select = ExternalDataSelectElement(
            action_id=source, placeholder="Type to search", min_query_length=0
        )
    else:
        shown = [option.draw() for option in options]
        select = StaticSelectElement(
            action_id="pick", placeholder="Choose", options=shown
        )
    return [
        section(text.escape(prompt)),
        ActionsBlock(block_id=text.clip(template, 255), elements=[select]),
    ]
