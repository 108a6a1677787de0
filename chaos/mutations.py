"""Errors put into the bot on purpose, each of which a fault of ``chaos`` must show.

``python -m chaos.mutations [NAME…]`` tries each in a copy of this checkout. The exit
code is 1 if one is not caught.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import table
from benchmarks.servers import ROOT
from chaos.__main__ import LOG

PARALLEL_MUTANTS = 3
LEFT_OUT = (".git", ".venv", ".*cache", "__pycache__", ".hypothesis", "*.db*")


@dataclass(frozen=True, slots=True)
class Replacement:
    file: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Mutation:
    fault: str
    """The fault that shows it."""
    edits: Sequence[Replacement]


MUTATIONS = {
    "each machine's own clock decides who may take a write over": Mutation(
        "clock-minutes-ahead",
        [
            Replacement(
                "storage/journal.py",
                "        clock = self._database.now()\n",
                '        clock = __import__("datetime").datetime.now().astimezone()\n',
            )
        ],
    ),
    "a message in doubt is sent again without a look": Mutation(
        "slack-delivers-and-fails",
        [
            Replacement(
                "reminders/engine/deliver.py",
                "if slot.sending_at is None:",
                "if slot.sending_at is None or slot:",
            )
        ],
    ),
    "an answer of 500 says that nothing was posted": Mutation(
        "slack-delivers-and-fails",
        [
            Replacement(
                "reminders/engine/post.py",
                'f"Slack failed ({status})", maybe_sent=True',
                'f"Slack failed ({status})", maybe_sent=False',
            )
        ],
    ),
    "a dead worker's messages are not taken over": Mutation(
        "killed",
        [
            Replacement(
                "storage/slots.py",
                "or_(SlotRow.lease_until.is_(None), lapsed)",
                "or_(SlotRow.lease_until.is_(None), lapsed & lapsed.is_(None))",
            )
        ],
    ),
    "a repeated delivery is a new one": Mutation(
        "delivered-six-times",
        [
            Replacement(
                "handlers/core/pipeline/ledger.py",
                "self._journal.accept(\n            it.key,",
                'self._journal.accept(\n            f"{it.key}-{id(it)}",',
            )
        ],
    ),
    "a frozen replica asks for what another has taken over": Mutation(
        "frozen-replica",
        [
            Replacement(
                "handlers/core/pipeline/execution.py",
                "tracking_writes(ctx.may_write)",
                "tracking_writes()",
            )
        ],
    ),
    "what may have been made is not looked for": Mutation(
        "incidentio-makes-and-fails",
        [
            Replacement(
                "handlers/core/made_before.py", "if not ctx.in_doubt:", "if True:"
            )
        ],
    ),
    "what came of a write is said at once or never": Mutation(
        "slack-outage",
        [
            Replacement(
                "handlers/core/pipeline/bot.py",
                "outcome = replace(outcome, announcements=said)",
                "outcome = replace(outcome, announcements=said[:0])",
            )
        ],
    ),
    "PostgreSQL may confirm what it can lose": Mutation(
        "postgres-lost-tail",
        [Replacement("storage/postgresql.py", '"-c synchronous_commit=on"', '""')],
    ),
    "the clock waits for an hour": Mutation(
        "clock-jumps",
        [
            Replacement(
                "reminders/engine/clock.py",
                "            self._stopping.wait(self._every)",
                "            until = time.time() + self._every\n"
                "            while time.time() < until:\n"
                "                time.sleep(0.1)",
            ),
            Replacement(
                "reminders/engine/clock.py",
                "import logging\n",
                "import logging\nimport time\n",
            ),
        ],
    ),
}


def main(names: Sequence[str]) -> int:
    with ThreadPoolExecutor(PARALLEL_MUTANTS) as pool:
        wanted = names or MUTATIONS
        caught = dict(zip(wanted, pool.map(_caught, wanted), strict=True))
    rows = [(MUTATIONS[n].fault, n, said or "not caught") for n, said in caught.items()]
    print(table(("fault", "put into the bot", "caught"), rows))
    return int(not all(caught.values()))


def _caught(name: str) -> str:
    """Run the fault in a copy with the mutation; return its first finding."""
    mutation = MUTATIONS[name]
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder) / "bot"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        for edit in mutation.edits:
            mutate(copy, edit)
        done = subprocess.run(
            [sys.executable, "-m", "chaos", mutation.fault],
            cwd=copy,
            capture_output=True,
            text=True,
            check=False,
        )
    said = [line for line in done.stdout.splitlines() if line.startswith("- ")]
    found = [line for line in said if LOG not in line]
    return found[0].partition(", ")[2][:100] if found else ""


def mutate(root: Path, edit: Replacement) -> None:
    """Change one place of a file. Raises: ValueError if it is not there once."""
    path = root / edit.file
    text = path.read_text()
    if text.count(edit.before) != 1:
        raise ValueError(f"{edit.file} has not one place of {edit.before!r}")
    path.write_text(text.replace(edit.before, edit.after))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
