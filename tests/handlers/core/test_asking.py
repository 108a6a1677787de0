"""What is not understood is asked, and every choice leads where it says."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.kit import messages, text
from blocks.kit.fields import Choosable
from handlers.core.arguments.disambiguation import options
from handlers.core.pages import paginate

HERE = "C0INC39"
LIVE = "INC-39 Elevated errors in the API"


@pytest.mark.parametrize("noun", ["severity", "status"])
def test_a_level_nobody_knows_is_asked_for_the_incident_of_the_channel(
    ana, world, noun
):
    ana.types(f"/io {noun} zzz", channel=HERE)
    assert f"No {noun} matches “zzz”" in ana.last.text

    level = {"severity": "Minor", "status": "Monitoring"}[noun]
    ana.chooses("Choose", level)

    known = world.incidentio.incident(39)
    assert level in (known["severity"]["name"], known["incident_status"]["name"])


@pytest.mark.parametrize("channel", ["incidents", "C0INC27"])
def test_a_choice_replaces_the_words_not_understood(ana, channel, subtests):
    for line in (
        "incident nosuch",
        "incident close of it",
        "updates nosuch",
        "actions nosuch page:2",
        "followups nosuch incident",
    ):
        with subtests.test(line):
            ana.types(f"/io {line}", channel=channel)
            assert "No live incident matches “" in ana.last.text

            ana.chooses("Choose", LIVE)

            assert "INC-39" in ana.last.text
            assert "Usage" not in ana.last.text


def test_an_incident_has_many_names(ana, subtests):
    for line in (
        "incident 39.",
        "incident (INC-39)",
        "incident <#C0INC39|inc-39-elevated-errors>",
        "incident elevated errors",
        "39",
        "INC-39",
    ):
        with subtests.test(line):
            ana.types(f"/io {line}")

            assert "INC-39" in ana.last.text
            assert "Which" not in ana.last.text


def test_a_channel_that_is_no_incidents_is_said(ana):
    ana.types("/io incident #general")

    assert "That is no incident's channel" in ana.last.text


def test_the_channel_of_a_private_incident_is_no_name_for_outsiders(person, world):
    members = set(world.incidentio.store.incident("36").members)
    outsider = next(p for p in world.incidentio.store.users if p["id"] not in members)
    slack = next(p for p in ("ana", "ben", "chi") if p in outsider["email"])

    person(slack).types("/io incident <#C0INC36|inc-36-leaked>", channel="incidents")

    assert "Leaked" not in person(slack).last.words


def test_the_name_of_an_ended_incident_finds_it(ana):
    ana.types("/io incident pdf invoices")

    assert "INC-2" in ana.last.text
    assert "PDF invoices" in ana.last.words


def test_severity_to_something_is_understood(ana, world):
    ana.types("/io severity 39 to minor")

    assert world.incidentio.incident(39)["severity"]["name"] == "Minor"


def test_a_verb_mistyped_is_hinted_at(ana):
    ana.types("/io incident shwo 40")

    assert "Or did you mean `/io incident show 40`" in ana.last.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Refunds are late", "Refunds are late"),
        ("page:2 is down", "page:2 is down"),
        ("{} is empty", "{} is empty"),
        ("first\n  second line", "second line"),
        ("long " * 200 + "end", "long " * 200 + "end"),
    ],
)
def test_a_text_stays_whole_while_it_is_asked_which_incident(ana, typed, kept):
    ana.types(f"/io update {typed}", channel="incidents")
    assert "Which incident?" in ana.last.text

    if len(typed) < 255:
        ana.chooses("Choose", LIVE)
    else:
        ana.presses(LIVE)

    assert "INC-39" in ana.modal.words
    assert kept in ana.modal.words


def test_a_text_too_long_for_that_is_given_back_whole(ana):
    typed = " ".join(f"word{n}" for n in range(400))

    ana.types(f"/io update {typed}", channel="incidents")

    assert "too long to be kept" in ana.last.words
    assert "word399" in ana.last.words
    assert "word0 " in ana.last.words


def test_a_text_for_an_action_is_not_an_incident(ana):
    ana.types("/io action new reporting", channel="incidents")

    assert "reporting" in ana.modal.words


@pytest.mark.parametrize(
    ("line", "channel", "about"),
    [
        ("39 nearly done", "incidents", "INC-39"),
        ("39: nearly done", "incidents", "INC-39"),
        ("27 nearly done", "C0INC27", "INC-27"),
        ("39 nearly done", "C0INC27", "INC-27"),
        ("INC-39 nearly done", "C0INC27", "INC-39"),
        ("39", "C0INC27", "INC-39"),
    ],
)
def test_a_number_before_a_text(ana, line, channel, about):
    ana.types(f"/io update {line}", channel=channel)

    assert about in ana.modal.words
    belongs = about == "INC-27" and line.startswith("39")
    assert ("39 nearly done" in ana.modal.words) == belongs


def test_a_question_quotes_little_and_names_its_choices(ana):
    ana.types("/io severity 39 " + "z" * 3000)

    assert len(ana.last.text) < 400
    assert "Minor" in ana.last.text


def test_help_says_its_phrases_to_those_who_cannot_see_blocks(ana):
    ana.types("/io help")

    assert "/io declare" in ana.last.text
    assert len(ana.last.text) < 2000


def test_a_page_over_the_end_is_the_last(ana, subtests):
    for line in ["incidents", "incidents all", "schedules", "oncall", "updates 39"]:
        with subtests.test(line):
            ana.types(f"/io {line} page:99")

            assert "None." not in ana.last.words
            assert "none" not in ana.last.text.lower()
            assert "Next" not in ana.last.buttons


@given(st.lists(st.integers(), max_size=60), st.integers(0, 9999), st.integers(1, 9))
def test_every_page_is_part_of_the_list(found, page, size):
    part = paginate(found, page, size)

    start = (part.number - 1) * size
    assert part.shown == found[start : start + size]
    assert bool(part.shown) == bool(found)
    assert part.more == (start + size < len(found))


def test_turning_every_page_shows_everything():
    found = list(range(23))

    assert [x for page in (1, 2, 3) for x in paginate(found, page, 8).shown] == found


@dataclass
class Thing:
    id: str
    name: str
    email: str | None = None
    created_at: datetime | None = None


def test_what_looks_the_same_is_told_apart():
    day = datetime(2026, 3, 9, tzinfo=UTC)
    things = [
        Thing("1" * 26, "Sam", email="sam@example.com"),
        Thing("2" * 26, "Sam", created_at=day),
        Thing("3" * 26, "Sam"),
        Thing("4" * 26, "Kim"),
    ]

    labels = [option.label for option in options(things)]

    assert labels == [
        "Sam (sam@example.com)",
        "Sam (2026-03-09)",
        "Sam (333333)",
        "Kim",
    ]


@given(st.lists(st.text(max_size=120), min_size=2, max_size=6))
def test_no_two_choices_look_the_same(names):
    things = [Thing(f"{i:026}", name) for i, name in enumerate(names)]

    drawn = [option.draw().to_dict()["text"]["text"] for option in options(things)]

    assert all(len(label) <= text.OPTION for label in drawn)
    assert len({label for label in drawn if "(0" in label}) == sum(
        "(0" in label for label in drawn
    )


@given(st.text(max_size=3500), st.integers(1, 30))
def test_whatever_was_typed_a_question_is_within_the_limits(typed, number):
    few = [Choosable(f"INC-{n} Down", f"INC-{n}") for n in range(number)]
    template = f"update {text.BLANK} {text.typed(typed)}"

    for block in messages.chooser("Which?", template, few):
        block.validate_json()
        drawn = block.to_dict()
        for element in drawn.get("elements", ()):
            line = element.get("value") or drawn.get("block_id", "")
            assert element["type"] == "mrkdwn" or text.typed(typed) in line
