"""The program's log: one line a record, as logfmt or JSON."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SECRET = re.compile(
    r"(xox[a-z]-|xapp-|whsec_|Bearer |hooks\.slack\.com/|[?&]ticket=|"
    r"/(?:commands|actions|services)/T\w+/)"
    r"""[^\s"'@,;)}\]\\]+"""
)
_PASSWORD = re.compile(r'(://[^\s:/@"]*:)[^\s/"]+(?=@)')
CHATTY = (
    "alembic",
    "apscheduler",
    "psycopg",
    "slack_bolt",
    "slack_sdk",
    "urllib3",
    "websocket",
    "werkzeug",
)
_SHORTEST = 8
"""Secrets shorter than this are the sandbox's, and ordinary words: they stay."""
_NEEDS_QUOTES = re.compile(r'[\s"=\\]')


def configure(level: str, style: str, secrets: Iterable[str] = ()) -> None:
    """Log to standard error, in ``style`` ``logfmt`` or ``json``.

    ``secrets`` are redacted in every line. Libraries log warnings and errors only, even
    at DEBUG: they would write what is sent and received.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(secrets) if style == "json" else LogfmtFormatter(secrets)
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.root.level))
    # At every start Bolt warns that it does not use the token it was given.
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    logging.getLogger("websocket").addFilter(_as_warning)


def _as_warning(record: logging.LogRecord) -> bool:
    """Lower a lost connection to a warning: it is replaced at once."""
    if record.levelno == logging.ERROR:
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


class _Line(logging.Formatter):
    """Collects the fields of a record, its ``extra`` included."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(s for s in secrets if len(s) >= _SHORTEST)

    def clean(self, line: str) -> str:
        """Return ``line`` without line breaks and without secrets."""
        for secret in self._secrets:
            line = line.replace(secret, "…")
        return _one_line(redact(line))

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        at = datetime.fromtimestamp(record.created, UTC)
        extra = {k: v for k, v in vars(record).items() if k not in _STANDARD}
        fields = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "msg": record.getMessage(),
            **{k: v for k, v in extra.items() if v is not None},
        }
        if record.exc_info:
            fields["error"] = self.formatException(record.exc_info)
        return fields


class LogfmtFormatter(_Line):
    def format(self, record: logging.LogRecord) -> str:
        pairs = (f"{k}={_quoted(v)}" for k, v in self.fields(record).items())
        return self.clean(" ".join(pairs))


class JsonFormatter(_Line):
    def format(self, record: logging.LogRecord) -> str:
        fields = self.fields(record)
        return self.clean(json.dumps(fields, default=str, ensure_ascii=False))


def redact(words: str) -> str:
    """Replace what looks like a token, a password or a secret address."""
    return _PASSWORD.sub(r"\1…", _SECRET.sub(r"\1…", words))


def _one_line(words: str) -> str:
    """Escape control and bidirectional characters, which names may hold."""
    if words.isprintable():
        return words
    return "".join(c if c.isprintable() else _escape(c) for c in words)


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1] if ord(character) != 0x7F else "\\u007f"


def _quoted(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.1f}"
    words = str(value)
    if not words or not words.isprintable() or _NEEDS_QUOTES.search(words):
        return json.dumps(words, ensure_ascii=False)
    return words
