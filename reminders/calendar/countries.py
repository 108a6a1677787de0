"""The countries whose holidays are known, by name."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from incidentio.lookup import normal
from reminders.calendar.working_days import UnknownCountry, known

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def names() -> Mapping[str, str]:
    """Return the names by code, sorted by name: ``PT`` is ``Portugal``."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415

    named = {code: _spaced(name) for name, code, *_ in COUNTRIES.values()}
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def name(country: str) -> str:
    """Return the name of a country or of a part of one: ``Germany (BY)``."""
    code, _, part = country.partition("-")
    called = names().get(code, code)
    return f"{called} ({part})" if part else called


def search(query: str) -> list[str]:
    """Return the codes of the countries that a query may mean.

    The query is a part of a name, or a code; ``DE-BY`` is a part of a country.
    """
    wanted = normal(query)
    codes = [
        code
        for code, called in names().items()
        if wanted in normal(called) or wanted == normal(code)
    ]
    return codes or _part(wanted)


def _part(wanted: str) -> list[str]:
    try:
        return [known(wanted)] if "-" in wanted else []
    except UnknownCountry:
        return []


def _spaced(name: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return words.replace(" Of ", " of ").replace(" And ", " and ")
