"""How words are read: cut, put together, and whatever they are spelled with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.kit import text
from handlers import GROUPS
from handlers.core.arguments.tokens import join, nearest, split, take_page
from handlers.core.pipeline.router import (
    HelpRequest,
    Invocation,
    Router,
    UnknownCommand,
)
from incidentio.lookup import normal, reference
from tests.handlers.core.test_many import many

ROUTER = Router(GROUPS)
VISIBLE = [p for p, c in ROUTER.commands.items() if not c.flags.hidden]

words = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters='"'),
    min_size=1,
    max_size=20,
)


@given(st.lists(words.filter(lambda w: w.strip()), max_size=6))
def test_joined_words_are_cut_in_the_same_places(pieces):
    assert split(join(pieces)) == pieces


@given(st.text(max_size=5000))
def test_any_line_means_something(line):
    assert isinstance(ROUTER.route(line), Invocation | HelpRequest | UnknownCommand)


@given(
    st.sampled_from(sorted(VISIBLE)),
    st.integers(0, 30),
    st.sampled_from("abcdefghijklmnopqrstuvwxyzéüñø"),
)
def test_a_letter_too_much_finds_the_phrase_or_something_like_it(phrase, at, letter):
    typed = phrase[:at] + letter + phrase[at:]

    meant = ROUTER.route(typed)

    assert not isinstance(meant, UnknownCommand) or meant.instead or len(phrase) < 5


def test_quotes_keep_words_together_and_apostrophes_are_letters():
    assert split("""a "b c" d'e “f g” "h""") == ["a", "b c", "d'e", "f g", '"h']
    assert split("„a b“ „c d” ”e f” «g h» «i") == ["a b", "c d", "e f", "g h", "«i"]


def test_the_page_is_taken_out_of_the_words():
    pieces = ["live", "page:3"]

    assert take_page(pieces) == 3
    assert pieces == ["live"]


def test_what_nothing_resembles_has_no_nearest():
    assert nearest("zzzz", ["incident", "severity"]) is None


ADDRESS = "https://app.incident.io/acme/incidents/39"


@pytest.mark.parametrize(
    "words",
    [
        "INC-39",
        "INC\u201139",
        "INC\u201339",
        "INC\u221239",
        "inc\u200b-39",
        "\ufeffINC-39",
        "“INC-39”",
        ADDRESS,
        f"{ADDRESS}?tab=updates",
        "https://app.incident.io/incidents/39",
        "https://app.incident.io/acme/incidents/INC-39/follow-ups",
    ],
)
def test_a_reference_is_read_however_it_is_written(words):
    assert reference(words) == 39


@pytest.mark.parametrize(
    "words",
    [
        "https://incident.io.evil.example/acme/incidents/39",
        "https://example.com/incidents/39",
        "https://app.incident.io/acme/on-call/schedules/39",
        f"{ADDRESS}x",
        "INC--39",
    ],
)
def test_what_only_resembles_one_is_none(words):
    assert reference(words) is None


def test_quotes_and_hyphens_look_alike():
    assert normal("Ben’s “on‑call”") == normal('Ben\'s "on-call"')


def test_a_character_that_nobody_sees_is_not_read(ana, subtests):
    for hidden in ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u200d"]:
        with subtests.test(hidden):
            ana.types(f"/io {hidden}on{hidden}call")
            assert "There is no" not in ana.last.text
            assert "Primary" in ana.last.words


@pytest.mark.parametrize("target", ["INC\u201139", ADDRESS, f"{ADDRESS}?tab=updates"])
def test_an_incident_is_shown_however_it_is_named(ana, target):
    ana.types(f"/io {target}")
    assert ana.last.text.startswith("INC-39")


def test_a_severity_is_set_by_a_pasted_address(ana):
    ana.types(f"/io severity {ADDRESS} low")
    assert "INC-39>* is now *Low*" in ana.last.words


@pytest.mark.parametrize("delivered", [f"<{ADDRESS}>", f"<{ADDRESS}|the incident>"])
def test_an_address_is_read_as_slack_delivers_it(delivered):
    assert reference(text.typed(delivered)) == 39


def test_a_mention_is_read_from_after_the_bots_own(ana):
    ana.says("hey <@U0BEN> look: <@U0BOT> severities", channel="C0INC27")
    assert "Severities" in ana.last.words


def test_whoever_is_mentioned_after_the_bot_is_part_of_the_line(ana):
    ana.mentions("mine <@U0BEN>", channel="C0INC27")
    assert "I didn't understand" in ana.last.words


SEARCHED = {
    "users": ("/io user show", "person"),
    "schedules": ("/io schedule show", "schedule"),
    "escalation_paths": ("/io path show", "escalation_path"),
    "roles": ("/io role show", "role"),
    "custom_fields": ("/io field show", "custom_field"),
    "workflows": ("/io workflow show", "workflow"),
}


@pytest.mark.parametrize("table", SEARCHED)
def test_whatever_has_a_name_is_found_without_its_accents(ana, world, table):
    line, source = SEARCHED[table]
    rows = getattr(world.incidentio.store, table)
    many(rows, 101)
    list(rows)[-1]["name"] = "Żółć Ørsted"

    ana.types(line)
    (offered,) = ana.suggests(source, "zolc orsted")
    assert offered["text"]["text"] == "Żółć Ørsted"
    ana.types(f"{line} zolc orsted")
    assert "Żółć Ørsted" in ana.last.words


def test_an_incident_is_found_without_its_accents(ana, world):
    world.incidentio.store.incident("39").name = "Überlastung in Łódź"
    ana.types("/io incident uberlastung lodz")
    assert "INC-39" in ana.last.text


def test_a_hyphen_in_a_phrase_may_be_any():
    assert isinstance(ROUTER.route("on\u2011call"), Invocation)
