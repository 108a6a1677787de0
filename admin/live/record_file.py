"""The file of a record, which only its owner can read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Self

from storage.private_files import OWNER_ONLY


class RecordFile:
    """A file that is opened before anything is tried, so that it fails early."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        self._out = os.fdopen(os.open(self._path, flags, OWNER_ONLY), "w")
        os.fchmod(self._out.fileno(), OWNER_ONLY)
        return self

    def __exit__(self, *_: object) -> None:
        self._out.close()

    def write(self, document: Any) -> None:
        json.dump(document, self._out, indent=1, ensure_ascii=False)
        self._out.write("\n")
