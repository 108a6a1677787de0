"""What ``doctor --live`` writes down, and how the stand-ins are held against it."""

import json
import re
from urllib.parse import urlencode

import pytest

from admin.live.recorder import Recorder
from admin.live.redaction import document
from http_base.client import Exchange, HttpAnswer
from sandbox import __main__ as program
from sandbox.company import CHANNELS, PEOPLE
from sandbox.compare.record import read
from sandbox.compare.replay import compare
from tests.admin.live import BUTTON, Altered, refused, rewritten

SURE = ("--as", "ana@acme.example", "--yes")
UNKNOWN = "01ZZZZZZZZZZZZZZZZZZZZZZZZ"
HEAD = {"format": "incidentio-bot live record", "version": 1}


@pytest.fixture
def press(live, world):
    """Ana presses the button as soon as it is there."""
    live.meanwhile = lambda: world.slack.person("ana").presses(BUTTON)


def texts(value):
    """Every text in JSON, and every name of a property."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def secrets(world):
    """All that tells the organisation: texts and ids of both services, and tokens."""
    store = world.incidentio.store
    yield from (text for row in store.incidents for text in (row.id, row.name))
    yield from (text for row in store.follow_ups for text in (row.id, row.title))
    yield from (row[key] for row in store.schedules for key in ("id", "name"))
    for person in PEOPLE:
        yield from (person.name, person.slack_id, person.email, person.timezone)
        yield person.incidentio_id or person.name
    yield from (channel.slack_id for channel in CHANNELS)
    yield from (name for c in CHANNELS if "-" in (name := c.name))
    yield from (world.slack.bot_token, world.slack.app_token, "Acme", "acme", "T0ACME")
    yield from (world.slack_url.partition("//")[2], "127.0.0.1", "Bearer")


@pytest.mark.usefixtures("press")
def test_a_record_says_nothing_of_the_organisation_and_compares_as_equal(
    live, world, clock
):
    began = clock()
    assert live(*SURE) == 0

    written = live.file.read_text()
    for secret in secrets(world):
        assert secret not in written, secret
    handles = {person.handle for person in PEOPLE} | {"sandbox", "general", "random"}
    assert handles & {word for text in texts(live.record) for word in text.split()} == (
        set()
    )

    comparison = compare(read(live.file), began)

    assert comparison.differences == []
    assert comparison.compared == len(live.record["exchanges"]) > 30


ALTERED = {
    "missing": (
        "GET /v1/severities",
        rewritten(lambda body: [one.pop("description") for one in body["severities"]]),
        "severities[].description: only the stand-in sends it",
    ),
    "new": (
        "POST /api/auth.test",
        rewritten(lambda body: body.update(region=None)),
        "region: only the service sends it",
    ),
    "type": (
        "GET /v2/incidents",
        rewritten(lambda body: body["pagination_meta"].update(page_size="25")),
        "pagination_meta.page_size: is text; the stand-in's is a number",
    ),
    "null": (
        "POST /api/conversations.history",
        rewritten(lambda body: body.update(has_more=None)),
        "has_more: is null; the stand-in's is true or false",
    ),
    "enum": (
        "GET /v2/incident_roles",
        rewritten(lambda body: body["incident_roles"][-1].update(role_type="deputy")),
        "incident_roles[].role_type: the stand-in does not know “deputy”",
    ),
    "error": (
        "POST /api/chat.update",
        rewritten(
            lambda body: None if body["ok"] else body.update(error="message_gone")
        ),
        "answered 200 (message_gone); the stand-in answers 200 (message_not_found)",
    ),
    "status": (
        f"GET /v2/incidents/{UNKNOWN}",
        lambda _, response: setattr(response, "status_code", 410),
        "answered 410 (not_found); the stand-in answers 404 (not_found)",
    ),
    "header": (
        "GET /v1/identity",
        lambda _, response: response.headers.pop("X-RateLimit-Reset"),
        "header x-ratelimit-reset: only the stand-in sends it",
    ),
    "required": (
        "POST /v2/incidents",
        refused(
            422,
            {
                "type": "validation_error",
                "status": 422,
                "errors": [{"code": "is_required", "message": "reason is required"}],
            },
        ),
        "answered 422 (validation_error, is_required); the stand-in answers 200",
    ),
    "time": (
        "GET /v1/incident_statuses",
        rewritten(
            lambda body: [
                one.update(description=one["created_at"])
                for one in body["incident_statuses"]
            ]
        ),
        "incident_statuses[].description: is a time; the stand-in's is text",
    ),
}


def test_each_deliberate_difference_is_found_and_named(
    live, world, clock, monkeypatch, capsys
):
    began = clock()
    for app in (world.slack.wsgi, world.incidentio.wsgi):
        altered = Altered(app.wsgi_app)
        altered.changes = {where: change for where, change, _ in ALTERED.values()}
        monkeypatch.setattr(app, "wsgi_app", altered)

    live(*SURE, "--only", "message", "--only", "reading", "--only", "incident")

    named = [(where, what) for where, _, what in ALTERED.values()]
    found = compare(read(live.file), began).differences
    said = {
        f"{where}  {what}".replace("/api", "").replace(UNKNOWN, "{id:1}")
        for where, what in named
    }
    assert set(found) == said
    assert program.main(["compare", str(live.file)]) == 1
    assert "answers compared: 10 differences." in capsys.readouterr().out


class TestTheProgram:
    def test_says_that_nothing_differs(self, live, capsys):
        live(*SURE, "--only", "message")

        assert program.main(["compare", str(live.file)]) == 0

        said = capsys.readouterr().out
        assert re.fullmatch(r"\d+ answers compared: no differences\.\n", said)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (None, "cannot be read: No such file or directory."),
            ("Dear diary", "is not JSON."),
            ("[]", "was not written by python app.py doctor --live"),
            ('{"format": "something else"}', "was not written by"),
            (
                '{"format": "incidentio-bot live record", "version": 2}',
                "has version 2; this reads version 1.",
            ),
            (
                json.dumps({**HEAD, "exchanges": [{"service": "Slack"}]}),
                "is damaged: an exchange is incomplete.",
            ),
        ],
    )
    def test_says_why_a_file_cannot_be_read(self, tmp_path, capsys, content, words):
        file = tmp_path / "record.json"
        if content is not None:
            file.write_text(content)

        assert program.main(["compare", str(file)]) == 2

        assert capsys.readouterr().err.startswith(f"{file} {words}")

    @pytest.mark.parametrize("arguments", [[], ["compare"], ["compare", "-x"], ["x"]])
    def test_says_how_it_is_used(self, capsys, arguments):
        assert program.main(arguments) == 2
        assert "usage: python -m sandbox" in capsys.readouterr().err


class TestRedaction:
    @pytest.fixture
    def recorded(self, clock):
        """Record one exchange, and return it as it is written down."""
        base = "https://slack.example/api/"
        recorder = Recorder({"Slack": base}, clock)

        def recorded(*pairs):
            with recorder.trying("something"):
                for sent, answer in pairs:
                    recorder.hear(
                        Exchange(
                            "Slack",
                            "POST",
                            f"{base}chat.postMessage",
                            [("types", "im")],
                            None,
                            urlencode({"token": "xoxb-1", **sent}).encode(),
                            HttpAnswer(
                                200,
                                {"Content-Type": "x", "X-Acme-Proxy": "y"},
                                json.dumps(answer).encode(),
                            ),
                        )
                    )
            return document(recorder.all(), {})["exchanges"]

        return recorded

    def test_values_become_kinds_and_words_of_the_services_stay(self, recorded):
        (one,) = recorded(
            (
                {"limit": 5, "text": "Dear Ana", "include": "im"},
                {
                    "ok": True,
                    "type": "message",
                    "number": 41,
                    "ratio": 0.5,
                    "empty": None,
                    "said": "hello",
                    "at": "2026-03-09T10:00:00Z",
                    "link": "https://acme.example/x",
                    "mail": "ana@acme.example",
                    "who": "U0ANA",
                    "status": "Ana is ill",
                },
            )
        )

        assert one["body"] == {"limit": "5", "text": "{text:2}", "include": "im"}
        assert one["answer"]["headers"] == ["content-type"]
        assert one["answer"]["body"] == {
            "ok": True,
            "type": "message",
            "number": "{integer}",
            "ratio": "{number}",
            "empty": None,
            "said": "{text}",
            "at": "{time}",
            "link": "{url}",
            "mail": "{email}",
            "who": "{user}",
            "status": "{text}",
        }

    def test_what_is_used_again_can_be_followed(self, recorded):
        first, second = recorded(
            ({"channel": "U0ANA"}, {"channel": "D0ANA", "ts": "1773050400.000001"}),
            ({"channel": "D0ANA", "ts": "1773050400.000001"}, {"ok": True}),
        )

        assert first["answer"]["body"] == {"channel": "{channel:1}", "ts": "{ts:1}"}
        assert second["body"] == {"channel": "{channel:1}", "ts": "{ts:1}"}

    def test_times_of_requests_are_counted_from_when_they_were_sent(
        self, recorded, clock
    ):
        oldest = f"{clock().timestamp() - 60:.6f}"

        (one,) = recorded(({"oldest": oldest}, {}))

        assert one["body"] == {"oldest": "{ts-60}"}

    def test_properties_that_the_organisation_names_are_not_told(self, recorded):
        (one,) = recorded(
            (
                {"text": "x"},
                {
                    "users": {"U0ANA": {"dnd": True}},
                    "annotations": {"payments": "yes"},
                    "Payments Team": 1,
                    "state": {"values": {"ana": {"payments": {"type": "x"}}}},
                },
            )
        )

        assert one["answer"]["body"] == {
            "users": {"{user}": {"dnd": True}},
            "annotations": {"{key}": "{text}"},
            "{key}": "{integer}",
            "state": {"values": {"{key}": {"{key}": {"type": "x"}}}},
        }

    def test_a_body_that_is_no_json_is_not_told(self, clock):
        recorder = Recorder({"Slack": "https://slack.example/api"}, clock)
        page = HttpAnswer(502, {}, b"<html>Acme's proxy</html>")
        with recorder.trying("something"):
            recorder.hear(
                Exchange(
                    "Slack", "POST", "https://slack.example/api/x", (), None, None, page
                )
            )
        (one,) = document(recorder.all(), {})["exchanges"]

        assert one["answer"]["body"] == "{text}"

    def test_what_goes_elsewhere_or_belongs_to_nothing_tried_is_not_kept(self, clock):
        recorder = Recorder({"Slack": "https://slack.example/api"}, clock)
        here = Exchange(
            "Slack", "POST", "https://slack.example/api/x", (), 1, None, None
        )
        hook = Exchange("Slack", "POST", "https://hooks.example/T/B", (), 1, None, None)
        recorder.hear(here)
        with recorder.trying("something"):
            recorder.hear(hook)

        assert recorder.all() == []


def test_the_vocabulary_has_all_words_of_the_contract():
    from sandbox.compare.vocabulary import VOCABULARY
    from tests.contract import WHERE

    for key, words in enums(json.loads(WHERE.read_text())["schemas"]):
        if key in VOCABULARY:
            assert words <= VOCABULARY[key], key


def enums(value, key=""):
    """Yield the name of each property that is an enumeration, with its words."""
    if isinstance(value, dict):
        if "enum" in value and key:
            yield key, {word for word in value["enum"] if isinstance(word, str)}
        for name, each in value.items():
            yield from enums(each, key if name == "items" else name)
    elif isinstance(value, list):
        for each in value:
            yield from enums(each, key)
