"""Two plans, compared moment by moment."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentio import Handover, ScheduleEntry, User
from incidentio.on_call.handovers import latest, moved, next_handover
from incidentio.on_call.intervals import compare

START = datetime(2026, 3, 9, tzinfo=UTC)
HOURS = 24


def entry(start, end, who):
    return ScheduleEntry(
        start_at=START + timedelta(hours=start),
        end_at=START + timedelta(hours=end),
        user=User(id=who, name=who) if who else None,
        rotation_id="R",
        layer_id="L",
    )


def plan(draw):
    edges = draw(st.lists(st.integers(-3, HOURS + 3), max_size=8, unique=True))
    edges.sort()
    who = [draw(st.sampled_from(["A", "B", None])) for _ in edges[1:]]
    return [entry(*span) for span in zip(edges, edges[1:], who, strict=False)]


def at(entries, hour):
    moment = START + timedelta(hours=hour, minutes=30)
    found = [e for e in entries if e.start_at <= moment < e.end_at and e.user]
    return found[0].user.id if found else None


@given(st.data())
def test_at_every_moment_it_says_what_both_plans_say(data):
    new, old = plan(data.draw), plan(data.draw)
    found = compare(new, old, START, START + timedelta(hours=HOURS))
    for hour in range(HOURS):
        moment = START + timedelta(hours=hour, minutes=30)
        here = [s for s in found if s.start <= moment < s.end]
        said = (at(new, hour), at(old, hour))
        if said == (None, None):
            assert here == []
        else:
            (interval,) = here
            who = (interval.user, interval.before)
            assert tuple(u and u.id for u in who) == said
            assert interval.changed == (said[0] != said[1])
    joined = [(a, b) for a, b in itertools.pairwise(found) if a.end == b.start]
    assert all((a.user, a.before) != (b.user, b.before) for a, b in joined)


LONDON = ZoneInfo("Europe/London")
MOMENTS = st.integers(0, 5_000_000).map(
    lambda minutes: datetime(2024, 2, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
WEEKLY = [Handover(interval=1, interval_type="weekly")]


@pytest.mark.parametrize(
    ("handovers", "expected"),
    [
        ([(1, "weekly")], "2026-03-30T08:00:00+00:00"),
        ([(2, "weekly")], "2026-03-30T08:00:00+00:00"),
        ([(1, "daily")], "2026-03-29T08:00:00+00:00"),
        ([(8, "hourly")], "2026-03-28T17:00:00+00:00"),
        ([(1, "daily"), (3, "daily")], "2026-03-30T08:00:00+00:00"),
        ([(1, "fortnightly")], None),
        ([(0, "daily")], None),
        ([], None),
    ],
)
def test_the_next_handover_keeps_its_time_of_day_over_the_change_to_summer_time(
    handovers, expected
):
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    several = [Handover(interval=n, interval_type=kind) for n, kind in handovers]
    now = datetime(2026, 3, 28, 9, 30, tzinfo=UTC)
    found = next_handover(start, several, LONDON, now)
    assert (found and found.isoformat()) == expected


@given(MOMENTS)
def test_the_next_handover_is_after_now_and_within_a_week(now):
    start = datetime(2024, 1, 15, 9, tzinfo=UTC)
    found = next_handover(start, WEEKLY, LONDON, now)
    assert now < found <= now + timedelta(days=7, hours=1)
    assert found.astimezone(LONDON).strftime("%a %H:%M") == "Mon 09:00"


@given(
    MOMENTS,
    st.integers(0, 6),
    st.times(),
    st.sampled_from(["weekly", "daily"]),
)
def test_the_latest_start_is_not_after_now(now, day, time, kind):
    time = time.replace(second=0, microsecond=0)
    found = latest(kind, day, time, LONDON, now)
    longest = timedelta(days=7 if kind == "weekly" else 1, hours=2)
    assert now - longest <= found <= now
    again = moved(found, kind, day, time, LONDON)
    assert again.astimezone(UTC) == found
