"""The picture of the last weeks."""

from __future__ import annotations

import struct
import subprocess
import sys
from datetime import date, timedelta

import pytest

from blocks.reminders.summary import Week
from reminders.digests.chart import chart


def weeks(*rows):
    first = date(2026, 1, 12)
    return [Week(first + timedelta(weeks=n), *row) for n, row in enumerate(rows)]


@pytest.mark.parametrize(
    "row",
    [(0, 0, 0), (3, 2, 40), (999, 998, 1_000), (12_345, 1_000, 100_000)],
)
def test_any_weeks_are_drawn_at_the_width_of_a_message(row):
    drawn = chart(weeks(*[row] * 8))
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", drawn[16:24])
    assert (width, height) == (1200, 660)
    assert len(drawn) < 200_000


def test_the_same_weeks_are_the_same_picture():
    told = weeks((3, 2, 40), (12, 4, 48))
    assert chart(told) == chart(told)
    assert chart(told) != chart(weeks((3, 2, 40), (12, 5, 47)))


def test_nothing_is_loaded_before_something_is_drawn():
    code = "import sys, runtime; print('matplotlib' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert ran.stdout.strip() == b"False"


def test_no_figure_is_kept():
    chart(weeks((3, 2, 40), (12, 4, 48)))
    assert "matplotlib.pyplot" not in sys.modules
