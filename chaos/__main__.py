"""Run the faults, or those that are named: ``python -m chaos [NAME…]``.

Each runs in a process of its own, several at once, and is stopped with all that it
started, however it ends. The exit code is 1 if anything was lost, doubled or wrongly
said, or if a fault could not be run to its end.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from benchmarks.figures import table
from benchmarks.servers import ROOT
from chaos.fault import Skipped
from chaos.faults import FAULTS
from chaos.processes import RUN, left_behind
from chaos.verdict import HEAD, Verdict, judge, rows

PARALLEL_FAULTS = 8
LONGEST = 900.0
"""Seconds after which a fault is stopped."""
ONE = "--one"
LOG = "harness.log"
"""The file with the output of a fault's own process."""


def main(arguments: Sequence[str]) -> int:
    if arguments[:1] == [ONE]:
        return _one(arguments[1], Path(arguments[2]))
    unknown = [name for name in arguments if name not in FAULTS]
    if unknown:
        print(f"There are {', '.join(FAULTS)}; not {', '.join(unknown)}.")
        return 2
    began = time.monotonic()
    with ThreadPoolExecutor(PARALLEL_FAULTS) as pool:
        verdicts = list(pool.map(_in_a_process, arguments or FAULTS))
    print("# Faults\n")
    print(table(HEAD, rows(verdicts)))
    for verdict in verdicts:
        for said in verdict.findings:
            print(f"\n- {verdict.fault}, {said}", end="")
    print(f"\n\nAll of it took {time.monotonic() - began:.0f} s.")
    return int(any(verdict.bad for verdict in verdicts))


def _in_a_process(name: str) -> Verdict:
    """Run one fault in a process of its own, and end whatever it leaves behind."""
    run = uuid4().hex
    folder = Path(tempfile.mkdtemp(prefix=f"chaos-{name}-"))
    # PostgreSQL runs as a user of its own, who must get to its files.
    folder.chmod(0o755)
    command = [sys.executable, "-m", "chaos", ONE, name, str(folder)]
    if FAULTS[name].own_mounts and os.geteuid() == 0:
        command = ["unshare", "--mount", *command]
    log = folder / LOG
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, RUN: run},
            stdout=output,
            stderr=output,
        )
        try:
            process.wait(LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
        finally:
            _end(run)
    verdict = _read(name, folder, log)
    if not verdict.bad:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{name}: {_summed(verdict)}", file=sys.stderr, flush=True)
    return verdict


def _read(name: str, folder: Path, log: Path) -> Verdict:
    found = folder / "verdict.json"
    if found.exists():
        return Verdict(**json.loads(found.read_text()))
    last = log.read_text(errors="replace").strip().splitlines()[-1:]
    ended = " ".join(last) or f"stopped after {LONGEST:.0f} s"
    return Verdict(name, "the fault was not finished", lost=[f"{ended}; see {log}"])


def _summed(verdict: Verdict) -> str:
    if verdict.skipped:
        return f"not run: {verdict.skipped}"
    counts = len(verdict.lost), len(verdict.doubled), len(verdict.wrong)
    return "{} lost, {} doubled, {} wrongly said".format(*counts) + (
        f", in {verdict.seconds:.0f} s"
    )


def _end(run: str) -> None:
    """Kill -9 what is left of a run."""
    while pids := left_behind(run):
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)


def _one(name: str, folder: Path) -> int:
    """Run one fault in this process, and write its verdict to the folder."""
    fault, verdict = FAULTS[name], Verdict(name)
    began = time.monotonic()
    with fault.stage(folder) as stage:
        try:
            verdict.did = fault.act(stage)
        except Skipped as why:
            verdict.skipped = str(why)
        else:
            verdict.recovered = stage.settle(fault.settles)
            judge(verdict, stage)
    verdict.seconds = time.monotonic() - began
    (folder / "verdict.json").write_text(json.dumps(verdict.to_json()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
