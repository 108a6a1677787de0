"""Turns what was sent and answered into shapes that say nothing of the organisation.

Kept are methods, paths, statuses, the names of known headers, the names of properties,
true, false, null, and the words of the services themselves: enumerations and error
codes. Every other value becomes the name of its kind in braces:

- ``{text}``, ``{time}``, ``{url}``, ``{email}``, ``{integer}`` and so on;
- ``{incident:1}``: something that a request names, the same wherever it stands, so
  that whoever sends the requests again can follow it;
- ``{time+60}`` and ``{ts-60}``: in requests, seconds from when it was sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote

from admin.live.recorder import Recorded

FORMAT, VERSION = "incidentio-bot live record", 1

Json = Any
Keys = tuple[str, ...]

HEADERS = re.compile(
    r"content-type|retry-after|x-(ratelimit-[a-z]+|request-id|oauth-scopes"
    r"|accepted-oauth-scopes|slack-req-id)"
)
"""The headers whose names are kept: any other may be that of a proxy."""

WORDS = {
    "category",
    "code",
    "error",
    "event_type",
    "field_type",
    "include",
    "interval_type",
    "managed_by",
    "mode",
    "needed",
    "provided",
    "role_type",
    "scheduling_mode",
    "sort_by",
    "state",
    "status",
    "status_category",
    "style",
    "subtype",
    "trigger_actions_on",
    "type",
    "visibility",
    "warning",
}
"""Properties whose values the services themselves define, in their documentation."""
WORD = re.compile(r"[a-z][a-z0-9_.:,-]{0,200}")

SIZES = {
    "limit",
    "max_length",
    "max_selected_items",
    "min_length",
    "min_query_length",
    "page_size",
}
"""Numbers in requests that the bot itself defines."""

OPEN = {"annotations", "param_bindings"}
"""Objects whose properties the organisation names."""
PROPERTY = re.compile(r"_?[a-z][a-z0-9_]{0,60}")

KINDS = (
    ("time", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("clock", re.compile(r"\d\d:\d\d")),
    ("ts", re.compile(r"\d{9,11}\.\d{6}")),
    ("url", re.compile(r"[a-z][a-z0-9+.-]*://\S+")),
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")),
    ("digits", re.compile(r"\d+")),
    ("user", re.compile(r"[UW](?=\w*\d)[A-Z0-9]{2,}")),
    ("channel", re.compile(r"[CGD](?=\w*\d)[A-Z0-9]{2,}")),
    ("team", re.compile(r"[TE](?=\w*\d)[A-Z0-9]{2,}")),
    ("bot", re.compile(r"[AB](?=\w*\d)[A-Z0-9]{2,}")),
    ("id", re.compile(r"0[0-9A-HJKMNP-TV-Z]{25}")),
)
"""The kinds of text by their form; the first one that fits counts."""
STEP = re.compile(r"[a-z][a-zA-Z0-9_.]*")
"""A step of a path that is part of the API."""


def document(recorded: Sequence[Recorded], results: Mapping[str, str]) -> Json:
    """Return what may be written down; ``results`` are kept as they are."""
    redactor = _Redactor(recorded)
    return {
        "format": FORMAT,
        "version": VERSION,
        "promises": dict(results),
        "exchanges": [redactor.exchange(one) for one in recorded],
    }


class _Redactor:
    """Names each value that a request sends, in the order of the requests."""

    def __init__(self, recorded: Sequence[Recorded]) -> None:
        self._sent = {text for one in recorded for text in _texts_sent(one)}
        self._answered: set[str] = set()
        self._names: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def exchange(self, one: Recorded) -> Json:
        said = one.exchange
        sends, body = _body(one)
        shape = partial(self._sent_shape, at=one.at)
        request = {
            "promise": one.promise,
            "service": said.service,
            "method": said.method,
            "path": "/".join(map(self._step, one.path.split("/"))),
            "query": [[self._key(key, ()), shape(v, (key,))] for key, v in said.params],
            "sends": sends,
            "body": shape(body, ()),
        }
        return {**request, "answer": self._answer(one)}

    def _answer(self, one: Recorded) -> Json:
        answer = one.exchange.answer
        if answer is None:
            return None
        names = sorted(name.lower() for name in answer.headers)
        body = _parsed(answer.body)
        shaped = self._shape(body, ())
        self._answered.update(_texts(body))
        return {
            "status": answer.status,
            "headers": [name for name in names if HEADERS.fullmatch(name)],
            "body": shaped,
        }

    def _step(self, step: str) -> str:
        step = unquote(step)
        plain = not step or STEP.fullmatch(step)
        return step if plain else self._named(step, ("id",))

    def _sent_shape(self, value: Json, keys: Keys, at: datetime) -> Json:
        """Shape a value of a request, so that it can be sent again."""
        if isinstance(value, dict):
            return {
                self._key(key, keys): self._sent_shape(each, (*keys, key), at)
                for key, each in value.items()
                if key != "token"
            }
        if isinstance(value, list):
            return [self._sent_shape(each, keys, at) for each in value]
        if isinstance(value, str):
            return self._sent_text(value, keys, at)
        sized = isinstance(value, int) and bool(keys) and keys[-1] in SIZES
        return value if sized else _scalar(value)

    def _sent_text(self, text: str, keys: Keys, at: datetime) -> Json:
        if _is_ours(text, _last(keys)):
            return text
        if text[0] in "[{" and (inner := _object(text)) is not None:
            return {"{json}": self._sent_shape(inner, keys, at)}
        kind = _kind(text)
        if text in self._answered:
            return self._named(text, keys)
        if kind in {"date", "clock"}:
            return f"{{{kind}}}"
        if kind in {"time", "ts"}:
            return f"{{{kind}{_seconds(text, at):+d}}}"
        return self._named(text, keys)

    def _shape(self, value: Json, keys: Keys) -> Json:
        """Shape a value of an answer."""
        if isinstance(value, dict):
            return {
                self._key(key, keys): self._shape(each, (*keys, key))
                for key, each in value.items()
            }
        if isinstance(value, list):
            return _distinct(self._shape(each, keys) for each in value)
        if not isinstance(value, str):
            return _scalar(value)
        if not value or _is_word(value, _last(keys)):
            return value
        if value in self._sent:
            return self._named(value, keys)
        return f"{{{_kind(value) or 'text'}}}"

    def _key(self, key: str, keys: Keys) -> str:
        """Return the name of a property, if the services define it."""
        bare, *inner = key.replace("]", "").split("[")
        known = all(map(PROPERTY.fullmatch, (bare, *inner)))
        if known and not _is_open(keys):
            return key
        return self._names.get(key, f"{{{_kind(key) or 'key'}}}")

    def _named(self, text: str, keys: Keys) -> str:
        """Return the name of a value, the same each time."""
        if text not in self._names:
            kind = _kind(text)
            kind = _noun(keys) if kind in {None, "id"} else kind
            self._counts[kind] = number = self._counts.get(kind, 0) + 1
            self._names[text] = f"{{{kind}:{number}}}"
        return self._names[text]


def _noun(keys: Keys) -> str:
    """Say what an id or a text belongs to, by the properties around it."""
    last = _last(keys)
    if last.endswith("_id"):
        return last.removesuffix("_id")
    if last == "id" and len(keys) > 1:
        return keys[-2].removesuffix("s")
    return "id" if last == "id" else "text"


def _is_open(keys: Keys) -> bool:
    """Return whether an object has properties that no service defines."""
    state = ("state", "values")
    return _last(keys) in OPEN or state in {keys[-2:], keys[-3:-1]}


def _last(keys: Keys) -> str:
    return keys[-1].partition("[")[0] if keys else ""


def _is_word(text: str, key: str) -> bool:
    return key in WORDS and bool(WORD.fullmatch(text))


def _is_ours(text: str, key: str) -> bool:
    """Return whether a text of a request is the bot's or the service's own."""
    flag = text in {"", "0", "1", "true", "false"}
    return flag or _is_word(text, key) or (key in SIZES and text.isdecimal())


def _kind(text: str) -> str | None:
    return next((kind for kind, form in KINDS if form.fullmatch(text)), None)


def _scalar(value: Json) -> Json:
    if value is None or isinstance(value, bool):
        return value
    return "{integer}" if isinstance(value, int) else "{number}"


def _seconds(text: str, at: datetime) -> int:
    stamp = text.replace(".", "").isdecimal()
    moment = float(text) if stamp else datetime.fromisoformat(text).timestamp()
    return round(moment - at.timestamp())


def _distinct(shapes: Iterable[Json]) -> list[Json]:
    """Leave out what is there already: a list says how its items may look."""
    found = {json.dumps(shape, sort_keys=True): shape for shape in shapes}
    return list(found.values())


def _body(one: Recorded) -> tuple[str | None, Json]:
    """Return how a request sent its body, and the body."""
    said = one.exchange
    if said.json is not None:
        return "json", said.json
    if not said.data:
        return None, None
    text = said.data.decode()
    parsed = _object(text)
    if parsed is not None:
        return "json", parsed
    return "form", dict(parse_qsl(text, keep_blank_values=True))


def _object(text: str) -> Json | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, (dict, list)) else None


def _parsed(body: bytes) -> Json:
    try:
        return json.loads(body)
    except ValueError:
        return "not JSON" if body.strip() else None


def _texts_sent(one: Recorded) -> Iterator[str]:
    yield from (unquote(step) for step in one.path.split("/"))
    yield from (value for _, value in one.exchange.params)
    yield from _texts(_body(one)[1])


def _texts(value: Json) -> Iterator[str]:
    """Yield every text in a value, those in JSON within a text too."""
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value
        if value[:1] in {"[", "{"} and (inner := _object(value)) is not None:
            yield from _texts(inner)
