"""Targets where follow-ups are shown: lists, one's own work, cards."""

from datetime import timedelta

import pytest

PATH = "/v2/policy_findings"


@pytest.fixture
def follow_up(world, clock):
    """Outstanding, of INC-27, Ana's, with no priority; added on a Monday."""
    org = world.incidentio.store
    incident = org.incident("27")
    row = next(
        row
        for row in org.follow_ups.after(group=incident.id, newest=False)
        if row.status == "outstanding"
    )
    row.assignee_id = org.user(field="slack_user_id", value="U0ANA")["id"]
    row.priority_id, row.created_at = None, clock()
    for other in list(org.findings):
        org.findings.remove(other.id)
    return row


def test_a_list_says_the_target(ana, follow_up):
    """20 working days after 9 March."""
    ana.types("/io followups INC-27")
    assert "target Mon 6 Apr" in ana.last.words


def test_a_due_date_is_called_one(ana, follow_up, world, clock):
    world.incidentio.store.add_finding(follow_up.id, clock() + timedelta(days=2))
    ana.types("/io followups INC-27")
    assert "due Wed 11 Mar" in ana.last.words


def test_ones_own_work_says_how_late_it_is(ana, follow_up, world, clock):
    world.incidentio.store.add_finding(follow_up.id, clock() - timedelta(days=3))
    ana.types("/io mine")
    found = ana.last.words
    for _ in range(5):
        if "overdue by 3 days" in found:
            break
        ana.presses("Next")
        found = ana.last.words
    assert "overdue by 3 days" in found


def test_the_card_says_the_target(ana, follow_up):
    ana.types(f"/io followup {follow_up.id}")
    assert "*Target*\n<!date^1775" in ana.last.words


def test_the_card_of_what_is_done_says_none(ana, follow_up):
    follow_up.status = "completed"
    ana.types(f"/io followup {follow_up.id}")
    assert "*Target*" not in ana.last.words


@pytest.mark.settings(
    follow_up_targets={"none": 1}, holidays="PT", timezone="Europe/Lisbon"
)
def test_settings_say_how_targets_are_reckoned(ana, follow_up):
    ana.types("/io followups INC-27")
    assert "target tomorrow" in ana.last.words


def test_without_the_role_the_target_is_reckoned(ana, follow_up, world, clock):
    world.incidentio.store.add_finding(follow_up.id, clock())
    world.incidentio.fail("GET", PATH, status=403)
    ana.types("/io followups INC-27")
    assert "target Mon 6 Apr" in ana.last.words


def test_due_dates_are_not_read_for_each_list(ana, follow_up, world):
    for _ in range(3):
        ana.types("/io followups INC-27")
    assert sum(r.path == PATH for r in world.incidentio.requests) == 1
