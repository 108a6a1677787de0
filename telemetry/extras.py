"""Packages that are installed only where somebody wants them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class NotInstalled(Exception):
    """Something is configured whose packages are not installed."""


@contextmanager
def importing(configured: str) -> Iterator[None]:
    """Import optional packages in the block; ``configured`` is what asks for them.

    Raises: NotInstalled.
    """
    try:
        yield
    except ImportError as error:
        raise NotInstalled(
            f"{configured} is set, but {error.name} is not installed. Install it with "
            "`pip install --require-hashes -r requirements-extras.txt`, or unset it."
        ) from error
