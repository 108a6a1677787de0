"""Slack's markup as HTML, for one reader: names, dates in their zone, emoji."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from sandbox.slack.page.emoji import EMOJI
from sandbox.slack.workspace.records import Channel, User
from sandbox.slack.workspace.store import Workspace

PIECES = re.compile(
    r"```(?P<pre>.+?)```|`(?P<code>[^`\n]+)`|<(?P<entity>[^<>\n]+)>"
    r"|:(?P<emoji>[a-z0-9_+-]+):",
    re.DOTALL,
)
MARKS = (
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]*[^*\s])\*(?![\w*])"), "b"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]*[^_\s])_(?![\w_])"), "i"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]*[^~\s])~(?![\w~])"), "s"),
)
QUOTE = re.compile(r"^&gt; ?(.*)$", re.MULTILINE)
OPEN, SHUT = "\ue000", "\ue001"
KEPT = re.compile(f"{OPEN}(\\d+){SHUT}")
LINKS = ("https://", "http://", "mailto:")
ELSEWHERE = 'target="_blank" rel="noopener noreferrer"'
PAGING = ("channel", "here", "everyone")


def as_html(text: str) -> str:
    """Return text without Slack's escapes as HTML."""
    bare = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return html.escape(bare)


@dataclass(frozen=True, slots=True)
class Renderer:
    workspace: Workspace
    reader: User

    def text(self, shown: Any) -> Markup:
        """Return a text object, or the text of a message, as HTML."""
        if isinstance(shown, str):
            return self.mrkdwn(shown)
        if shown.get("type") == "mrkdwn":
            return self.mrkdwn(shown["text"])
        return Markup(_emoji_only(shown["text"]))  # noqa: S704 - escaped there

    def mrkdwn(self, text: str) -> Markup:
        kept: list[str] = []

        def keep(found: re.Match[str]) -> str:
            kept.append(self._piece(found))
            return f"{OPEN}{len(kept) - 1}{SHUT}"

        clean = text.replace(OPEN, "").replace(SHUT, "")
        shown = as_html(PIECES.sub(keep, clean))
        for pattern, tag in MARKS:
            shown = pattern.sub(rf"<{tag}>\1</{tag}>", shown)
        shown = QUOTE.sub(r"<q>\1</q>", shown).replace("\n", "<br>")
        whole = KEPT.sub(lambda found: kept[int(found.group(1))], shown)
        return Markup(whole)  # noqa: S704 - every piece is escaped above

    def _piece(self, found: re.Match[str]) -> str:
        kinds: dict[str, Callable[[str], str]] = {
            "pre": lambda inside: f"<pre>{as_html(inside.strip())}</pre>",
            "code": lambda inside: f"<code>{as_html(inside)}</code>",
            "entity": self._entity,
            "emoji": emoji,
        }
        name = str(found.lastgroup)
        return kinds[name](found.group(name))

    def _entity(self, inside: str) -> str:
        target, _, label = inside.partition("|")
        if target.startswith(("@", "#")):
            return self._mention(target, label)
        if target.startswith("!"):
            return self._special(target[1:], label)
        if target.startswith(LINKS):
            href = html.escape(target.replace("&amp;", "&"))
            return f'<a href="{href}" {ELSEWHERE}>{as_html(label or target)}</a>'
        return as_html(f"<{inside}>")

    def _mention(self, target: str, label: str) -> str:
        known = self.workspace.users if target[0] == "@" else self.workspace.channels
        thing: Any = known.get(target[1:])
        hidden = isinstance(thing, Channel) and not self.workspace.sees(
            self.reader.id, thing
        )
        if hidden:
            return '<span class="mention">🔒 private channel</span>'
        name = thing.name if thing else label or target[1:]
        words = f"{target[0]}{as_html(name)}"
        if thing is not None and target[0] == "#":
            return f'<a class="mention" href="#" data-channel="{thing.id}">{words}</a>'
        return f'<span class="mention">{words}</span>'

    def _special(self, command: str, label: str) -> str:
        if command in PAGING:
            return f'<span class="mention paging">@{command}</span>'
        kind, _, rest = command.partition("^")
        if kind == "date":
            return self._date(rest, label)
        return f'<span class="mention">{as_html(label or "@" + command)}</span>'

    def _date(self, arguments: str, fallback: str) -> str:
        stamp, _, rest = arguments.partition("^")
        form, _, link = rest.partition("^")
        if not stamp.isdecimal():
            return as_html(fallback)
        at = datetime.fromtimestamp(int(stamp), UTC)
        now = self.workspace.now()
        words = as_html(date_in_words(at, now, form, ZoneInfo(self.reader.timezone)))
        shown = f'<time title="{as_html(fallback)}">{words}</time>'
        if link.startswith(LINKS):
            return f'<a href="{html.escape(link)}" {ELSEWHERE}>{shown}</a>'
        return shown


def emoji(name: str) -> str:
    known = EMOJI.get(name)
    return f'<span title=":{name}:">{known}</span>' if known else f":{name}:"


def _emoji_only(text: str) -> str:
    shown = as_html(text).replace("\n", "<br>")
    return re.sub(r":([a-z0-9_+-]+):", lambda found: emoji(found.group(1)), shown)


def date_in_words(at: datetime, now: datetime, form: str, zone: ZoneInfo) -> str:
    local, today = at.astimezone(zone), now.astimezone(zone)
    tokens = {
        "date_num": f"{local:%Y-%m-%d}",
        "date_slash": f"{local:%d/%m/%Y}",
        "date": _date(local, "%B"),
        "date_long_full": _date(local, "%B"),
        "date_short": _date(local, "%b"),
        "date_long": f"{local:%A}, {_date(local, '%B')}",
        "time": time_in_words(local),
        "time_secs": f"{local.hour % 12 or 12}:{local:%M:%S %p}",
        "ago": _ago(at, now),
    }
    near = _near(local, today)
    for name in ("date", "date_short", "date_long"):
        tokens[f"{name}_pretty"] = near or tokens[name]
    this_year = tokens["date_long"].removesuffix(f", {today.year}")
    tokens["day_divider_pretty"] = near or this_year
    for name, words in tokens.items():
        form = form.replace(f"{{{name}}}", words)
    return form


def _date(local: datetime, month: str) -> str:
    return f"{local.strftime(month)} {local.day}, {local.year}"


def time_in_words(local: datetime) -> str:
    return f"{local.hour % 12 or 12}:{local:%M %p}"


def _near(local: datetime, today: datetime) -> str | None:
    days = (local.date() - today.date()).days
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)


def _ago(at: datetime, now: datetime) -> str:
    gone = now - at
    size, suffix = abs(gone), "ago" if gone >= timedelta(0) else "from now"
    for name, length in (
        ("day", timedelta(days=1)),
        ("hour", timedelta(hours=1)),
        ("minute", timedelta(minutes=1)),
    ):
        if size >= length:
            number = size // length
            return f"{number} {name}{'s' * (number > 1)} {suffix}"
    return "just now"
