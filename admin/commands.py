"""The command table of the papers, drawn from what the handlers declare.

``python -m admin.commands`` writes it between two marks in each paper.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import handlers
from handlers.command import Command, Group
from settings import Settings

ROOT = Path(__file__).parent.parent
PAPERS = (ROOT / "README.md", ROOT / "docs" / "commands.md")
BEGIN, END = "<!-- commands:begin -->", "<!-- commands:end -->"
MENUS = {True: "the menu of a message", False: "the shortcuts menu"}


def main() -> None:
    """Write the table anew in every paper that has the marks."""
    drawn = table(handlers.GROUPS, str(Settings.model_fields["slash_command"].default))
    for paper in PAPERS:
        before = paper.read_text(encoding="utf-8")
        after = filled(before, drawn)
        paper.write_text(after, encoding="utf-8")
        changed = "unchanged" if before == after else "written"
        sys.stdout.write(f"{paper.relative_to(ROOT)}: {changed}\n")


def filled(paper: str, drawn: str) -> str:
    """Put the table between the marks; raise ``ValueError`` where they are missing."""
    if paper.count(BEGIN) != 1 or paper.count(END) != 1:
        raise ValueError(f"the paper needs one {BEGIN} and one {END}")
    head, _, rest = paper.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{drawn}\n{END}{tail}"


def table(groups: Sequence[Group], slash: str) -> str:
    """Draw every phrase and every shortcut as a Markdown table, in the help's order."""
    lines = chain(
        ["| Command | What it does |", "| --- | --- |"],
        chain.from_iterable(_phrases(group, slash) for group in groups),
        _shortcuts(groups),
    )
    return "\n".join(lines)


def _phrases(group: Group, slash: str) -> Iterator[str]:
    yield from _section(
        group.about,
        (
            (_code(f"{slash} {command.usage}".strip()), command)
            for command in group.commands.values()
            if not command.flags.hidden
        ),
    )


def _shortcuts(groups: Iterable[Group]) -> Iterator[str]:
    declared = chain.from_iterable(group.shortcuts.values() for group in groups)
    yield from _section(
        "Shortcuts",
        (
            (f"{_cell(c.flags.label)}, in {MENUS['message' in c.parameters]}", c)
            for c in declared
        ),
    )


def _section(title: str, rows: Iterable[tuple[str, Command]]) -> Iterator[str]:
    drawn = [f"| {name} | {_cell(command.help)} |" for name, command in rows]
    if drawn:
        yield f"| **{_cell(title)}** | |"
        yield from drawn


def _code(words: str) -> str:
    return f"`{words.replace('|', chr(92) + '|')}`"


def _cell(words: str) -> str:
    """Write words so that Markdown shows them as they are."""
    for special in "\\|`*_<":
        words = words.replace(special, f"\\{special}")
    return words


if __name__ == "__main__":
    main()
