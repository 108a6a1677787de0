"""Finds the differences between an answer of a stand-in and a recorded one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sandbox.compare.record import Answered, Shape
from sandbox.compare.vocabulary import VOCABULARY

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*|\{time[^}]*\}")
NAMED = re.compile(r"\{(\w+)[^}]*\}")
HEADERS = re.compile(
    r"content-type|retry-after|x-(ratelimit-[a-z]+|request-id|oauth-scopes)"
)
"""The headers that a stand-in sends on purpose."""
ERRORS = ("error", "type", "code")
"""Properties that say why something was refused."""

Words = Mapping[str, Collection[str]]
"""The words that a stand-in uses, by the property that has them."""


def differences(
    said: Answered, status: int, headers: Iterable[str], body: Any, words: Words
) -> Iterator[str]:
    """Yield each difference: where it is, and what.

    ``said`` is the service's answer; status, headers and body are the stand-in's.
    """
    theirs, ours = refusal(said.status, said.body), refusal(status, body)
    if theirs != ours:
        yield f"answered {theirs}; the stand-in answers {ours}"
        return
    yield from _headers(said.headers, headers)
    yield from _values([said.body], [body], "", words)


def refusal(status: int, body: Any) -> str:
    """Return the status, and the codes of the error."""
    found = body if isinstance(body, dict) else {}
    codes = [found.get(name) for name in ERRORS[: 1 + (status >= 400)]]
    listed = found.get("errors") if status >= 400 else None
    inner = [one.get("code") for one in listed or () if isinstance(one, dict)]
    said = dict.fromkeys(str(code) for code in (*codes, *inner) if code)
    return f"{status} ({', '.join(said)})" if said else str(status)


def words_in(value: Any) -> Iterator[tuple[str, str]]:
    """Yield each text in a value, with the property that has it."""
    if isinstance(value, dict):
        for key, each in value.items():
            texts = each if isinstance(each, list) else [each]
            yield from ((key, text) for text in texts if isinstance(text, str))
            yield from words_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from words_in(each)


def _headers(theirs: Iterable[str], ours: Iterable[str]) -> Iterator[str]:
    sent = {name.lower() for name in ours if HEADERS.fullmatch(name.lower())}
    told = {name for name in theirs if HEADERS.fullmatch(name)}
    yield from (f"header {name}: only the service sends it" for name in told - sent)
    yield from (f"header {name}: only the stand-in sends it" for name in sent - told)


def _values(
    theirs: Sequence[Shape], ours: Sequence[Any], where: str, words: Words
) -> Iterator[str]:
    """Compare all values that one place has, in one answer or in a list's items."""
    if not theirs or not ours:
        return
    mine = {_kind(value) for value in ours}
    for kind in sorted({_kind(shape) for shape in theirs} - mine):
        yield f"{where}: is {kind}; the stand-in's is {' or '.join(sorted(mine))}"
    yield from _unknown(theirs, where, words)
    yield from _objects(_all(theirs, dict), _all(ours, dict), where, words)
    items = [item for each in _all(theirs, list) for item in each]
    own = [item for each in _all(ours, list) for item in each]
    yield from _values(items, own, f"{where}[]", words)


def _unknown(theirs: Sequence[Shape], where: str, words: Words) -> Iterator[str]:
    key = re.sub(r"\[\]$", "", where).rpartition(".")[2]
    known = {*VOCABULARY.get(key, ()), *words.get(key, ())}
    said = {text for text in theirs if isinstance(text, str) and text}
    for word in sorted(said - known):
        if not NAMED.fullmatch(word):
            yield f"{where}: the stand-in does not know “{word}”"


def _objects(
    theirs: Sequence[Mapping[str, Shape]],
    ours: Sequence[Mapping[str, Any]],
    where: str,
    words: Words,
) -> Iterator[str]:
    if not theirs or not ours:
        return
    if any(NAMED.fullmatch(key) for each in theirs for key in each):
        named = [value for each in theirs for value in each.values()]
        own = [value for each in ours for value in each.values()]
        yield from _values(named, own, f"{where}.*", words)
        return
    sometimes = {key for each in theirs for key in each}
    for key in sorted(sometimes | {key for each in ours for key in each}):
        place = f"{where}.{key}" if where else key
        told = [each[key] for each in theirs if key in each]
        own = [each[key] for each in ours if key in each]
        if not own:
            yield f"{place}: only the service sends it"
        elif not told and len(own) == len(ours):
            yield f"{place}: only the stand-in sends it"
        else:
            yield from _values(told, own, place, words)


def _all(values: Sequence[Any], kind: type) -> list[Any]:
    return [value for value in values if isinstance(value, kind)]


def _kind(value: Any) -> str:
    """Return the JSON type of a value or of a shape; times are told from texts."""
    if isinstance(value, str):
        named = NAMED.fullmatch(value)
        if named and named[1] in {"integer", "number"}:
            return "a number"
        return "a time" if TIME.fullmatch(value) else "text"
    kinds = {bool: "true or false", int: "a number", float: "a number"}
    others = {dict: "an object", list: "a list"}
    return (kinds | others).get(type(value), "null")
