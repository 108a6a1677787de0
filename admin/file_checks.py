"""Checks that nobody but their owner can read the files that hold secrets and names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from admin.finding import Finding
from runtime.settings import SETTINGS_FILE, Settings
from storage.private_files import files_of, readable_by_others

CHECK = "Files"


def files(settings: Settings) -> Iterator[Finding]:
    """Find each file that others can read; say nothing where there is none."""
    url = make_url(settings.database_url)
    known = [SETTINGS_FILE]
    if url.get_backend_name() == "sqlite" and url.database:
        known += files_of(Path(url.database))
    open_ = " ".join(str(path) for path in known if readable_by_others(path))
    if open_:
        yield Finding(
            CHECK,
            "warning",
            f"Other users of this machine can read {open_}. The next start takes that "
            f"from them, if the files are the bot's own; or run: chmod 600 {open_}",
        )
