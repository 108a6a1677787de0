"""One line for one thing, whatever is in it, and never a secret."""

import io
import json
import logging
import re
from contextlib import redirect_stderr

import pytest

from telemetry.logs import CHATTY, JsonFormatter, LogfmtFormatter, configure

KEY = "a-key-that-looks-like-nothing"


@pytest.fixture(params=[LogfmtFormatter, JsonFormatter])
def style(request):
    return request.param


@pytest.fixture
def write():
    """Log something in a style and give the text that was written."""
    log = logging.getLogger("incidents")
    log.propagate, log.level = False, logging.INFO

    def written(style, *words, **given):
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(style(secrets=[KEY, "sandbox"]))
        log.handlers = [handler]
        log.info(*words, **given)
        return stream.getvalue().removesuffix("\n")

    yield written
    log.handlers, log.propagate = [], True


def test_logfmt_names_each_part(write):
    line = write(
        LogfmtFormatter, "interaction", extra={"user": "U1", "ms": 12.345, "ref": None}
    )
    assert re.fullmatch(
        r"at=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 "
        r"level=info from=incidents msg=interaction user=U1 ms=12\.3",
        line,
    )


def test_a_lost_connection_that_is_replaced_is_no_error():
    """It would be one to Sentry too, at each restart and each of Slack's renewals."""
    with redirect_stderr(io.StringIO()) as stream:
        configure("INFO", "logfmt")
        logging.getLogger("websocket").error("Connection to remote host was lost.")
    assert "level=warning from=websocket" in stream.getvalue()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("two words", '"two words"'),
        ('a "quote"', r'"a \"quote\""'),
        ("a=b", '"a=b"'),
        ("", '""'),
        ("back\\slash", r'"back\\slash"'),
        ("Ana-María", "Ana-María"),
        (7, "7"),
    ],
)
def test_logfmt_quotes_what_could_be_misread(write, value, written):
    assert write(LogfmtFormatter, "x", extra={"v": value}).endswith(f" v={written}")


def test_json_holds_the_same(write):
    said = json.loads(
        write(JsonFormatter, "hello %s", "Ana", extra={"user": "U1", "ms": 1.5})
    )
    assert (said["level"], said["from"], said["msg"]) == (
        "info",
        "incidents",
        "hello Ana",
    )
    assert (said["user"], said["ms"]) == ("U1", 1.5)


@pytest.mark.parametrize(
    "sly",
    [
        "Payments\nlevel=error msg=forged",
        "Payments\r\nforged",
        "Payments\x85forged",
        "Payments\u2028forged",
        "Payments\u2029forged",
        "Payments\x1b[2Jforged",
        "Payments\x00\x7fforged",
        "Payments\u202edegrof",
        "Payments\ud800forged",
        "Payments\U000e0001forged",
    ],
)
def test_a_name_cannot_forge_a_line_or_hide_in_one(write, style, sly):
    line = write(style, "declared %s", sly, extra={"name_": sly})
    assert line.isprintable()
    assert len(line.splitlines()) == 1
    line.encode()


def test_json_gives_back_what_was_escaped(write):
    sly = "Payments\n\u2028\x7f\x1b[2J"
    assert json.loads(write(JsonFormatter, sly))["msg"] == sly


def test_an_exception_is_on_the_same_line(write, style):
    line = write(style, "it broke", exc_info=ValueError("first\nsecond"))
    assert len(line.splitlines()) == 1
    assert r"ValueError: first\nsecond" in line


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-1111-2222-abcDEF",
        "xapp-1-A1-2-abc",
        "whsec_MfKQ9r8G/Kq+Twj=",
        "Bearer inc_0123abc",
        "https://hooks.slack.com/commands/T1/2/abc",
        "Max retries exceeded with url: /commands/T1/2/abcdefghijkl (Caused",
        "wss://wss-primary.slack.com/link/?ticket=abc-def",
        "postgresql://bot:hunt@er2@db/bot",
        KEY,
    ],
)
@pytest.mark.parametrize("where", ["message", "argument", "extra", "deep", "exception"])
def test_a_secret_is_blotted_out_wherever_it_is(write, style, secret, where):
    last = secret[-14:] if secret != KEY else KEY
    last = "hunt@er2" if "hunt" in secret else last
    line = log_somewhere(write, style, secret, where)
    assert last not in line
    assert "…" in line


def log_somewhere(write, style, secret, where):
    match where:
        case "message":
            return write(style, f"refused: {secret}")
        case "argument":
            return write(style, "refused: %s", secret)
        case "extra":
            return write(style, "refused", extra={"url": secret})
        case "deep":
            return write(
                style, "refused", extra={"headers": [{"Authorization": secret}]}
            )
        case _:
            return write(style, "refused", exc_info=OSError(f"no answer to {secret}"))


def test_a_stand_ins_short_secret_does_not_blot_out_words(write, style):
    assert "sandbox" in write(style, "the sandbox is up")


def test_what_only_looks_like_an_address_is_left_alone(write):
    line = write(
        LogfmtFormatter, "http://127.0.0.1:3000/slack asked by ana@example.com"
    )
    assert "http://127.0.0.1:3000/slack asked by ana@example.com" in line


def test_what_is_no_json_is_written_as_text(write):
    assert (
        json.loads(
            write(
                JsonFormatter,
                "x",
                extra={
                    "v": {
                        1,
                    }
                },
            )
        )["v"]
        == "{1}"
    )


@pytest.fixture
def logged(settings):
    """Log everything, as a process of the bot does with LOG_LEVEL=DEBUG."""
    before = logging.root.level, logging.root.handlers[:]
    levels = {name: logging.getLogger(name).level for name in CHATTY}
    with redirect_stderr(io.StringIO()) as stream:
        configure("DEBUG", "logfmt", settings.secrets)
    yield stream.getvalue
    logging.root.level, logging.root.handlers[:] = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_debug_logs_neither_words_nor_tokens_whatever_fails(
    logged, ana, ben, bot, world, clock, settings
):
    fail = world.incidentio.fail
    ana.types("/io declare Zebra in the data centre")
    ana.submits(summary="Zebra details", severity="Low")
    ana.types("/io zebra zebra")
    fail("POST", "/v2/incident_updates", status=422)
    ana.types("/io update INC-39 Zebra at the gate")
    ana.submits()
    fail("POST", "/v2/incident_updates", status=503)
    ana.submits()
    ana.types("/io followup new INC-39 Zebra")
    ana.submits(description="Zebra as well")
    world.slack.fail("chat.*", error="invalid_blocks", times=1)
    ana.types("/io page <@U0BEN> Zebra on the loose")
    ana.submits(description="Zebra again")
    ben.dms("zebra, please")
    ana.mentions("zebra", channel="incidents")
    ana.types("/io incidents zebra")
    clock.advance(minutes=1)
    bot.reminders.tick()
    bot.recovery.tick()

    said = logged()
    assert "kind=submission" in said
    assert "zebra" not in said.lower()
    for token in (settings.slack_bot_token, settings.slack_app_token):
        assert token.get_secret_value() not in said
