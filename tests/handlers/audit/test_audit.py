"""What was done and what was refused is shown to administrators, and to nobody else."""

import pytest

from sandbox.slack.block_kit.tables import cell_text
from tests.handlers.incidents.incident_state import severity_of


@pytest.fixture
def kim(person):
    return person("kim")


@pytest.fixture(autouse=True)
def no_tables(request, world):
    """Read the entries as sections, but where ``tables`` is among the fixtures."""
    if "tables" not in request.fixturenames:
        world.slack.workspace.unsupported_blocks.add("data_table")


@pytest.fixture
def tables():
    """Let Slack take tables."""


def rows(person):
    """The rows of the audit that was answered last, as the texts of their cells."""
    (table,) = [b for b in person.last.blocks if b["type"] == "data_table"]
    return [[cell_text(cell) for cell in row] for row in table["rows"][1:]]


def test_where_slack_has_tables_it_is_one(tables, ana, ben, kim, clock):
    ana.types("/io severity 39 critical")
    clock.advance(minutes=1)
    kim.types("/io audit")
    ben.types("/io audit")

    refused, done = rows(ben)
    assert done[1:3] == ["<@U0ANA>", "severity"]
    assert "severity: Major → Critical" in done[4]
    assert done[5] == "✅ done"
    assert refused[1:3] == ["<@U0KIM>", "audit"]
    assert "the Administrator role in incident.io" in refused[4]

    menu = ben.last.blocks[-1]["elements"][0]
    ben.chooses("Show one at length", menu["options"][1]["text"]["text"])
    assert "severity: Major → Critical" in ben.last.words


def test_a_table_of_it_names_the_people_in_a_refusal(tables, ana, ben, bot):
    asked = {"operation": "cover take", "actor": "U0ANA", "request": {}}
    for person in ("U0BEN", "U0NOBODY"):
        entry = bot.services.journal.accept(person, **asked)
        said = f"<@{person}> took it already."
        bot.services.journal.finish(entry, "refused", outcome=said)
    ben.types("/io audit")
    whys = [row[3] for row in rows(ben)]
    assert sorted(whys) == ["ben took it already.", "took it already."]


def test_a_table_of_it_veils_private_incidents(tables, eve, ben):
    for name in ("critical", "major"):
        eve.types(f"/io severity {name}", channel=PRIVATE)
    ben.types("/io audit")
    assert len(rows(ben)) == 2
    for row in rows(ben):
        assert row[2:4] == ["severity", "a private incident"]
        assert len(row) == 5  # no changes, no place and no reference
    assert "Show one at length" not in ben.last.words


def entries(person):
    """The sections of the audit that was answered last, but for its heading."""
    blocks = person.last.blocks
    found = [b["text"]["text"] for b in blocks if b["type"] == "section"]
    return found[1:]


def audited(person, words=""):
    person.types(f"/io audit {words}".strip())
    return entries(person)


def test_a_change_is_shown_with_who_what_and_where(ana, ben):
    ana.types("/io severity 39 critical")

    (entry,) = audited(ben)

    assert "<@U0ANA> `severity` on incident INC-39 " in entry
    assert "done · <#C0INCIDENTS> · ref `" in entry
    assert entry.startswith("<!date^")


def test_only_administrators_see_it_and_who_may_not_is_in_it(ana, kim, person, clock):
    for someone in (kim, person("chi")):
        clock.advance(minutes=1)
        someone.types("/io audit")
        assert "the Administrator role in incident.io" in someone.last.text

    first, second = audited(ana)

    assert "<@U0CHI> `audit`" in first
    assert "<@U0KIM> `audit`" in second
    assert "the Administrator role in incident.io" in second
    assert "🚫 refused" in second


def test_what_was_refused_stays_when_the_form_is_sent_again(ana, clock):
    ana.types("/io declare")
    ana.submits(name=" ", severity="Low")
    clock.advance(minutes=1)
    ana.submits(name="Second try", severity="Low")

    done, refused = audited(ana)

    assert "✅ done" in done
    assert "🚫 refused" in refused
    assert "Say what is happening" in refused


def test_words_find_people_states_places_and_references(ana, ben, kim, clock):
    ana.types("/io severity 39 critical")
    clock.advance(minutes=1)
    ben.types("/io severity 27 critical", channel="general")
    clock.advance(minutes=1)
    kim.types("/io severity 39 minor")
    ref = entries_ref(audited(ana, "INC-39 done"))

    for words, who in {
        "Ferreira": ["ANA"],
        "<@U0BEN>": ["BEN"],
        "refused": ["KIM"],
        "done": ["BEN", "ANA"],
        "<#C0GENERAL|general>": ["BEN"],
        "severity done INC-27": ["BEN"],
        ref: ["ANA"],
        "nothing-like-it": [],
    }.items():
        found = audited(ana, words)
        shown = [e.partition("<@U0")[2][:3] for e in found if "<@U0" in e]
        assert shown == who, words


def entries_ref(found):
    (entry,) = found
    return entry.partition("ref `")[2][:8]


def test_pages_of_25_turn_and_keep_the_words(ana, bot):
    journal = bot.services.journal
    for number in range(60):
        entry = journal.accept(f"k{number}", operation="x", actor="U0BEN", request={})
        journal.finish(entry, "done", outcome="", target=f"thing n{number}")

    assert len(audited(ana, "thing")) == 25
    ana.presses("Next")
    assert len(entries(ana)) == 25
    ana.presses("Next")

    assert len(entries(ana)) == 10
    assert ana.last.buttons == ["Previous"]
    assert len(audited(ana, "page:3")) == 10


def test_what_is_under_way_is_said_to_be(ana, bot):
    bot.services.journal.accept("k", operation="x", actor="U0BEN", request={})

    assert ["⏳ under way" in e for e in audited(ana, "under way")] == [True]


def test_long_values_are_clipped_and_one_alone_is_shown_at_length(ana, bot):
    journal = bot.services.journal
    for name in ("first", "second"):
        entry = journal.accept(name, operation="x", actor="U0BEN", request={})
        changes = {
            "summary": [None, "long " * 90],
            **{name: ["<!channel>" * 9, "y" * 90] for name in "abcdefghijklmnop"},
        }
        journal.finish(entry, "done", outcome="", target=name, changes=changes)

    both = audited(ana)
    assert all(len(entry) <= 1000 and "more\n" in entry for entry in both)
    assert "audit <ref>" in ana.last.words.replace("&lt;", "<").replace("&gt;", ">")
    (alone,) = audited(ana, "first")

    assert ("long " * 90).strip() in alone
    assert "<!channel>" not in alone


def test_a_failed_write_has_its_request_id(ana, world):
    world.incidentio.fail("POST", "/v2/incident_updates", status=403)
    ana.types("/io severity 39 critical")

    (entry,) = audited(ana)

    assert "refused" in entry
    assert "request `req" in entry
    assert severity_of(world) == "Major"


def test_an_empty_audit_says_how_to_see_all(ana):
    ana.types("/io audit")

    assert "Nothing matches" in ana.last.words


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


def test_no_hidden_word_finds_it(changed, ben, bot, subtests):
    for words in ["36", "Leaked", "minor", "already", "C0INC36"]:
        with subtests.test(words):
            assert audited(ben, words) == [
                "Nothing matches. `/io audit` alone shows all that is kept."
            ]


def test_neither_does_its_reference_or_its_incident(changed, ben, bot):
    for entry in bot.services.audit.search(limit=2):
        assert "Nothing matches" in audited(ben, entry.ref)[0]
        assert "Nothing matches" in audited(ben, entry.incident_id)[0]


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


def test_nobody_waits_for_a_limit_to_be_told_what_is_private(ana, ben, world):
    ana.types("/io severity 39 minor")
    refusal = {"status": 429, "headers": {"Retry-After": "10"}, "times": 1}
    world.incidentio.fail("GET", "/v2/incidents/*", **refusal)

    (entry,) = audited(ben)

    assert "on a private incident" in entry


def test_a_private_declaration_that_failed_is_veiled_too(ana, ben, world):
    world.incidentio.fail("POST", "/v2/incidents", status=403)
    ana.types("/io declare The secret name")
    ana.presses("More")
    ana.submits(visibility="private", severity="Low")

    assert "secret" not in str(audited(ben))
    assert "on a private incident" in audited(ben)[0]


def test_a_reminder_of_a_private_incident_is_veiled_too(eve, ben):
    eve.types("/io remind", channel=PRIVATE)
    eve.presses("More")
    eve.submits(name="Rotate the leaked tokens")
    eve.types("/io reminder pause", channel=PRIVATE)
    eve.chooses("pick", "Rotate the leaked tokens")

    found = audited(ben)

    assert len(found) == 2
    assert all("on a private incident" in entry for entry in found)
    assert "tokens" not in str(found)


@pytest.mark.parametrize("line", ["severity {} minor", "action done {}"])
def test_an_attempt_does_not_tell_who_made_it_that_there_is_one(ben, world, line):
    """To one who may not see it, it reads as if there were none."""
    store = world.incidentio.store
    secret = store.incident("36")
    assert "01HUSER00000000000000BEN00" not in secret.members
    its = next(a.id for a in store.actions if a.incident_id == secret.id)
    named = {"severity": [secret.number, 999], "action": [its, its[::-1]]}
    for one in named[line.partition(" ")[0]]:
        ben.types(f"/io {line.format(one)}")

    found = audited(ben)
    assert len(found) == 2
    assert not any("private" in entry for entry in found)
