"""Run the benchmarks, or those that are named: ``python -m benchmarks [name…]``."""

from __future__ import annotations

import os
import platform
import sys
from importlib import import_module
from importlib.metadata import version
from time import perf_counter

from benchmarks.figures import Figure, section, summary

NAMES = (
    "ack_in_process",
    "ack_over_http",
    "in_flight",
    "start",
    "memory",
    "reminder_sweep",
    "owner_digests",
    "vendor_requests",
    "doors",
    "replicas",
)
LONG = ("memory_long",)
"""Run only where they are named."""
PACKAGES = ("slack-bolt", "slack-sdk", "gunicorn", "flask", "requests", "sqlalchemy")


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in NAMES + LONG]
    if unknown:
        print(f"There are {', '.join(NAMES + LONG)}; not {', '.join(unknown)}.")
        return 2
    began = perf_counter()
    print(f"# Benchmarks\n\n{machine()}", flush=True)
    found: list[Figure] = []
    for name in names or NAMES:
        # Imported when wanted, for processes started here import this file too.
        found += import_module(f"benchmarks.{name}").main() or ()
    section("Goals", "The figures above that have a goal.", summary(found))
    print(f"\nAll of it took {perf_counter() - began:.0f} s.")
    return 0


def machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; {versions}. Stand-ins, load and bot "
        "share the machine; look at ratios rather than at single figures."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
