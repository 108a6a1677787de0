"""Measures the same as ``memory`` over 100,000 commands: ten minutes and more."""

from __future__ import annotations

from benchmarks import memory
from benchmarks.figures import Figure


def main() -> list[Figure]:
    return memory.main(100_000)
