"""The tables of commands in the papers, drawn from what the handlers declare.

``python -m admin.commands`` writes it between two marks in each paper.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path

import handlers
from handlers.core.command import Command, Group
from handlers.core.levels import Level
from runtime.settings import Settings

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- commands:begin -->", "<!-- commands:end -->"
USUAL = {"commands", "channels:read", "groups:read", "users:read", "users:read.email"}
"""To hear a command, and to know who asks and which incident's channel it is."""
SAYING = {"chat:write", "chat:write.public", "im:write"}
MENUS = {True: "the menu of a message", False: "the shortcuts menu"}

Draw = Callable[[Sequence[Group], str], str]
Row = Callable[[str, Command], list[str]]


def main() -> None:
    """Write the table anew in every paper that has the marks."""
    slash = str(Settings.model_fields["slash_command"].default)
    for paper, draw in PAPERS.items():
        before = paper.read_text(encoding="utf-8")
        after = filled(before, draw(handlers.GROUPS, slash))
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
    return _drawn(groups, slash, ["Command", "What it does"], _brief)


def detailed(groups: Sequence[Group], slash: str) -> str:
    """The same, with what each takes of the person, the API key and the Slack app."""
    head = ["Command", "What it does", "Level", "Key role", "Further Slack scopes"]
    return _drawn(groups, slash, head, _whole)


PAPERS: dict[Path, Draw] = {
    ROOT / "README.md": table,
    ROOT / "docs" / "commands.md": detailed,
}


def scopes(command: Command) -> list[str]:
    """Give what the Slack app needs for it."""
    return sorted(USUAL | SAYING if command.flags.level > Level.READ else USUAL)


def _drawn(groups: Sequence[Group], slash: str, head: list[str], row: Row) -> str:
    lines = [_line(head), _line(["---"] * len(head))]
    for group in groups:
        shown = (c for c in group.commands.values() if not c.flags.hidden)
        rows = [row(_code(f"{slash} {c.usage}".strip()), c) for c in shown]
        lines += _section(group.about, rows, len(head))
    declared = chain.from_iterable(group.shortcuts.values() for group in groups)
    rows = [row(_menu(c), c) for c in declared]
    return "\n".join([*lines, *_section("Shortcuts", rows, len(head))])


def _menu(shortcut: Command) -> str:
    menu = MENUS["message" in shortcut.parameters]
    return f"{_cell(shortcut.flags.label)}, in {menu}"


def _brief(name: str, command: Command) -> list[str]:
    return [name, _cell(command.help)]


def _whole(name: str, command: Command) -> list[str]:
    roles = " or ".join(_code(role) for role in command.flags.needs.roles)
    asked = " ".join(_code(scope) for scope in scopes(command) if scope not in USUAL)
    return [*_brief(name, command), _code(command.flags.level.word), roles, asked]


def _section(title: str, rows: Sequence[list[str]], width: int) -> list[str]:
    head = [f"**{_cell(title)}**", *[""] * (width - 1)]
    return [_line(head), *map(_line, rows)] if rows else []


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  ", "| ")


def _code(words: str) -> str:
    return f"`{words.replace('|', chr(92) + '|')}`"


def _cell(words: str) -> str:
    """Write words so that Markdown shows them as they are."""
    for special in "\\|`*_<":
        words = words.replace(special, f"\\{special}")
    return words


if __name__ == "__main__":
    main()
