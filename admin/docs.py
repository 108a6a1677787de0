"""Writes the table of commands in docs/commands.md from what the handlers declare.

``python -m admin.docs`` puts it between two marks in that file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import handlers
from handlers.core.command import Command, Group
from handlers.core.permissions import Level
from runtime.settings import Settings

ROOT = Path(__file__).parent.parent
COMMANDS = ROOT / "docs" / "commands.md"
BEGIN, END = "<!-- commands:begin -->", "<!-- commands:end -->"
HEAD = ["Command", "What it does", "Level", "Key role", "Further Slack scopes"]
USUAL = {"commands", "channels:read", "groups:read", "users:read", "users:read.email"}
"""The scopes that every command needs."""
SAYING = {"chat:write", "chat:write.public", "im:write"}
MENUS = {True: "the menu of a message", False: "the shortcuts menu"}


def main() -> None:
    """Rewrite the table in docs/commands.md."""
    slash = str(Settings.model_fields["slash_command"].default)
    before = COMMANDS.read_text(encoding="utf-8")
    after = replace_table(before, table(handlers.GROUPS, slash))
    COMMANDS.write_text(after, encoding="utf-8")
    changed = "unchanged" if before == after else "written"
    sys.stdout.write(f"{COMMANDS.relative_to(ROOT)}: {changed}\n")


def replace_table(page: str, drawn: str) -> str:
    """Return a page with ``drawn`` between its marks.

    Raises:
        ValueError: a mark is missing, or comes twice.
    """
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        raise ValueError(f"the page needs one {BEGIN} and one {END}")
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{drawn}\n{END}{tail}"


def table(groups: Sequence[Group], slash: str) -> str:
    """Draw every phrase and every shortcut as a Markdown table, in the help's order.

    Each row says what a command needs of the person, of the API key and of the app.
    """
    lines = [_line(HEAD), _line(["---"] * len(HEAD))]
    for group in groups:
        shown = (c for c in group.commands.values() if not c.flags.hidden)
        rows = [_row(_code(f"{slash} {c.usage}".strip()), c) for c in shown]
        lines += _section(group.about, rows)
    declared = chain.from_iterable(group.shortcuts.values() for group in groups)
    rows = [_row(_menu(c), c) for c in declared]
    return "\n".join([*lines, *_section("Shortcuts", rows)])


def scopes(command: Command) -> list[str]:
    """Return the scopes that the Slack app needs for a command."""
    return sorted(USUAL | SAYING if command.flags.level > Level.READ else USUAL)


def _menu(shortcut: Command) -> str:
    menu = MENUS["message" in shortcut.parameters]
    return f"{_cell(shortcut.flags.label)}, in {menu}"


def _row(name: str, command: Command) -> list[str]:
    roles = " or ".join(_code(role) for role in command.flags.needs.roles)
    further = " ".join(_code(scope) for scope in scopes(command) if scope not in USUAL)
    level = _code(command.flags.level.word)
    also = ", ".join(_code(alias) for alias in command.aliases)
    said = _cell(command.help) + (f" Also {also}." if also else "")
    return [name, said, level, roles, further]


def _section(title: str, rows: Sequence[list[str]]) -> list[str]:
    head = [f"**{_cell(title)}**", *[""] * (len(HEAD) - 1)]
    return [_line(head), *map(_line, rows)] if rows else []


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  ", "| ")


def _code(words: str) -> str:
    return f"`{words.replace('|', chr(92) + '|')}`"


def _cell(words: str) -> str:
    """Escape words so that Markdown shows them as they are."""
    for special in "\\|`*_<":
        words = words.replace(special, f"\\{special}")
    return words


if __name__ == "__main__":
    main()
