"""A person is found in text and JSON of both databases, and nobody else is."""

import pytest

from storage import person
from storage.journal import Journal
from storage.preferences import StoredPreferences

WORDS = ["U0ZOE", "Zoë Ek"]
PSEUDONYM = "erased-1"


@pytest.fixture
def journal(database, now):
    return Journal(database, "one", now)


@pytest.fixture
def entered(journal):
    def enter(key, actor, **more):
        entry = journal.accept(key, operation="x", actor=actor, request={"line": key})
        journal.finish(entry, "done", outcome="", **more)

    return enter


def test_they_are_replaced_in_what_stays_and_what_is_their_own_is_deleted(
    database, journal, entered, now
):
    entered("theirs", "U0ZOE", changes={"owner": ["Ana", "Zoë Ek"]})
    entered("of-another", "U0ZOEY", target="told <@U0ZOE>, not <@U0ZOEY>")
    StoredPreferences(database).put("U0ZOE", {"digest": False}, now())
    assert person.identifiers(database, "U0ZOE", ["Zoë Ek"]) == WORDS
    assert len(list(person.export(database, WORDS))) == 3

    done = person.erase(database, WORDS, PSEUDONYM, really=True)

    assert done.deleted == {"preferences": 1}
    assert done.replaced == {"journal_entries": 2}
    assert list(person.export(database, WORDS)) == []
    theirs, other = journal.find("theirs"), journal.find("of-another")
    assert (theirs.actor, other.actor) == (PSEUDONYM, "U0ZOEY")
    assert theirs.changes == {"owner": ["Ana", PSEUDONYM]}
    assert other.target == f"told <@{PSEUDONYM}>, not <@U0ZOEY>"
