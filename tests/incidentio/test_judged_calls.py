"""Everything that the client can ask for, judged by incident.io's contract."""

from __future__ import annotations

import pytest

from tests.contract.trim import operations as answered
from tests.contract.trim import unnamed
from tests.incidentio.judged import (
    all_calls,
    make,
    operations,
    resources,
    unread,
    whole,
)

CALLS_BY_NAME = all_calls()


@pytest.mark.parametrize("call", CALLS_BY_NAME.values(), ids=CALLS_BY_NAME)
def test_the_request_is_valid_and_all_of_the_answer_is_read(
    api, upstream, contract, call
):
    assert unread(make(call, api, upstream, contract)) == []


def test_no_public_method_goes_without_a_judged_call(
    api, upstream, contract, monkeypatch
):
    called = set()

    def noting(resource, name):
        method = getattr(resource, name)

        def noted(self, *args, **kwargs):
            asked = len(upstream.requests)
            result = whole(method(self, *args, **kwargs))
            if len(upstream.requests) > asked:
                called.add((resource, name))
            return result

        monkeypatch.setattr(resource, name, noted)

    every = {(r, name) for r in resources() for name in operations(r)}
    for resource, name in every:
        noting(resource, name)
    for call in CALLS_BY_NAME.values():
        make(call, api, upstream, contract)

    missing = sorted(f"{r.__name__}.{name}" for r, name in every - called)
    assert missing == [], "list a call of each under CALLS in a test file"


def test_the_contract_has_what_the_stand_in_answers(contract):
    """Else run ``python -m tests.contract.trim`` on the vendor's document."""
    assert {unnamed(name) for name in contract.operations} == answered()


def test_examples_are_as_the_contract_says(contract):
    for name in contract.operations:
        method, _, path = name.partition(" ")
        status, body = contract.example(method, path)
        assert contract.answer(method, path, status, body) == []


def test_the_judge_finds_what_is_wrong(contract):
    judge = contract.request
    assert judge("GET", "/v2/nonsense", [], None)
    assert judge("GET", "/v2/incidents", [("colour", "red")], None)
    assert judge("GET", "/v2/incidents", [("status", "T")], None)
    assert judge("GET", "/v2/incidents", [("page_size", "1000")], None)
    assert judge("GET", "/v2/incidents", [("page_size[gte]", "10")], None)
    assert judge("GET", "/v2/schedule_overrides", [], None)
    assert judge("GET", "/v2/incidents", [], {"name": "A body"})
    assert judge("POST", "/v3/actions", [], {"incident_id": "I"})
    good = {"incident_id": "I", "description": "Go"}
    assert not judge("POST", "/v3/actions", [], good)
    assert judge("POST", "/v3/actions", [], {**good, "colour": "red"})
    assert contract.answer("GET", "/v2/users/U", 200, {"user": {}})
    assert contract.answer("GET", "/v2/users/U", 201, {})
    assert contract.answer("GET", "/v2/users/U", 404, {})
