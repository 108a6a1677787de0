"""The version of the bot, and the commit that it runs from."""

from __future__ import annotations

import subprocess
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE = 2
"""Seconds to wait for git."""


@cache
def version() -> str:
    """Return the version in ``pyproject.toml``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


@cache
def commit() -> str | None:
    """Return the short hash of the checkout's commit; None outside of a checkout."""
    if not (ROOT / ".git").exists():
        return None
    asked = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    try:
        answer = subprocess.run(  # noqa: S603
            asked, capture_output=True, check=True, text=True, timeout=PATIENCE
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()


def release() -> str:
    """Return the version with its commit, as ``0.1.0+1a2b3c4``."""
    return f"{version()}+{commit()}" if commit() else version()
