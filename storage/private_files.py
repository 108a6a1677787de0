"""Files that only their owner should read: the database of SQLite, and ``.env``."""

from __future__ import annotations

import logging
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

log = logging.getLogger(__name__)

OWNER_ONLY = 0o600
_OTHERS = 0o077


def files_of(database: Path) -> list[Path]:
    """Return the files of a SQLite database: data, log and index."""
    return [database, *(Path(f"{database}{more}") for more in ("-wal", "-shm"))]


def readable_by_others(path: Path) -> bool:
    """Return whether others than its owner may use a file; False if there is none."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return stat.S_ISREG(mode) and bool(mode & _OTHERS)


def keep_private(paths: Iterable[Path]) -> None:
    """Let only their owner use these files; log which others could use."""
    for path in filter(readable_by_others, paths):
        try:
            path.chmod(OWNER_ONLY)
        except OSError as error:
            log.warning("others can read %s: %s", path, error)
        else:
            log.warning("others could read %s; now only its owner can", path)
