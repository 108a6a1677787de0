"""Telling those who follow an incident, and reading what was told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.incidents.updates import steps
from blocks.kit import text
from handlers.core.arguments.tokens import as_typed, split
from incidentio import IncidentUpdate
from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import keep_out, updates_of

UPDATES = "/v2/incident_updates"


def test_an_update_carries_message_severity_and_status_in_one_call(ana, world):
    ana.types("/io update INC-39")
    assert ana.modal.title == "Update INC-39"
    ana.submits(message="Rolling back", severity="Critical", status="Fixing")

    (request,) = writes(world)
    assert request.path == UPDATES
    latest = updates_of(world, 39)[0]
    assert latest.message == "Rolling back"
    assert (
        "is now *Critical* (was Major) and *Fixing* (was Investigating), by <@U0ANA>."
        in ana.last.text
    )


def test_only_a_message_leaves_severity_and_status_alone(ana, world):
    ana.types("/io update INC-39", channel="C0INC39")
    ana.submits(message="Still looking")

    (request,) = writes(world)
    assert set(request.json) == {"idempotency_key", "incident_id", "message"}
    (theirs,) = ana.sees("C0INC39")
    assert (theirs.user, theirs.text) == ("U0INCIDENTIO", "Still looking")


def test_what_was_not_touched_is_not_put_back(ana, world):
    ana.types("/io update INC-39")
    store = world.incidentio.store
    row = store.incident("39")
    row.severity_id = next(s["id"] for s in store.severities if s["name"] == "Critical")

    ana.submits(message="Still looking")

    assert world.incidentio.incident(39)["severity"]["name"] == "Critical"


def test_words_are_looked_at_once_more_in_the_form(ana, world):
    ana.types('/io update INC-39 we are "failing over"\nto Paris & Rome')

    assert writes(world) == []
    value = ana.modal.fields["message"].value
    assert value == 'we are "failing over"\nto Paris & Rome'
    ana.submits()
    assert updates_of(world, 39)[0].message == value


def test_an_update_says_something(ana, world):
    ana.types("/io update INC-39")
    ana.submits()

    assert "Write a message" in ana.modal.errors["message"]
    assert writes(world) == []


def test_closing_with_an_update_is_asked_again_and_the_message_kept(ana, world):
    ana.types("/io update INC-24")
    ana.submits(message="Fixed for good", status="Closed")
    assert ana.modal.submit == "Close incident"

    ana.submits()
    latest = updates_of(world, 24)[0]
    assert latest.message == "Fixed for good"
    assert world.incidentio.incident(24)["incident_status"]["name"] == "Closed"


def test_the_card_of_an_incident_leads_to_the_form(ana):
    ana.types("/io incident INC-39")
    ana.presses("Post update")
    assert ana.modal.title == "Update INC-39"


@pytest.mark.parametrize("budget", [0])
def test_a_slow_incidentio_is_answered_once_it_is_done(ana, bot, world):
    world.incidentio.fail("POST", UPDATES, delay=0.3, times=1)
    ana.types("/io update INC-39")
    ana.submits(message="Slow but sure")

    assert bot.wait_idle()
    assert updates_of(world, 39)[0].message == "Slow but sure"
    assert len(writes(world)) == 1
    assert "was shared by <@U0ANA>." in ana.last.text


def test_when_incidentio_limits_requests_what_was_typed_is_kept(ana, world):
    limit = {"rate_limit": {"name": "x", "limit": 1, "remaining": 0}}
    headers = {"Retry-After": "60"}
    world.incidentio.fail("POST", UPDATES, status=429, body=limit, headers=headers)

    ana.types("/io update INC-39")
    ana.submits(message="Do not lose me")

    assert "limiting requests" in ana.modal.words
    assert ana.modal.fields["message"].value == "Do not lose me"


def test_mentions_in_a_message_page_nobody(ana):
    ana.types("/io update INC-39")
    ana.submits(message="<!channel> look & see")
    ana.types("/io updates INC-39")
    assert "&lt;!channel&gt; look &amp; see" in str(ana.last.blocks)


def test_updates_are_listed_newest_first_with_old_and_new(ana, world):
    ana.types("/io severity INC-39 critical")
    ana.types("/io status INC-39 fixing")
    ana.types("/io updates INC-39")

    words = ana.last.words
    assert "Status: Investigating → *Fixing*" in words
    assert "Severity: Major → *Critical*" in words
    assert words.index("Fixing*") < words.index("Critical*")
    assert "incidentio-bot" in words
    assert "severity still Critical" in words


def test_a_long_message_leads_to_the_whole(ana, world):
    ana.types("/io update INC-39 news")
    ana.submits()
    updates_of(world)[0].message = "x" * 2500
    ana.types("/io updates INC-39")
    assert "x…" in ana.last.words
    assert "|Read all of it in incident.io>" in ana.last.words


def test_many_updates_are_turned_page_by_page(ana):
    for n in range(8):
        ana.types(f"/io update INC-39 number {n}")
        ana.submits()
    ana.types("/io updates INC-39")
    assert "number 7" in ana.last.words
    assert "number 0" not in ana.last.words

    ana.presses("Next")
    assert "number 0" in ana.last.words
    assert "number 7" not in ana.last.words
    ana.presses("Previous")
    assert "number 7" in ana.last.words


def test_updates_of_a_private_incident_are_not_for_outsiders(person, world):
    keep_out(world, "01HUSER00000000000000CHI00")
    chi = person("chi")
    chi.types("/io updates INC-36")
    assert "There is no incident INC-36" in chi.last.text


word = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"]), min_size=1)


@given(st.lists(word, min_size=2, max_size=5), st.sampled_from([" ", "\n", " \n  "]))
def test_words_keep_the_gaps_they_were_typed_with(typed, gap):
    message = gap.join(
        word.replace("&", "and").replace("<", "") or "x" for word in typed
    )
    line = f"INC-39 {message}"
    assert as_typed(line, " ".join(split(line)[1:])) == message


def test_what_looks_escaped_is_what_was_typed(ana):
    ana.types("/io update INC-39 the page shows &lt;b&gt; and &amp;")
    message = ana.modal.state["message"]["message"]["value"]
    assert message == "the page shows &lt;b&gt; and &amp;"


def test_links_lose_the_brackets_that_slack_sends_them_in():
    line = text.typed("INC-1 see <https://a.example/x?a=1&amp;b=2> now")
    assert (
        as_typed(line, line.partition(" ")[2]) == "see https://a.example/x?a=1&b=2 now"
    )


@given(st.lists(st.datetimes(), max_size=6))
def test_each_update_is_set_beside_the_one_before_it(moments):
    updates = [
        IncidentUpdate(id=str(n), incident_id="i", created_at=m)
        for n, m in enumerate(moments)
    ]
    pairs = steps(updates)
    assert [p.before for p in pairs[:-1]] == [p.update for p in pairs[1:]]
    assert all(
        p.before is None or p.before.created_at <= p.update.created_at for p in pairs
    )


def test_a_colon_shares_at_once(ana, world):
    ana.types("/io update: We found  it", channel="C0INC39")

    assert ana.modal is None
    (request,) = writes(world)
    assert request.json["message"] == "We found  it"
    assert "An update on" in ana.last.text
