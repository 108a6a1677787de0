"""The audit finds what was entered, in pages, and gives all of it in order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import audit as module
from storage.audit import Audit
from storage.journal import Journal


@pytest.fixture
def journal(database, now):
    return Journal(database, "one", now)


@pytest.fixture
def audit(database):
    return Audit(database)


@pytest.fixture
def enter(journal, now):
    count = iter(range(1000))

    def enter(state="done", operation="severity", actor="U0ANA", **more):
        asked = {"operation": operation, "actor": actor, "channel": "C1"}
        entry = journal.accept(f"key-{next(count)}", request={}, **asked)
        journal.finish(entry, state, **{"outcome": "said", **more})
        now.advance(minutes=1)
        return entry

    return enter


def targets(found):
    return [entry.target for entry in found]


def test_words_are_found_anywhere_the_newest_first(audit, enter):
    for number in range(4):
        enter(target=f"INC-{number}", outcome="100% sure_ly")
    newest = audit.search(["SEVER", "u0ana"], limit=2)
    assert targets(newest) == ["INC-3", "INC-2"]
    older = audit.search(["severity"], limit=25, offset=2)
    assert targets(older) == ["INC-1", "INC-0"]
    assert len(audit.search(["0%", "sure_ly"], limit=25)) == 4
    assert audit.search(["0_", "sure"], limit=25) == []


@pytest.mark.parametrize("word", ["minor", "Überlast", "überlast", "ÜBERLAST", "01ANA"])
def test_values_and_accounts_are_found_however_they_are_spelt(audit, enter, word):
    enter(target="other")
    enter(target="it", changes={"name": ["Minor", "Überlast"]}, account="01ANA")
    assert targets(audit.search([word], limit=25)) == ["it"]


def test_a_reference_is_found_by_its_beginning_alone(audit, enter):
    entry = enter()
    assert [e.id for e in audit.search([entry.ref.upper()], limit=25)] == [entry.id]
    assert audit.search([entry.id[12:]], limit=25) == []


def test_a_word_may_mean_people_and_states_besides(audit, enter):
    enter(target="ben's", actor="U0BEN")
    enter(target="refused", state="refused")
    enter(target="neither")
    found = audit.search(["x"], {"x": ["U0BEN", "refused"]}, limit=25)
    assert targets(found) == ["refused", "ben's"]


def test_all_of_it_comes_in_order_a_part_at_a_time(audit, enter, journal, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 2)
    for number in range(5):
        enter(target=str(number))
    same = [
        journal.accept(f"at-once-{n}", operation="x", actor="U1", request={})
        for n in range(5)
    ]
    every = list(audit.stream())
    assert targets(every[:5]) == ["0", "1", "2", "3", "4"]
    assert {entry.id for entry in every[5:]} == {entry.id for entry in same}
    assert len(every) == 10


def test_a_span_has_its_beginning_and_not_its_end(audit, enter, now):
    begin = now()
    for number in range(4):
        enter(target=str(number))
    minute = timedelta(minutes=1)
    span = audit.stream(begin + minute, begin + 3 * minute)
    assert targets(span) == ["1", "2"]
