import re
from collections import Counter

from sandbox.company import PEOPLE
from sandbox.incidentio import IncidentioSandbox


def test_two_stand_ins_start_alike(clock, incidentio):
    other = IncidentioSandbox(now=clock)
    for number in range(1, 41):
        assert other.incident(number) == incidentio.incident(number)


def test_ids_do_not_depend_on_the_day(clock, incidentio):
    before = dict(incidentio.store.numbers)
    clock.advance(days=3)
    assert IncidentioSandbox(now=clock).store.numbers == before
    assert all(
        re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", id_) for id_ in before.values()
    )


def test_the_organisation_is_as_promised(incidentio):
    org = incidentio.store
    accounts = [person for person in PEOPLE if person.incidentio_id]
    assert len(org.users) == len(accounts) == 12
    assert (len(org.schedules), len(org.severities), len(org.types)) == (3, 4, 3)
    assert len({field["field_type"] for field in org.custom_fields}) == 5
    assert len({status["category"] for status in org.statuses}) == 8
    assert (len(org.incidents), len(org.follow_ups)) == (40, 120)
    assert len(org.actions) >= 30


def test_incidents_are_of_every_sort(incidentio):
    org = incidentio.store
    categories = Counter(org.category(row) for row in org.incidents)
    assert set(categories) == {status["category"] for status in org.statuses}
    assert categories["live"] == 8
    private = [row for row in org.incidents if row.visibility == "private"]
    assert len(private) == 4
    assert all(row.created_at <= row.updated_at <= org.now() for row in org.incidents)


def test_follow_ups_are_of_every_sort(incidentio):
    rows = list(incidentio.store.follow_ups)
    statuses = Counter(row.status for row in rows)
    assert min(statuses.values()) > 5
    assert {row.status for row in rows if row.completed_at} == {"completed"}
    assert len({row.priority_id for row in rows} - {None}) == 3
    assert any(row.assignee_id is None for row in rows)
    assert max(len(row.title) for row in rows) > 250


def test_without_history_there_is_only_configuration(clock):
    empty = IncidentioSandbox(now=clock, seed=False).store
    assert (len(empty.incidents), len(empty.severities)) == (0, 4)
