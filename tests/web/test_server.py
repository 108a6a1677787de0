import flask
import pytest

from tests.web.conftest import signed

LARGEST = 1024 * 1024


def test_slack_is_answered_by_what_takes_its_events(website):
    seen = []

    def events(request):
        seen.append(request.get_data())
        return flask.Response("heard")

    assert website(slack_events=events).slack(b"payload").text == "heard"
    assert seen == [b"payload"]


def test_it_says_that_the_process_is_up(website):
    answer = website().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_the_figures_are_there_for_prometheus(website, registry):
    answer = website(registry=registry).get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert "cups_total 3.0" in answer.text


@pytest.mark.parametrize("path", ["/", "/slack", "/static/x", "/admin", "/%ff"])
def test_other_addresses_do_not_exist(website, path):
    answer = website().get(path)
    assert (answer.status_code, answer.text) == (404, "Not Found\n")


@pytest.mark.parametrize("headers", [{}, signed(b"")], ids=["unsigned", "signed"])
def test_a_delivery_must_be_posted(website, headers):
    answer = website().get("/slack/events", headers=headers)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/slack/events", "/incidentio/webhooks"])
def test_a_payload_over_one_megabyte_is_refused(website, path):
    answer = website().post(path, data=b"x" * (LARGEST + 1))
    assert answer.status_code == 401


def test_a_payload_of_one_megabyte_is_taken(website):
    answer = website().slack(b"x" * LARGEST)
    assert len(answer.content) == LARGEST


def test_a_payload_that_does_not_say_how_large_it_is_is_held_to_the_same(website):
    assert website().slack([b"x" * 65_536] * 17).status_code == 401


def test_a_fault_of_ours_is_logged_and_not_shown(website, caplog):
    def events(request):
        raise RuntimeError("a secret thought")

    answer = website(slack_events=events).slack(b"")
    assert (answer.status_code, answer.text) == (500, "Internal Server Error\n")
    assert "a secret thought" in caplog.text
