"""The audit says nothing of private incidents to those who are not their people."""

import pytest

from tests.handlers.audit.test_audit import audited

PRIVATE = "C0INC36"
HIDDEN = ("36", "Leaked", "Major", "Critical", "C0INC", "ref ", "request ")


@pytest.fixture
def eve(person):
    return person("eve")


@pytest.fixture
def changed(eve, world):
    """A change that one of its people made, and one that was refused."""
    eve.types("/io severity 36 minor", channel=PRIVATE)
    eve.types("/io severity 36 minor", channel=PRIVATE)
    world.incidentio.requests.clear()


def reads(world):
    found = [r.path for r in world.incidentio.requests if r.method == "GET"]
    return [path for path in found if path.startswith("/v2/incidents/")]


def test_a_stranger_sees_only_that_something_was_done(changed, ben, world):
    found = audited(ben)

    assert len(found) == 2
    assert all("<@U0EVE> `severity` on a private incident\n" in e for e in found)
    assert not any(word in entry for word in HIDDEN for entry in found)
    assert not any(word in ben.last.text for word in HIDDEN)
    assert len(reads(world)) == 1


@pytest.mark.parametrize("words", ["36", "Leaked", "minor", "already", "C0INC36"])
def test_no_hidden_word_finds_it(changed, ben, bot, words):
    assert audited(ben, words) == [
        "Nothing fits. `/io audit` alone shows all that is kept."
    ]


def test_neither_does_its_reference_or_its_incident(changed, ben, bot):
    for entry in bot.services.audit.search(limit=2):
        assert "Nothing fits" in audited(ben, entry.ref)[0]
        assert "Nothing fits" in audited(ben, entry.incident_id)[0]


@pytest.mark.parametrize("words", ["Eve", "<@U0EVE>", "severity"])
def test_what_is_shown_of_it_finds_it(changed, ben, words):
    assert len(audited(ben, words)) == 2


def test_its_own_people_see_all_of_it_if_they_may_administer(changed, ben, world):
    world.incidentio.store.incident("36").members["01HUSER00000000000000BEN00"] = (
        "observer"
    )

    found = audited(ben, "Leaked")

    assert len(found) == 2
    assert any("Minor" in entry for entry in found)


def test_what_cannot_be_read_any_more_counts_as_private(ana, ben, world):
    ana.types("/io severity 39 minor")
    world.incidentio.fail("GET", "/v2/incidents/*", status=404)

    (entry,) = audited(ben)

    assert "on a private incident" in entry
    assert "39" not in entry


def test_a_private_declaration_that_failed_is_veiled_too(ana, ben, world):
    world.incidentio.fail("POST", "/v2/incidents", status=403)
    ana.types("/io declare The secret name")
    ana.submits(visibility="private")

    assert "secret" not in str(audited(ben))
    assert "on a private incident" in audited(ben)[0]


def test_a_reminder_of_a_private_incident_is_veiled_too(eve, ben):
    eve.types("/io remind", channel=PRIVATE)
    eve.submits(name="Rotate the leaked tokens")
    eve.types("/io reminder pause", channel=PRIVATE)
    eve.chooses("pick", "Rotate the leaked tokens")

    found = audited(ben)

    assert len(found) == 2
    assert all("on a private incident" in entry for entry in found)
    assert "tokens" not in str(found)
