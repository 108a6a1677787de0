"""Replaces Slack's references in text, such as ``<@U0BEN|ben>``, by names."""

from __future__ import annotations

import re
from typing import Protocol

_ID = (
    r"@(?P<person>[UW][A-Z0-9_]+)|#(?P<channel>[CDG][A-Z0-9_]+)"
    r"|!subteam\^(?P<group>S[A-Z0-9_]+)"
)
_REST = (
    r"!(?P<all>here|channel|everyone)|!date\^[^<>|]*"
    r"|(?:mailto:|tel:)(?P<address>[^<>|]+)|(?P<url>https?://[^<>|\s]+)"
)
_LABEL = r"(?:\|(?P<label>[^<>]*))?"
_IDS = re.compile(f"<(?:{_ID}){_LABEL}>")
_ANY = re.compile(f"<(?:{_ID}|{_REST}){_LABEL}>")


class Names(Protocol):
    """Looks up names by Slack ids. None: the name is not known."""

    def person(self, slack_id: str) -> str | None: ...
    def channel(self, slack_id: str) -> str | None: ...
    def group(self, slack_id: str) -> str | None: ...


class LabelsOnly:
    """Knows no name: a reference is written out by its label, if it has one."""

    def person(self, _: str) -> str | None:
        return None

    channel = group = person


LABELS_ONLY: Names = LabelsOnly()


def without_ids(text: str, names: Names = LABELS_ONLY) -> str:
    """Replace the references that hold an id by names: ``@ben look at #general``.

    A label, which the author saw, is preferred to a name: an author may write the id of
    a channel whose name they may not read.
    """
    if "<" not in text:
        return text
    return _IDS.sub(lambda match: _named(match, names), text)


def write_out(text: str, names: Names = LABELS_ONLY) -> str:
    """Replace all that Slack encodes in text: also links, dates and ``<!here>``."""
    return _ANY.sub(lambda match: _named(match, names) or _worded(match), text)


def _label(match: re.Match[str]) -> str:
    return (match["label"] or "").strip().lstrip("@#")


def _named(match: re.Match[str], names: Names) -> str:
    """Return the name of a reference with an id; empty for any other."""
    label = _label(match)
    if id_ := match["person"]:
        return f"@{label or names.person(id_) or 'someone'}"
    if id_ := match["channel"]:
        name = label or names.channel(id_)
        return f"#{name}" if name else "a private channel"
    if id_ := match["group"]:
        return f"@{label or names.group(id_) or 'group'}"
    return ""


def _worded(match: re.Match[str]) -> str:
    label = _label(match)
    if url := match["url"]:
        bare = url.partition("://")[2].rstrip("/")
        return url if not label or label in (url, bare) else f"{label} ({url})"
    return match["address"] or (f"@{match['all']}" if match["all"] else label)
