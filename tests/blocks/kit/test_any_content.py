"""Whatever people and the API write, Slack takes what is drawn of it."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from blocks.incidents import card
from blocks.items import card as item_card
from blocks.kit import items, on_call, text
from blocks.schedules import card as schedules
from incidentio import Incident, Schedule, ScheduleEntry, User
from tests.blocks.drawing import (
    NOW,
    ids,
    links,
    moments,
    pages_nobody,
    people,
    problems,
    record,
    some,
    somebody,
    words,
)

named = record(id=ids, name=words)
custom_value = st.one_of(
    record(value_text=words),
    record(value_link=words),
    record(value_option=record(id=ids, value=words)),
)
any_incident = record(
    id=ids,
    reference=words,
    name=words,
    incident_status=record(id=ids, name=words, category=words),
    visibility=st.sampled_from(["public", "private", "secret"]),
    mode=words,
    summary=st.none() | words,
    severity=st.none() | record(id=ids, name=words, rank=st.integers(0, 9)),
    incident_type=st.none() | named,
    incident_role_assignments=some(
        record(
            role=record(id=ids, name=words, role_type=st.sampled_from(["lead", "x"])),
            assignee=people,
        ),
        most=8,
    ),
    custom_field_entries=some(
        record(
            custom_field=record(id=ids, name=words, field_type=words),
            values=some(custom_value, most=4),
        ),
        most=8,
    ),
    incident_timestamp_values=some(
        record(incident_timestamp=named, value=record(value=moments)), most=8
    ),
    duration_metrics=some(
        record(duration_metric=named, status=words, value_seconds=st.integers(0, 10**8))
    ),
    call_url=links,
    permalink=links,
    slack_channel_id=st.none() | st.just("C0INC"),
    postmortem_document_url=links,
    creator=record(user=people),
    created_at=st.none() | moments,
).map(Incident.model_validate)


@given(any_incident)
def test_an_incidents_card(incident):
    blocks = card.card(incident, NOW)
    assert problems(blocks) == []
    assert pages_nobody(blocks)


@given(st.lists(any_incident, max_size=42), words)
def test_a_list_of_incidents(found, heading):
    listed = card.IncidentList(heading, found, found, total=card.totals(found))
    assert problems(card.listing(listed, NOW)) == []


lines = st.builds(
    items.ItemLine,
    kind=st.sampled_from([items.ACTION, items.FOLLOW_UP]),
    id=ids,
    title=words,
    status=st.sampled_from(["outstanding", "completed", "not_doing"]) | words,
    owner=st.just("<@U0ANA>"),
    since=st.none() | moments,
    finished=st.none() | moments,
    priority=st.none() | words,
    url=st.none() | st.just("https://acme.example/a?b=c&d=<e>"),
    incident=st.none() | st.just("*INC-1*"),
    snoozed=st.none() | moments,
)


@given(st.lists(lines, max_size=8))
def test_a_list_of_items(found):
    blocks = items.listing("*Follow-ups*", found, origin="followups", now=NOW)
    assert problems(blocks) == []
    assert pages_nobody(blocks)


some_facts = st.lists(st.tuples(words, words.map(text.inline)), max_size=12)
"""Values are mrkdwn."""


@given(lines, any_incident, some_facts, words)
def test_an_items_card(line, incident, facts, description):
    blocks = item_card.card(line, incident, facts, description)
    assert problems(blocks) == []
    assert pages_nobody(blocks)


shifts = record(start_at=moments, hours=st.integers(0, 200), user=people).map(
    lambda s: ScheduleEntry(
        start_at=s["start_at"],
        end_at=s["start_at"] + timedelta(hours=s["hours"]),
        user=s["user"] and User.model_validate(s["user"]),
    )
)
rotations = record(id=ids, name=words, users=some(somebody))
any_schedule = record(
    id=ids,
    name=words,
    timezone=st.sampled_from(["Europe/Lisbon", "Mars/Base", "", "../etc"]),
    permalink=links,
    config=record(rotations=some(rotations, most=12)),
).map(Schedule.model_validate)


@given(some(any_schedule, most=10), some(shifts))
def test_a_list_of_schedules(found, current):
    shifts_ = {"current_shifts": tuple(current)}
    rows = [
        schedules.ListedSchedule(s.model_copy(update=shifts_), s.rotations)
        for s in found
    ]
    blocks = schedules.listing(rows, now=NOW)
    assert problems(blocks) == []
    assert pages_nobody(blocks)


@given(any_schedule, st.lists(shifts, max_size=40), words)
def test_the_entries_of_a_schedule(schedule, found, place):
    rows = [schedules.ListedShift(shift, place, is_override=True) for shift in found]
    heading = on_call.title(schedule)
    blocks = schedules.entries(rows, heading, total=len(rows), schedule=schedule)
    assert problems(blocks) == []
    assert pages_nobody(blocks)
