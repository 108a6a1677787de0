"""What an override form does not take, said beside the field that mends it."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.on_call.override_draft import LONGEST, rest_of_shift, rounded_up
from incidentio import ScheduleEntry
from tests.fixtures import START


@pytest.fixture
def refused(ana, world):
    """Submit a form for Payments; give the errors, after which nothing is made."""

    def submit(**values):
        ana.types("/io override Payments")
        for name, value in values.items():
            ana.fills(**{name: value})
        sent = ana.submits()
        assert len(list(world.incidentio.store.overrides)) == 1
        found = sent.answer["errors"]
        ana.closes()
        return {name.partition("#")[0]: words for name, words in found.items()}

    return submit


def test_a_window_that_is_empty_inverted_over_or_very_long(refused):
    later, earlier = START + timedelta(hours=1), START - timedelta(hours=1)
    for start, end, said in (
        (START, START, "The end has to be after the start."),
        (later, START, "The end has to be after the start."),
        (earlier - timedelta(hours=2), earlier, "That is over already"),
        (START, START + timedelta(days=61), "At most 60 days at a time"),
    ):
        assert said in refused(start_at=start, end_at=end)["end_at"]


def test_a_person_without_an_active_account(refused):
    for handle, why in (
        ("max", "has no account in incident.io."),
        ("lee", "account in incident.io is deactivated."),
    ):
        assert why in refused(user=handle)["user"]


def test_a_person_who_is_on_call_all_that_time_anyway(refused):
    assert "Hana Sato is on call for all of that" in refused(user="hana")["user"]


def test_an_override_that_is_in_the_way_is_named(refused):
    start = START + timedelta(days=1)
    errors = refused(start_at=start, end_at=start + timedelta(hours=5))
    assert (
        "Overlaps an override: Gus Lindqvist, Tue 10 Mar 10:00 to Tue 10 Mar 13:00 "
        "(Europe/Lisbon)" in errors["start_at"]
    )


def test_an_account_made_since_is_found_by_its_email(ana, bot, world):
    user = world.incidentio.store.user(field="slack_user_id", value="U0GUS")
    user["slack_user_id"] = ""
    bot.services.catalog.expire("users")
    ana.types("/io override Payments")

    ana.fills(user="gus")
    assert "change nothing else here" in ana.modal.words

    assert ana.submits().errors == {}
    assert len(world.slack.person("gus").dm) == 1


def test_a_schedule_deleted_since_the_form_was_opened(ana, world):
    ana.types("/io override Payments")
    store = world.incidentio.store.schedules
    store.remove(next(row["id"] for row in store if row["name"] == "Payments"))
    world.incidentio.fail("GET", "/v2/schedule_entries", status=404)

    ana.submits(user="gus")

    assert "does not exist, or no longer" in ana.modal.words


def test_what_incidentio_refuses_is_said_beside_the_field(ana, world):
    problem = {
        "code": "overlap",
        "message": "This override overlaps another override.",
        "source": {"field": "end_at", "pointer": "end_at"},
    }
    body = {"type": "validation_error", "status": 422, "errors": [problem]}
    world.incidentio.fail("POST", "/v2/schedule_overrides", status=422, body=body)
    ana.types("/io override Payments")

    sent = ana.submits(user="gus")

    (said,) = sent.answer["errors"].values()
    assert said == problem["message"]


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"status": 401}, "does not accept the bot's API key"),
    ({"status": 403}, "The bot's API key may not do this"),
    ({"drop": "before"}, "incident.io does not answer"),
    ({"status": 500}, "It is not known whether"),
    ({"status": 200, "body": "<h1>Oops</h1>"}, "It is not known"),
]


def test_what_fails_keeps_the_form_and_says_why(ana, world):
    ana.types("/io override Payments")
    for fault, said in FAULTS:
        world.incidentio.fail("POST", "/v2/schedule_overrides", **fault)
        ana.submits(user="gus")

        assert said in ana.modal.words
        assert ana.modal.fields["user"].value == "U0GUS"

    world.incidentio.clear_faults()
    assert ana.submits().errors == {}
    assert len(list(world.incidentio.store.overrides)) == 2


@given(st.datetimes().map(lambda d: d.replace(tzinfo=START.tzinfo)))
def test_rounding_up_adds_less_than_five_minutes(moment):
    if moment.year > 9998:
        return
    rounded = rounded_up(moment)
    assert timedelta() <= rounded - moment < timedelta(minutes=5)
    assert (rounded.minute % 5, rounded.second, rounded.microsecond) == (0, 0, 0)


hours = st.integers(-2000, 2000)


@given(st.lists(st.tuples(hours, st.integers(1, 2000))))
def test_a_proposed_end_is_always_a_window_that_is_taken(spans):
    shifts = [
        ScheduleEntry(
            start_at=START + timedelta(hours=start),
            end_at=START + timedelta(hours=start + length),
        )
        for start, length in spans
    ]
    assert timedelta() < rest_of_shift(shifts, START) - START <= LONGEST
