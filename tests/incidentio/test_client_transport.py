"""How calls go out: headers, connections that are shared and break, paths, pages."""

from __future__ import annotations

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest

from incidentio import __version__
from incidentio.errors import Invalid, NotFound, Unexpected, Unreachable, Withheld
from incidentio.transport.write_tracker import tracking_writes
from tests.incidentio.samples import ACTION, SEVERITIES, WRITES, call, refusal
from tests.incidentio.upstream import drop
from tests.tls import BREAKS, CERTIFICATE, breaking


def test_a_request_says_who_asks_and_carries_the_key(api, upstream):
    upstream.answers(SEVERITIES)
    api.severities.list()
    headers = upstream.last.headers
    assert headers["Authorization"] == "Bearer key"
    assert headers["User-Agent"] == f"incidentio-bot/{__version__}"


def test_calls_share_a_connection_and_no_cookies(api, upstream):
    upstream.answers((200, {"severities": []}, {"Set-Cookie": "a=b"}))
    for _ in range(3):
        api.severities.list()
    assert upstream.connections == 1
    assert "Cookie" not in upstream.last.headers


def test_bursts_do_not_open_connections_anew(make_api, upstream):
    upstream.answers(SEVERITIES)
    api = make_api(pool_size=16)
    with ThreadPoolExecutor(16) as pool:
        for _ in range(5):
            list(pool.map(lambda _: api.severities.list(), range(32)))
    assert upstream.connections <= 16


def test_a_netrc_does_not_replace_the_key(make_api, upstream, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login mallory password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    upstream.answers(SEVERITIES)
    make_api().severities.list()
    assert upstream.last.headers["Authorization"] == "Bearer key"


@pytest.mark.parametrize("words", ["", ".", ".."])
def test_what_would_climb_to_another_path_is_not_found_unasked(api, upstream, words):
    with pytest.raises(NotFound):
        api.actions.delete(words)
    assert upstream.requests == []


def test_an_id_is_one_step_of_the_path_whatever_it_holds(api, upstream):
    upstream.answers((404, refusal()))
    with pytest.raises(NotFound):
        api.actions.show("a/../b?c#d é")
    assert upstream.last.path == "/v3/actions/a%2F..%2Fb%3Fc%23d%20%C3%A9"


def test_each_request_is_heard_of_without_ids_or_secrets(make_api, upstream):
    heard = []
    api = make_api(on_request=lambda *what: heard.append(what))
    upstream.answers(drop, (200, {"action": ACTION}))
    api.actions.show("SECRET")
    assert [(h[0], h[1], h[2], type(h[4])) for h in heard] == [
        ("GET", "/v3/actions/{id}", None, Unreachable),
        ("GET", "/v3/actions/{id}", 200, type(None)),
    ]


def test_pages_are_fetched_as_they_are_wanted(api, upstream):
    upstream.answers(page("A1", after="c1"), page("A2", after="c2"), page("A3"))
    listing = api.actions.list(incident_id="I")
    assert next(listing).id == "A1"
    assert len(upstream.requests) == 1
    assert [action.id for action in listing] == ["A2", "A3"]
    assert upstream.last.query == [
        ("incident_id", "I"),
        ("page_size", "250"),
        ("after", "c2"),
    ]


def test_a_cursor_that_comes_again_ends_the_listing(api, upstream):
    upstream.answers(page("A1", after="c1"), page("A2", after="c1"))
    assert [action.id for action in api.actions.list()] == ["A1", "A2"]


def test_a_list_without_an_end_is_given_up(api, upstream, monkeypatch):
    monkeypatch.setattr("incidentio.transport.requester.MOST_PAGES", 3)
    upstream.answers(*(page(f"A{n}", after=f"c{n}") for n in range(4)))
    with pytest.raises(Unexpected, match="more than 3 pages"):
        list(api.actions.list())
    assert len(upstream.requests) == 3


def test_the_version_is_the_one_of_the_project():
    project = Path(__file__).parents[2] / "pyproject.toml"
    assert tomllib.loads(project.read_text())["project"]["version"] == __version__


def page(action_id, after=None):
    meta = {"page_size": 1, **({"after": after} if after else {})}
    return 200, {"actions": [{**ACTION, "id": action_id}], "pagination_meta": meta}


@pytest.mark.parametrize("answer", BREAKS.values(), ids=BREAKS)
def test_tls_that_breaks_while_the_answer_is_read_leaves_the_outcome_open(
    make_api, monkeypatch, answer
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with breaking(answer) as server:
        with pytest.raises(Unreachable) as caught:
            make_api(base_url=server.url).actions.create(**WRITES)
        assert caught.value.outcome_unknown
        assert server.carried_out == 1


def test_a_certificate_nobody_vouches_for_is_certainly_not_sent(make_api):
    with breaking(b"") as server:
        with pytest.raises(Unreachable) as caught:
            make_api(base_url=server.url).actions.create(**WRITES)
        assert not caught.value.sent
        assert server.carried_out == 0


def test_a_proxy_that_hangs_up_may_have_passed_the_request_on(
    make_api, upstream, monkeypatch
):
    monkeypatch.setenv("HTTP_PROXY", upstream.url)
    upstream.answers(lambda handler: setattr(handler, "close_connection", True))
    with pytest.raises(Unreachable) as caught:
        make_api(base_url="http://incident.invalid").actions.create(**WRITES)
    assert caught.value.outcome_unknown
    assert len(upstream.requests) == 1


def test_a_proxy_that_is_not_there_has_passed_nothing_on(make_api, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with pytest.raises(Unreachable) as caught:
        make_api(base_url="http://incident.invalid").actions.create(**WRITES)
    assert not caught.value.sent


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
def test_a_change_that_was_made_is_noted(api, upstream, verb):
    upstream.answers((200, {"action": ACTION}))
    with tracking_writes() as tracker:
        assert not tracker.wrote
        call(api, verb)
    assert tracker.wrote
    assert api.changes == api.background().changes == 1


def test_reading_is_no_change(api, upstream):
    upstream.answers((200, {"action": ACTION}))
    with tracking_writes() as tracker:
        call(api, "GET")
    assert not tracker.wrote
    assert api.changes == 0


def test_what_was_refused_is_no_change(api, upstream):
    upstream.answers((422, refusal()))
    with tracking_writes() as tracker, pytest.raises(Invalid):
        call(api, "POST")
    assert not tracker.wrote


def test_what_a_repetition_finds_deleted_was_deleted(api, upstream):
    upstream.answers(drop, (404, refusal()))
    with tracking_writes() as tracker:
        call(api, "DELETE")
    assert tracker.wrote


def test_others_changes_are_theirs(api, upstream):
    upstream.answers((200, {"action": ACTION}))
    with tracking_writes() as tracker:
        other = Thread(target=call, args=(api, "POST"))
        other.start()
        other.join()
    assert not tracker.wrote


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
def test_a_change_that_is_not_allowed_any_more_does_not_leave(api, upstream, verb):
    upstream.answers((200, {"action": ACTION}))
    with tracking_writes(lambda: False) as tracker:
        with pytest.raises(Withheld):
            call(api, verb)
        call(api, "GET")
    assert not tracker.wrote
    assert [request.method for request in upstream.requests] == ["GET"]
