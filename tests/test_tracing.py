"""One trace an interaction, one event an error, and nothing of what people wrote."""

import logging
import os
import subprocess
import sys

import pytest
import sentry_sdk
from sentry_sdk.transport import Transport
from sentry_sdk.types import Event

from telemetry.errors import public as public_event
from telemetry.errors import report_errors
from telemetry.tracing import public
from tests.spans import under
from tests.test_docs import ROOT

TITLE = "Zanzibar is on fire"
DSN = "https://public@errors.example.com/1"


@pytest.fixture
def traced(traces, bot):
    """The same, of a bot that is built while they are traced."""

    def found():
        bot.wait_idle()
        return traces()

    return found


def test_a_write_is_one_trace_with_its_reference(traced, ana):
    ana.types(f"/io followup new INC-29 {TITLE}")
    ana.submits()

    spans = traced()
    (root,) = (s for s in spans if s.name.startswith("submission followup"))
    names = {s.name for s in under(root, spans)}
    assert root.parent is None
    assert len(root.attributes["ref"]) == 8
    assert root.attributes["outcome"] == "done"
    assert "POST" in names
    assert any(name.startswith(("INSERT", "UPDATE")) for name in names)


def test_each_interaction_is_a_trace_of_its_own(traced, ana):
    ana.types("/io oncall")
    ana.types("/io severities")

    roots = [s for s in traced() if s.name.startswith("command ")]
    assert sorted(s.name for s in roots) == ["command oncall", "command severities"]
    assert len({s.context.trace_id for s in roots}) == 2


def test_a_look_whether_there_is_work_is_no_trace(traces, database):
    with database.read() as session:
        session.connection().exec_driver_sql("SELECT 1")

    assert traces() == ()


def test_nothing_that_was_written_is_in_a_trace(traced, ana, world):
    ana.types("/io oncall")
    ana.types(f"/io declare {TITLE}")
    ana.submits(severity="Low")

    spans = traced()
    told = " ".join(span.to_json() for span in spans)
    assert len(spans) > 10
    assert "Zanzibar" not in told
    assert world.slack.bot_token not in told
    assert "/response/" not in told


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (
            "https://api.incident.io/v2/incidents?after=x",
            "https://api.incident.io/v2/incidents",
        ),
        ("https://slack.com/api/chat.update", "https://slack.com/api/chat.update"),
        ("https://hooks.slack.com/commands/T1/2/abc", "https://hooks.slack.com/…"),
        ("https://hooks.slack.com/actions/T1/2/abc", "https://hooks.slack.com/…"),
        ("https://me:secret@proxy.example.com/x", "https://proxy.example.com/x"),
    ],
)
def test_addresses_lose_what_is_secret(url, shown):
    assert public(url) == shown


class Kept(Transport):
    """Keeps what would be sent."""

    def __init__(self):
        super().__init__()
        self.events = []

    def capture_envelope(self, envelope):
        self.events.append(envelope.get_event())


@pytest.fixture
def sentry():
    """Report errors, and give what was sent."""
    kept = Kept()
    report_errors(DSN, lambda: "0.1.0+abc", transport=kept)
    yield kept.events
    sentry_sdk.get_client().close()
    sentry_sdk.init(default_integrations=False)


def test_an_error_is_reported_with_its_reference_and_without_its_words(sentry):
    log = logging.getLogger("incidentio-bot")
    try:
        int(TITLE)
    except ValueError:
        log.exception("%s failed", TITLE, extra={"ref": "ab12cd34", "user": "U0ANA"})
    log.warning("%s is slow", TITLE)

    (event,) = sentry
    (raised,) = event["exception"]["values"]
    assert event["release"] == "0.1.0+abc"
    assert event["tags"]["ref"] == "ab12cd34"
    assert event["logentry"] == {"message": "%s failed"}
    assert raised["type"] == "ValueError"
    assert raised["stacktrace"]["frames"]
    assert "Zanzibar" not in str(event)
    assert "U0ANA" not in str(event)


def test_an_event_without_a_log_line_loses_its_words_too():
    event: Event = {"message": TITLE, "exception": {"values": [{"value": TITLE}]}}

    assert "Zanzibar" not in str(public_event(event, {}))


@pytest.mark.parametrize(
    ("variable", "value", "missing"),
    [
        ("SENTRY_DSN", DSN, "sentry_sdk"),
        pytest.param(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "http://127.0.0.1:1",
            "opentelemetry",
            marks=pytest.mark.prove,
        ),
    ],
)
def test_what_is_configured_and_not_installed_stops_the_start(
    variable, value, missing, tmp_path
):
    code = (
        f"import sys; sys.modules[{missing!r}] = None; sys.path[:0] = [{str(ROOT)!r}]"
        "; import app; sys.exit(app.main(['manifest']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], variable: value},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert f"{variable} is set, but {missing}" in done.stderr
    assert "requirements-extras.txt" in done.stderr
