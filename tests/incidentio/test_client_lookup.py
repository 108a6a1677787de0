"""Finding things by what people type."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentio import lookup
from incidentio.lookup import matches, normal, reference


@dataclass(frozen=True)
class Thing:
    id: str
    name: str
    email: str = ""


MINOR, MAJOR, MAJOR_OUTAGE, CRITICAL = SEVERITIES = (
    Thing("01MIN", "Minor"),
    Thing("01MAJ", "Major"),
    Thing("01OUT", "Major outage"),
    Thing("01CRI", "Critical 🔥", "critical@acme.example"),
)
TEXT = st.text(max_size=12)
THINGS = st.lists(
    st.builds(Thing, st.uuids().map(str), TEXT), max_size=8, unique_by=lambda t: t.id
)
INVISIBLE = st.sampled_from(["\u200b", "\u200e", "\u2067", "\ufeff", "\u00ad"])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("01maj", [MAJOR]),
        ("major", [MAJOR]),
        ("maj", [MAJOR, MAJOR_OUTAGE]),
        ("mi", [MINOR]),
        ("outage", [MAJOR_OUTAGE]),
        ("outage major", [MAJOR_OUTAGE]),
        ("major o", [MAJOR_OUTAGE]),
        ("“Major”", [MAJOR]),
        ("  'major\u200b ' ", [MAJOR]),
        ("ＭＡＪＯＲ", [MAJOR]),
        ("🔥", [CRITICAL]),
        ("critical@acme.example", [CRITICAL]),
        ("critical@", [CRITICAL]),
        ("o", [MAJOR_OUTAGE]),
        ("jor", []),
        ("huge", []),
        ("", []),
        ("''", []),
        ("\u200b", []),
        ("*", []),
        ("x" * 10_000, []),
    ],
)
def test_words_find_what_they_may_mean(words, found):
    assert matches(SEVERITIES, words, keys=lambda thing: [thing.email]) == found


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Zoë Müller", "zoe muller"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Søren Ærø", "soren aero"),
        ("Straße", "STRASSE"),
        ("Işık İpek", "isik ipek"),
        ("Isik", "ışık"),
        ("Đorđe Þór", "dorde thor"),
        ("Nguyễn Văn Đức", "nguyen van duc"),
        ("Zoe\u0308", "zoë"),
        ("Ｐａｙｍｅｎｔｓ　Ü", "payments u"),
        ("Αθήνα", "αθηνα"),
        ("Фёдор", "федор"),
        ("ﬁnance Ⅻ", "finance xii"),
    ],
)
def test_a_name_is_found_without_its_accents(name, typed):
    thing = Thing("01ACC", name)
    assert matches([thing, MINOR], typed) == matches([thing, MINOR], name) == [thing]
    assert matches([thing], f"{typed[:3]}") == [thing]


def test_names_that_differ_in_their_accents_are_told_apart_by_them():
    plain, accented = Thing("01A", "Resume"), Thing("01B", "Résumé")
    assert matches([plain, accented], "résumé") == [accented]
    assert matches([plain, accented], "RESUME") == [plain]
    assert matches([plain, accented], "résume") == [plain, accented]


def test_marks_that_make_other_letters_are_kept():
    assert normal("が") != normal("か")
    assert normal("कि") != normal("क")


def test_a_list_is_normalised_once_however_often_it_is_searched():
    things = [
        Thing(f"01N{n:05}", f"Ünïque {n}", f"ü{n}@acme.example") for n in range(999)
    ]

    def normalised(words):
        before = lookup._normal.cache_info().misses
        assert matches(things, words, keys=lambda thing: [thing.email])
        return lookup._normal.cache_info().misses - before

    normalised("unique 7")
    assert normalised("unique 8") == 1


@given(THINGS)
def test_everything_is_found_by_its_id(things):
    for thing in things:
        assert matches(things, thing.id) == [thing]


@given(THINGS)
def test_everything_with_a_name_is_found_by_it(things):
    for thing in things:
        if normal(thing.name):
            assert thing in matches(things, thing.name)


@given(THINGS, TEXT)
def test_what_is_found_is_distinct_and_among_what_there_is(things, words):
    found = matches(things, words)
    assert len({thing.id for thing in found}) == len(found)
    assert set(found) <= set(things)


@given(THINGS, TEXT, INVISIBLE)
def test_case_quotes_and_invisible_marks_make_no_difference(things, words, mark):
    found = matches(things, words)
    assert matches(things, f' "{mark}{words}{mark}" ') == found


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert normal(normal(text)) == normal(text)


@pytest.mark.parametrize(
    "words", ["INC-12", "inc-12", "inc12", "INC 12", "#12", "12", " “INC-12” ", "１２"]
)
def test_a_reference_is_read_in_each_way_people_write_it(words):
    assert reference(words) == 12


@pytest.mark.parametrize(
    "words", ["", "INC", "INC-", "12a", "-12", "1.2", "12 13", "٣", "1" * 10]
)
def test_anything_else_is_no_reference(words):
    assert reference(words) is None


@given(st.integers(0, 999_999_999))
def test_every_number_comes_back_from_its_reference(number):
    assert reference(f"INC-{number}") == number


@given(st.text())
def test_any_text_is_a_reference_or_is_not(text):
    assert reference(text) is None or reference(text) >= 0
