"""Blocks for every kind of message: texts, buttons, pickers and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from slack_sdk.models.blocks import Block

from blocks.kit import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    ExternalDataSelectElement,
    MarkdownTextObject,
    Option,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.blocks import OverflowMenuElement as Overflow

from blocks.kit.fields import MOST_OPTIONS, Choosable, listed

Button = ButtonElement

OPEN = "open"
"""The action of a link, or its value in a menu; it only needs an acknowledgement."""
OPEN_THERE = "Open in incident.io"
MOST_IN_MENU = 5

WITH = "with"
"""The verb of menus of people in messages of earlier versions.

The command line follows in the ``action_id``.
"""

MOST_SPOKEN = 10
MOST_PRESSED = 10
PIECE = 1000
NAME_IT = "write the reference or the id of what you mean where it belongs"


def section(mrkdwn: str, *, beside: ButtonElement | None = None) -> SectionBlock:
    words = MarkdownTextObject(text=text.clip(mrkdwn, text.SECTION))
    return SectionBlock(text=words, accessory=beside)


def context(mrkdwn: str) -> ContextBlock:
    element = MarkdownTextObject(text=text.clip(mrkdwn, text.FIELD))
    return ContextBlock(elements=[element])


def fields(mrkdwn: Sequence[str]) -> SectionBlock:
    """Draw up to ten short texts in two columns."""
    return SectionBlock(fields=[MarkdownTextObject(text=words) for words in mrkdwn])


def columns(facts: Iterable[tuple[str, str]]) -> list[Block]:
    """Draw label and value pairs in two columns, ten to a block; values are mrkdwn."""
    drawn = [
        text.clip(f"*{text.inline(label)}*\n{value}", text.FIELD)
        for label, value in facts
    ]
    return [fields(drawn[i : i + 10]) for i in range(0, len(drawn), 10)]


def button(
    label: str,
    line: str,
    *,
    nth: int = 1,
    style: str | None = None,
    verb: str = "run",
    sure: str | None = None,
    keep: str = "Go back",
) -> ButtonElement:
    """Draw a button that runs a command line.

    ``nth`` keeps the ids within a block unique. The verb ``run`` answers beside the
    message, ``turn`` replaces it. ``sure`` is what to know before, in mrkdwn: then the
    person is asked once more, and ``keep`` is the button that does nothing.
    """
    return ButtonElement(
        text=text.plain(label, text.BUTTON),
        action_id=f"{verb}.{nth}",
        value=text.clip(line, text.VALUE),
        style=style,
        confirm=_confirm(label, sure, keep) if sure else None,
    )


def menu(placeholder: str, lines: Sequence[tuple[str, str]]) -> list[Block]:
    """Draw a menu of ``(label, command line)``; the line is run beside the message.

    Lines that are too long for a menu are left out.
    """
    by_line = {line: label for label, line in lines if len(line) <= text.OPTION}
    options = [Choosable(label, line).draw() for line, label in by_line.items()]
    if not options:
        return []
    select = StaticSelectElement(
        action_id="run.1",
        placeholder=text.plain(placeholder),
        options=options[:MOST_OPTIONS],
    )
    return [ActionsBlock(elements=[select])]


def overflow(lines: Sequence[tuple[str, str]], url: str | None = None) -> Overflow:
    """Draw the menu behind “…” of (label, command line), two to ``MOST_IN_MENU``.

    A link to incident.io comes last where there is room for it.
    """
    options = [
        Option(text=text.plain(label), value=line)
        for label, line in lines[:MOST_IN_MENU]
    ]
    if url and len(options) < MOST_IN_MENU:
        options.append(Option(text=OPEN_THERE, value=OPEN, url=url))
    return Overflow(action_id="run.more", options=options)


def opener(label: str, url: str) -> ButtonElement:
    """Return a button (an element, not a block) that opens a web page."""
    shown = text.plain(label, text.BUTTON)
    return ButtonElement(text=shown, action_id=OPEN, url=url)


def _confirm(label: str, about: str, keep: str) -> ConfirmObject:
    return ConfirmObject(
        title=text.plain(f"{label}?", 100),
        text=MarkdownTextObject(text=text.clip(about, 300)),
        confirm=text.plain(label, 30),
        deny=text.plain(keep, 30),
    )


def buttons(
    lines: Sequence[tuple[str, str]],
    *,
    block_id: str | None = None,
    danger: tuple[str, str] | None = None,
) -> ActionsBlock:
    """Draw a row of ``(label, command line)`` buttons, ``danger`` last and in red."""
    elements = [button(label, line, nth=n) for n, (label, line) in enumerate(lines, 1)]
    if danger:
        elements.append(button(*danger, nth=len(elements) + 1, style="danger"))
    return ActionsBlock(block_id=block_id, elements=elements)


def pager(
    line: str, page: int, *, more: bool, block_id: str | None = None, step: int = 1
) -> list[Block]:
    """Draw *Previous* and *Next* for the list that ``line`` draws, where they exist.

    Each turns ``step`` pages.
    """
    turns = [("Previous", max(page - step, 1))] if page > 1 else []
    turns += [("Next", page + step)] if more else []
    elements = [
        button(label, f"{line} page:{to}", nth=to, verb="turn") for label, to in turns
    ]
    return [ActionsBlock(block_id=block_id, elements=elements)] if elements else []


def fallback_text(prompt: str, options: Sequence[Choosable]) -> str:
    """Return a question with its options, for notifications and screen readers."""
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
    """Draw a question; ``template`` is run with the chosen value in its blank.

    A short line fits into the ``block_id`` of a menu, a longer one into the values of
    buttons: so nothing has to be stored. For one that is longer still, the text is
    given back.
    """
    asked = section(text.escape(prompt))
    if len(template) <= text.BLOCK_ID:
        select = _select(options, source)
        return [asked, ActionsBlock(block_id=template, elements=[select])]
    lines = [(o.label, template.replace(text.BLANK, o.value)) for o in options]
    if lines and all(len(line) <= text.VALUE for _, line in lines):
        return [asked, *_pressed(lines)]
    return [asked, *_given_back(template)]


def _select(
    options: Sequence[Choosable], source: str | None
) -> StaticSelectElement | ExternalDataSelectElement:
    if source and len(options) > MOST_OPTIONS:
        return ExternalDataSelectElement(
            action_id=source, placeholder="Type to search", min_query_length=0
        )
    return StaticSelectElement(
        action_id="pick", placeholder="Choose", **listed(options)
    )


def _pressed(lines: Sequence[tuple[str, str]]) -> Iterable[Block]:
    elements = [
        button(label, line, nth=nth, verb="turn")
        for nth, (label, line) in enumerate(lines[:MOST_PRESSED], 1)
    ]
    yield ActionsBlock(elements=elements)
    if len(lines) > len(elements):
        yield context(
            f"The first {len(elements)} of {len(lines)}. For another, {NAME_IT}."
        )


def _given_back(template: str) -> Iterable[Block]:
    """Yield a person's text, which is too long for a button, to send it again."""
    before, _, after = template.partition(text.BLANK)
    said = "Your text is too long to be kept while you choose. Send it again, and"
    yield section(f"{said} {NAME_IT}: {text.code(f'{before}…')}. This is your text:")
    for start in range(0, len(after), PIECE):
        yield section(text.quote(after[start : start + PIECE].strip()))


class Message(NamedTuple):
    text: str
    blocks: Sequence[Block]
    shown: Mapping[str, Any] | None = None
    """Ids of what it shows, stored to redraw it."""

    def draw(self) -> list[dict[str, Any]]:
        """Return the blocks as Slack takes them, which costs more than to compose."""
        return [block.to_dict() for block in self.blocks]
