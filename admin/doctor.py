"""Checks the settings and everything that they name, and says how to mend it."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any, TextIO

from admin import clock, incidentio_checks, slack_checks, storage_checks
from admin.finding import Finding
from admin.live import command
from admin.live.terminal import Terminal
from runtime.settings import Settings
from telemetry.logs import redact

Check = Callable[[], Iterable[Finding]]
HEADS = ("Check", "Result", "What it means, what to do")
NARROWEST, WIDEST = 60, 110


def run(
    settings: Settings,
    options: Sequence[str] = (),
    *,
    terminal: Terminal | None = None,
    **how: Any,
) -> int:
    """Print the table of findings; with ``--live`` try each promise, too.

    Returns 1 if there is a fault, or a promise is broken, and 2 for wrong options.
    ``how`` is for ``Live``.
    """
    try:
        asked = command.parse(options)
    except SystemExit as stop:
        return int(stop.code or 0)
    terminal = terminal or Terminal.of_process()
    if asked and not asked.yes and terminal.answer is None:
        terminal.say(command.UNASKED)
        return 2
    findings = examine(settings)
    print_table(findings, terminal.out)
    faulty = any(finding.result == "fault" for finding in findings)
    if asked is None:
        return int(faulty)
    if faulty:
        terminal.say("Nothing was tried: mend the faults first.")
        return 1
    return command.run(settings, asked, terminal, **how)


def examine(
    settings: Settings, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> list[Finding]:
    """Run every check in parallel; an unexpected error is a finding too."""
    checks: dict[str, Check] = {
        slack_checks.BOT: partial(slack_checks.bot_token, settings),
        slack_checks.APP: partial(slack_checks.app_token, settings),
        slack_checks.SIGNING: partial(slack_checks.signing_secret, settings),
        incidentio_checks.KEY: partial(incidentio_checks.api_key, settings),
        "Webhook secret": partial(incidentio_checks.webhook_secret, settings),
        storage_checks.DATABASE: partial(storage_checks.database, settings),
        storage_checks.FILES: partial(storage_checks.files, settings),
        clock.CHECK: partial(clock.clock, settings, now),
    }
    with ThreadPoolExecutor(len(checks)) as pool:
        begun = {name: pool.submit(_all, check) for name, check in checks.items()}
    return [finding for name, made in begun.items() for finding in _found(name, made)]


def print_table(findings: Sequence[Finding], out: TextIO | None = None) -> None:
    """Write the table to ``out`` or to standard output, as wide as the terminal."""
    out = out or sys.stdout
    width = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)
    rows = [(f.check, f.result, f.meaning) for f in findings]
    first, second = (max(len(row[i]) for row in [HEADS, *rows]) for i in (0, 1))
    indent = " " * (first + second + 4)
    for check, result, meaning in [HEADS, *rows]:
        lines = textwrap.wrap(redact(meaning), width - len(indent)) or [""]
        out.write(f"{check:{first}}  {result:{second}}  {lines[0]}\n")
        out.writelines(f"{indent}{line}\n" for line in lines[1:])
    out.write(f"\n{_summary(findings)}\n")


def _all(check: Check) -> list[Finding]:
    return list(check())


def _found(name: str, made: Future[list[Finding]]) -> list[Finding]:
    error = made.exception()
    if error is None:
        return made.result()
    first_line = str(error).partition("\n")[0]
    words = f"Could not be checked ({type(error).__name__}: {first_line})."
    return [Finding(name, "fault", words)]


def _summary(findings: Sequence[Finding]) -> str:
    results = [finding.result for finding in findings]
    faults, warnings = results.count("fault"), results.count("warning")
    if not faults and not warnings:
        return "All is well."
    return f"{_count(faults, 'fault')}, {_count(warnings, 'warning')}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
