"""How recorded requests get values again, and how answers are held beside them."""

from datetime import UTC, datetime

import pytest

from sandbox.compare.differences import differences, refusal
from sandbox.compare.names import Names
from sandbox.compare.record import Answered

NOW = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


@pytest.fixture
def names():
    issued = iter(("first", "second"))
    return Names(lambda: NOW, lambda: next(issued))


def test_a_name_stands_for_what_the_answer_has_in_its_place(names):
    names.learn(
        {"incident": {"id": "{incident:1}", "name": "{text}"}},
        {"incident": {"id": "01A", "name": "Checkout is down"}},
    )

    assert names.path("/v2/incidents/{incident:1}/x") == "/v2/incidents/01A/x"


def test_of_a_list_it_stands_for_the_item_that_is_most_like_it(names):
    names.learn(
        [
            {"id": "{status}", "category": "live"},
            {"id": "{status:1}", "category": "closed"},
            {"id": "{status:2}", "category": "closed"},
        ],
        [
            {"id": "01A", "category": "triage"},
            {"id": "01B", "category": "closed"},
            {"id": "01C", "category": "live"},
        ],
    )

    assert names.fill("{status:1}") == "01B"
    assert names.fill("{status:2}") in {"01A", "01C"}


def test_what_a_name_stands_for_does_not_change(names):
    names.learn("{ts:1}", "1.000001")
    names.learn("{ts:1}", "2.000002")

    assert names.fill("{ts:1}") == "1.000001"


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("{time+60}", "2026-03-09T10:01:00Z"),
        ("{ts-60}", f"{NOW.timestamp() - 60:.6f}"),
        ("{date}", "2026-03-09"),
        ("{clock}", "09:00"),
        ("{integer}", 1),
        ("{text}", "text"),
        ("{text:3}", "text 3"),
        ("{url:2}", "https://example.com/2"),
        ("{email:1}", "ana@acme.example"),
        ("{user:1}", "U0ANA"),
        ("{trigger:1}", "first"),
        ("public", "public"),
        (True, True),
        ({"{json}": {"{key}": ["{text:3}"]}}, '{"text": ["text 3"]}'),
    ],
)
def test_a_shape_gets_a_value(names, shape, value):
    assert names.fill(shape) == value


def compared(said, body, words=None):
    return list(differences(Answered(200, [], said), 200, [], body, words or {}))


@pytest.mark.parametrize(
    ("said", "body"),
    [
        ({"a": "{text}"}, {"a": "other"}),
        ({"a": "{text}"}, {"a": ""}),
        ({"a": [{"b": 1}]}, {"a": []}),
        ({"a": []}, {"a": [{"b": 1}]}),
        ([{"a": "{text}"}], [{"a": "x", "b": 1}, {"a": "x"}]),
        ([{"a": "{text}"}], [{"a": "x"}, {"a": None}]),
        ({"a": "{integer}"}, {"a": 1.5}),
        ({"{user}": {"b": True}}, {"U0ANA": {"b": False}}),
    ],
)
def test_what_may_differ_between_organisations_is_no_difference(said, body):
    assert compared(said, body) == []


def test_a_list_is_compared_as_all_its_items_together():
    assert compared(
        {"a": [{"b": "{text}"}, {"b": None, "c": "{text}"}]}, {"a": [{"b": "x"}]}
    ) == [
        "a[].b: is null; the stand-in's is text",
        "a[].c: only the service sends it",
    ]


def test_words_that_the_stand_in_uses_elsewhere_are_known():
    said = {"type": "message", "mode": "test"}
    body = {"type": "other", "mode": "standard"}

    assert compared(said, body) == ["type: the stand-in does not know “message”"]
    assert compared(said, body, {"type": {"message"}}) == []


def test_a_refusal_is_its_status_and_its_codes():
    assert refusal(200, {"ok": True}) == "200"
    assert refusal(200, {"ok": False, "error": "x", "type": "y"}) == "200 (x)"
    errors = [{"code": "b"}, {"code": "a"}]
    assert refusal(422, {"type": "y", "errors": errors}) == "422 (y, b, a)"
    assert refusal(502, None) == "502"
