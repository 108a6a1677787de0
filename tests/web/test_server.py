import flask
import pytest

LARGEST = 1024 * 1024


def test_slack_is_answered_by_what_takes_its_events(website):
    seen = []

    def events(request):
        seen.append((request.headers["X-Slack-Signature"], request.get_data()))
        return flask.Response("heard")

    answer = website(slack_events=events).post(
        "/slack/events", data=b"payload", headers={"X-Slack-Signature": "v0=1"}
    )
    assert answer.text == "heard"
    assert seen == [("v0=1", b"payload")]


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


def test_a_delivery_must_be_posted(website):
    answer = website().get("/slack/events")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/slack/events", "/incidentio/webhooks"])
def test_a_payload_over_one_megabyte_is_refused(website, path):
    answer = website().post(path, data=b"x" * (LARGEST + 1))
    assert (answer.status_code, answer.text) == (413, "Request Entity Too Large\n")


def test_a_payload_of_one_megabyte_is_taken(website):
    answer = website().post("/slack/events", data=b"x" * LARGEST)
    assert len(answer.content) == LARGEST


def test_a_payload_that_does_not_say_how_large_it_is_is_held_to_the_same(website):
    endless = (b"x" * 65_536 for _ in range(32))
    assert len(website().post("/slack/events", data=endless).content) <= LARGEST


def test_a_fault_of_ours_is_logged_and_not_shown(website, caplog):
    def events(request):
        raise RuntimeError("a secret thought")

    answer = website(slack_events=events).post("/slack/events", data=b"")
    assert (answer.status_code, answer.text) == (500, "Internal Server Error\n")
    assert "a secret thought" in caplog.text
