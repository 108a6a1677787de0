from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.incidentio.schedules.rota import Shift, merged, scheduled

LONDON = ZoneInfo("Europe/London")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rotation(*people, every="weekly", interval=1, layers=1, hours=(), **more):
    return {
        "id": "R",
        "layers": [{"id": f"L{n}", "name": f"Layer {n}"} for n in range(1, layers + 1)],
        "users": [{"id": person} for person in people],
        "handover_start_at": "2026-01-05T09:00:00Z",
        "handovers": [{"interval": interval, "interval_type": every}],
        "working_intervals": [
            {"weekday": day, "start_time": opens, "end_time": closes}
            for day, opens, closes in hours
        ],
    } | more


def plan(*rotations, start, end, zone=UTC):
    shifts = scheduled(list(rotations), zone, at(start), at(end))
    return [(s.user_id, s.start, s.end) for s in shifts]


def test_weeks_go_round():
    found = plan(rotation("a", "b"), start="2026-01-06", end="2026-01-20")
    assert [user for user, _, _ in found] == ["a", "b", "a"]
    assert found[0][1:] == (at("2026-01-05T09:00"), at("2026-01-12T09:00"))


def test_years_later_it_is_still_the_right_person():
    found = plan(rotation("a", "b", "c"), start="2036-01-08", end="2036-01-08T01:00")
    weeks = (at("2036-01-08") - at("2026-01-05T09:00")) // timedelta(weeks=1)
    assert [user for user, _, _ in found] == ["abc"[weeks % 3]]


def test_nobody_is_on_call_before_the_first_handover():
    found = plan(rotation("a"), start="2025-12-01", end="2026-01-05T10:00")
    assert [start for _, start, _ in found] == [at("2026-01-05T09:00")]


def test_each_layer_has_the_next_person():
    shifts = scheduled(
        [rotation("a", "b", "c", layers=2)], UTC, at("2026-01-06"), at("2026-01-07")
    )
    assert [(s.layer_id, s.user_id) for s in shifts] == [("L1", "a"), ("L2", "b")]


def test_handovers_keep_their_local_hour_when_clocks_change():
    found = plan(rotation("a", "b"), start="2026-03-24", end="2026-04-07", zone=LONDON)
    assert [start.hour for _, start, _ in found] == [9, 8, 8]


def test_hourly_handovers_do_not_care_about_clocks():
    found = plan(
        rotation("a", "b", every="hourly", interval=12),
        start="2026-03-28T22:00",
        end="2026-03-30",
        zone=LONDON,
    )
    assert {end - start for _, start, end in found} == {timedelta(hours=12)}


def test_intervals_apply_in_turn():
    handovers = [
        {"interval": 1, "interval_type": "daily"},
        {"interval": 3, "interval_type": "daily"},
    ]
    found = plan(
        rotation("a", "b", "c", handovers=handovers),
        start="2026-02-02T10:00",
        end="2026-02-09",
    )
    assert [(end - start).days for _, start, end in found] == [1, 3, 1, 3]


def test_working_hours_cut_the_turns():
    hours = [("monday", "09:00", "17:00"), ("tuesday", "09:00", "17:00")]
    found = plan(rotation("a", hours=hours), start="2026-01-12", end="2026-01-19")
    assert [(start, end) for _, start, end in found] == [
        (at("2026-01-12T09:00"), at("2026-01-12T17:00")),
        (at("2026-01-13T09:00"), at("2026-01-13T17:00")),
    ]


def test_a_night_shift_ends_on_the_next_day():
    hours = [("friday", "22:00", "06:00")]
    found = plan(rotation("a", hours=hours), start="2026-01-17", end="2026-01-18")
    assert [end for _, _, end in found] == [at("2026-01-17T06:00")]


def test_each_version_applies_from_its_date():
    later = rotation("z", effective_from="2026-01-14T12:00:00Z")
    found = plan(rotation("a"), later, start="2026-01-13", end="2026-01-16")
    assert found == [
        ("a", at("2026-01-12T09:00"), at("2026-01-14T12:00")),
        ("z", at("2026-01-14T12:00"), at("2026-01-19T09:00")),
    ]


def test_an_override_takes_its_time_out_of_one_layer_only():
    start, end = at("2026-01-05"), at("2026-01-06")
    both = [Shift("R", "L1", "a", start, end), Shift("R", "L2", "b", start, end)]
    noon, two = at("2026-01-05T12:00"), at("2026-01-05T14:00")
    final = merged(both, [Shift("R", "L1", "x", noon, two, "O")])
    assert [(s.layer_id, s.user_id, s.start, s.end) for s in final] == [
        ("L1", "a", start, noon),
        ("L2", "b", start, end),
        ("L1", "x", noon, two),
        ("L1", "a", two, end),
    ]
