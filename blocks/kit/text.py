"""Text for Slack: escaped mrkdwn and plain text within Slack's limits.

Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from blocks.kit.references import without_ids

SECTION = 3000
METADATA = 3000
FIELD = 2000
HEADER = 150
BUTTON = 75
OPTION = 75
TITLE = 24
PLAIN = 150
VALUE = 2000
MESSAGE = 4000
BLOCK_ID = 255
BLOCKS_IN_MESSAGE = 50
BLOCKS_IN_VIEW = 100

BLANK = "\ue9e9"
"""Marks the blank in a command line that a choice fills; ``typed`` removes it."""

_ELLIPSIS = "…"
_STAR = "\u2217"
_TILDE = "\u223c"
_LOOKALIKES = str.maketrans({"*": _STAR, "_": "\u02cd", "~": _TILDE})
_TICK = "\u02bc"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb]"
)
_JOINED = "[\u0590-\u1fff\u2190-\u2bff\u2e80-\ud7ff\uf900-\ufefe\U00010000-\U0010ffff]"
_LOOSE_JOINER = re.compile(
    rf"(?<!{_JOINED})[\u200c\u200d]+|(?<=\s)[\u200c\u200d]+"
    rf"|[\u200c\u200d]+(?!{_JOINED})|[\u200c\u200d]+(?=\s)"
)
"""Joiners that join nothing: they belong between emoji and letters of some scripts."""

ERASED = "erased-"
"""The prefix of pseudonyms of people who were erased from the database."""


def escape(text: str) -> str:
    """Escape text from people or the API, so that it mentions and links nothing."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo ``escape``."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(text: str) -> str:
    """Return the text as typed from how Slack delivers it; mentions stay encoded.

    Characters that nobody sees are left out.
    """
    bare = re.sub(r"<(https?://[^\s<>|]+)(?:\|[^<>]*)?>", r"\1", text)
    return _visible(unescape(bare)).replace(BLANK, "")


def _visible(text: str) -> str:
    return _LOOSE_JOINER.sub("", _INVISIBLE.sub("", text))


def clip(text: str, limit: int) -> str:
    """Shorten to ``limit`` characters, never inside an entity like ``&amp;``."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    entity = cut.rfind("&")
    if entity >= 0 and ";" not in cut[entity:] and len(cut) - entity < len("&quot;"):
        cut = cut[:entity]
    return cut.rstrip() + _ELLIPSIS


def plain(text: str, limit: int = PLAIN) -> str:
    """Return one line of plain text, never empty, for titles, labels and buttons."""
    return clip(" ".join(_visible(without_ids(text)).split()), limit) or "(no name)"


def inline(text: str, limit: int = 300) -> str:
    """Escape text from people for one line of mrkdwn.

    It cannot mention, link, format, or break its line. Characters that would format are
    replaced by similar ones; inside a word, as in ``snake_case``, they do not format
    and stay.
    """
    return clip(escape(inert(plain(text, limit))), limit)


def inert(line: str) -> str:
    """Replace characters that would format, in text that is escaped elsewhere."""

    def replaced(marks: re.Match[str]) -> str:
        around = line[: marks.start()][-1:], line[marks.end() :][:1]
        inside = all(map(str.isalnum, around)) or all(map(str.isspace, around))
        inert = inside and len(marks[0]) == 1
        return marks[0] if inert else marks[0].translate(_LOOKALIKES)

    return re.sub(r"[*_~]+", replaced, line).replace("`", _TICK)


def paragraph(text: str, limit: int = SECTION) -> str:
    """Escape several lines of text from people."""
    return clip(escape(without_ids(text).strip()), limit)


def quote(text: str, limit: int = SECTION) -> str:
    """Escape several lines of text from people as a quotation."""
    lines = escape(without_ids(text)).splitlines()
    return clip("\n".join(f"> {line}" for line in lines), limit)


def bold(text: str) -> str:
    """Escape one line in bold, without the asterisks that would end it."""
    return f"*{inline(text).replace('*', _STAR)}*"


def struck(text: str) -> str:
    """Escape one line struck through, without the tildes that would end it."""
    return f"~{inline(text).replace('~', _TILDE)}~"


def code(text: str, limit: int = 300) -> str:
    """Escape text from people as code."""
    return f"`{clip(escape(plain(text, limit)), limit).replace('`', _TICK)}`"


def mention(slack_id: str) -> str:
    """Mention a person; for an erased one, return a text that says so."""
    if slack_id.startswith(ERASED):
        return f"somebody who was erased ({slack_id})"
    return f"<@{slack_id}>"


def channel(slack_id: str) -> str:
    return f"<#{slack_id}>"


def is_web(url: str) -> bool:
    """Return whether an address is one that is safe to link."""
    return re.fullmatch(r"https?://[^\s<>|]+", url) is not None


def link(url: str, label: str) -> str:
    """Link ``label`` to ``url``; return only the label for an unsafe URL."""
    shown = inline(label).replace("|", "¦")
    if not is_web(url):
        return shown
    return f"<{url.replace('&', '&amp;')}|{shown}>"


def when(moment: datetime, style: str = "{date_long_pretty} at {time}") -> str:
    """Return a moment that each reader sees in their own zone, elsewhere in UTC.

    The day is today, yesterday, tomorrow, or a weekday with its date.
    """
    fallback = f"{_utc_day(moment)} {moment.astimezone(UTC):%H:%M} UTC"
    return f"<!date^{int(moment.timestamp())}^{style}|{fallback}>"


def day(moment: datetime) -> str:
    """Return the day of a moment in each reader's own zone."""
    fallback = _utc_day(moment)
    return f"<!date^{int(moment.timestamp())}^{{date_long_pretty}}|{fallback}>"


def _utc_day(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return f"{utc:%a} {utc.day} {utc:%b}"


def ago(moment: datetime, now: datetime) -> str:
    """Describe an age by its largest unit: ``3 days ago``, ``just now``."""
    age = now - moment
    return "just now" if age < timedelta(minutes=1) else f"{duration(age)} ago"


def duration(span: timedelta) -> str:
    """Return an age roughly, like ``3 days``; for exact durations see ``exact``."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest and hours < 10 else f"{hours} h"
    return count(minutes // (24 * 60), "day")


def exact(span: timedelta) -> str:
    """Return a duration to the second: ``1 day 12 h``, ``1 min 30 s``.

    It has at most two units, the largest ones that are exact.
    """
    seconds = int(span.total_seconds())
    for large, small in pairwise(UNITS):
        whole, rest = divmod(seconds, UNITS[large])
        if whole and rest % UNITS[small] == 0:
            head = count(whole, large) if large == "day" else f"{whole:,} {large}"
            return f"{head} {rest // UNITS[small]} {small}" if rest else head
    return f"{seconds} s"


UNITS = {"day": 86_400, "h": 3_600, "min": 60, "s": 1}
"""In seconds, the largest first."""


def capital(words: str) -> str:
    """Begin words with a capital letter; leave the others as they are."""
    return f"{words[:1].upper()}{words[1:]}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Return ``1 action``, ``2 actions``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(words: list[str], last: str = "and") -> str:
    """Join words: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def unformatted(mrkdwn: str) -> str:
    """Return the words of a piece of mrkdwn, for notifications and screen readers."""
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", mrkdwn)
    text = re.sub(r"<(?:https?:[^|>]*)\|([^>]*)>", r"\1", text)
    return unicodedata.normalize("NFC", text).replace("*", "").replace("`", "")
