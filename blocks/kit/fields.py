"""The fields of a form: each draws itself as input blocks, and knows its value."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Protocol, Self

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ContextBlock,
    ConversationFilter,
    ConversationSelectElement,
    DatePickerElement,
    DateTimePickerElement,
    ExternalDataMultiSelectElement,
    ExternalDataSelectElement,
    InputBlock,
    InputInteractiveElement,
    MarkdownTextObject,
    NumberInputElement,
    Option,
    OptionGroup,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
    UrlInputElement,
    UserMultiSelectElement,
    UserSelectElement,
)

from blocks.kit import boxes, text
from blocks.kit.boxes import FRESH, LONGEST_TEXT

Value = str | tuple[str, ...] | datetime | date | time | None
"""What a field reads as: text, an id, ids, or a time; None when left empty."""

MOST_OPTIONS = 100
EARLIEST = datetime(2001, 9, 10, tzinfo=UTC)
LATEST = datetime(2286, 11, 20, tzinfo=UTC)
"""Slack takes moments of ten digits, in seconds since 1970."""
SHOWN = 120
"""The most characters of a value in a sentence."""
STAYS = "What is there stays as it is."
EMPTY = "empty"
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Choosable:
    """One option of a select."""

    label: str
    value: str

    def draw(self) -> Option:
        return Option(label=text.plain(self.label, text.OPTION), value=self.value)


class HasName(Protocol):
    """A thing that people know by its name."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def choosable(things: Iterable[HasName]) -> list[Choosable]:
    """Return options labelled with names; their values are the ids."""
    return [Choosable(thing.name, thing.id) for thing in things]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    name: str
    label: str
    optional: bool = False
    hint: str | None = None
    placeholder: str | None = None
    live: bool = False
    """Whether Slack tells the bot of each change, so that the form can follow."""
    fresh: str = ""
    """A part of the block's id. When it changes, Slack drops what was entered."""
    value: Value | Sequence[str] = None
    """The value that the input is filled with."""

    @property
    def is_prose(self) -> bool:
        """Return whether it takes prose, whose words the audit log does not keep."""
        return False

    @property
    def current_value(self) -> Value:
        """Return the value that an untouched input submits."""
        value = self.value
        if value is None or isinstance(value, str | date | time):
            return value
        return tuple(value)

    @property
    def label_text(self) -> str:
        """Return the label in mrkdwn."""
        return text.inline(self.label, 60)

    def value_text(self, limit: int = SHOWN) -> str:
        """Return the value in mrkdwn; a text is cut to ``limit`` characters."""
        value = self.current_value
        return f"“{text.inline(str(value), limit)}”" if value else EMPTY

    def with_value(self, value: Value) -> Self:
        """Return the same input, filled with ``value``."""
        filled: dict[str, Any] = {"value": value}
        return replace(self, **filled)

    def normalized(self, value: Value) -> str:
        """Return a value as text, equal for values that look equal in the form."""
        if isinstance(value, datetime):
            return str(int(value.timestamp() // 60))
        if isinstance(value, time):
            return f"{value:%H:%M}"
        if isinstance(value, tuple):
            return "\n".join(sorted(value))
        lines = (line.rstrip() for line in str(value or "").splitlines())
        return "\n".join(lines).strip()

    def fingerprint(self, value: Value) -> str:
        """Return a few characters that tell a value from others."""
        return short_hash(self.normalized(value))

    @property
    def unfit(self) -> str | None:
        """Return why no input can show the value, in plain text. None: one can."""
        return None

    def element(self) -> InputInteractiveElement:
        raise NotImplementedError

    def draw(self) -> list[Block]:
        """Draw the input; or a note, if the value does not fit: none is shown cut."""
        return [self._left_out(self.unfit)] if self.unfit else self.inputs()

    def _left_out(self, why: str) -> Block:
        words = f"*{self.label_text}* is left out of this form: {why}. {STAYS}"
        return ContextBlock(elements=[MarkdownTextObject(text=words)])

    def inputs(self) -> list[Block]:
        """Draw the input as one block or more."""
        block = InputBlock(
            block_id=f"{self.name}{FRESH}{self.fresh}" if self.fresh else self.name,
            label=text.plain(self.label, text.FIELD),
            hint=text.plain(self.hint, text.FIELD) if self.hint else None,
            optional=self.optional,
            dispatch_action=self.live or None,
            element=self.element(),
        )
        return [block]

    @property
    def _common(self) -> dict[str, Any]:
        shown = text.plain(self.placeholder) if self.placeholder else None
        return {"action_id": self.name, "placeholder": shown}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Field):
    """A text; a long one takes several inputs, and one that is too long is left out.

    ``max_length`` limits typed text; a text that is filled in may be longer.
    """

    value: str | None = None
    multiline: bool = False
    max_length: int = LONGEST_TEXT

    @property
    def is_prose(self) -> bool:
        return self.multiline

    @property
    def current_value(self) -> str | None:
        return self.value or None

    @property
    def unfit(self) -> str | None:
        if boxes.cut(self.value or "") is not None:
            return None
        return f"it has {len(self.value or ''):,} characters"

    def inputs(self) -> list[Block]:
        pieces = boxes.cut(self.value or "") or []
        if len(pieces) == 1:
            return Field.inputs(self)
        fresh = f"{self.fresh}{short_hash(self.value or '', 6)}"
        return [
            block
            for number, piece in enumerate(pieces, 1)
            for block in self._box(number, len(pieces), fresh, piece).inputs()
        ]

    def _box(self, number: int, many: int, fresh: str, piece: boxes.Piece) -> Text:
        """Return one of several inputs; each is optional, as others may hold text."""
        first = number == 1
        return replace(
            self,
            fresh=boxes.mark(fresh, number, piece),
            label=f"{self.label}, {number} of {many}",
            hint=" ".join(filter(None, [self.hint, SEVERAL])) if first else None,
            value=piece.text,
            optional=True,
            max_length=LONGEST_TEXT,
        )

    def element(self) -> InputInteractiveElement:
        value = self.value or ""
        fits = boxes.length(value) <= self.max_length
        return PlainTextInputElement(
            **self._common,
            initial_value=self.current_value,
            multiline=self.multiline or "\n" in value,
            max_length=self.max_length if fits else LONGEST_TEXT,
        )


SEVERAL = "This text is split over several boxes; it is read as one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Field):
    """A number; ``least`` and ``most`` limit typed numbers."""

    value: str | None = None
    decimal: bool = True
    least: str | None = None
    most: str | None = None

    def normalized(self, value: Value) -> str:
        words = str(value or "").strip()
        return number(words) or words

    @property
    def unfit(self) -> str | None:
        written = number(self.value) if self.value else "0"
        whole = written is not None and (self.decimal or "." not in written)
        return None if whole else "it is no number that Slack takes"

    def element(self) -> InputInteractiveElement:
        known = [Decimal(self.value)] if self.value else []
        least = [Decimal(self.least), *known] if self.least else []
        most = [Decimal(self.most), *known] if self.most else []
        return NumberInputElement(
            **self._common,
            is_decimal_allowed=self.decimal,
            initial_value=self.value,
            min_value=f"{min(least):f}" if least else None,
            max_value=f"{max(most):f}" if most else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Field):
    value: str | None = None

    def value_text(self, limit: int = SHOWN) -> str:
        return text.link(self.value, self.value[:limit]) if self.value else EMPTY

    @property
    def unfit(self) -> str | None:
        url = self.value or ""
        short = boxes.length(url) <= LONGEST_TEXT
        fits = not url or (short and re.fullmatch(r"https?://\S+", url))
        return None if fits else "it is no link that Slack takes"

    def element(self) -> InputInteractiveElement:
        return UrlInputElement(**self._common, initial_value=self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu(Field):
    """A menu of ``options``, however many there are.

    If there are more than a menu of Slack holds, ``source`` finds options as somebody
    types (``Group.options``). ``partial``: the source knows more than ``options``,
    which then only show what is already chosen.
    """

    options: Sequence[Choosable] = ()
    source: str | None = None
    partial: bool = False

    @property
    def searched(self) -> bool:
        """Return whether options are searched as somebody types."""
        many = len(self.options) > MOST_OPTIONS
        return self.source is not None and (self.partial or many)

    def offering(self, chosen: Sequence[str], value: Value) -> Self:
        """Return the menu with these chosen, also those that only the source knows."""
        known = offered(self)
        more = [Choosable(v, v) for v in chosen if self.searched and v not in known]
        filled: dict[str, Any] = {"value": value, "options": [*self.options, *more]}
        return replace(self, **filled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Menu):
    """One of ``options``."""

    value: str | None = None

    @property
    def current_value(self) -> Value:
        return self.value if self.value in offered(self) else None

    def with_value(self, value: Value) -> Self:
        return self.offering([str(value)] if value else [], value)

    def value_text(self, limit: int = SHOWN) -> str:
        return _labels(self, [self.value or ""], limit)

    def element(self) -> InputInteractiveElement:
        chosen = next((o for o in self.options if o.value == self.value), None)
        initial = chosen.draw() if chosen else None
        if self.searched:
            return ExternalDataSelectElement(
                **{**self._common, "action_id": self.source},
                initial_option=initial,
                min_query_length=0,
            )
        return StaticSelectElement(
            **self._common, **listed(self.options), initial_option=initial
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(Menu):
    """Any of ``options``."""

    value: Sequence[str] = ()

    @property
    def current_value(self) -> Value:
        return tuple(v for v in self.value if v in offered(self))

    @property
    def unfit(self) -> str | None:
        return _too_many(self.value)

    def with_value(self, value: Value) -> Self:
        return self.offering(value if isinstance(value, tuple) else (), value)

    def value_text(self, limit: int = SHOWN) -> str:
        return _labels(self, self.value, limit)

    def element(self) -> InputInteractiveElement:
        chosen = [o.draw() for o in self.options if o.value in self.value] or None
        if self.searched:
            return ExternalDataMultiSelectElement(
                **{**self._common, "action_id": self.source},
                initial_options=chosen,
                min_query_length=0,
            )
        return StaticMultiSelectElement(
            **self._common, **listed(self.options), initial_options=chosen
        )


def listed(options: Sequence[Choosable]) -> dict[str, Any]:
    """Return a static menu's options, more than a hundred in groups."""
    if len(options) <= MOST_OPTIONS:
        return {"options": [option.draw() for option in options]}
    starts = range(0, len(options), MOST_OPTIONS)
    groups = [options[start : start + MOST_OPTIONS] for start in starts]
    return {"option_groups": [_group(group) for group in groups[:MOST_OPTIONS]]}


def _group(options: Sequence[Choosable]) -> OptionGroup:
    """Return a group, labelled with its first and its last option."""
    ends = [text.plain(option.label, 35) for option in (options[0], options[-1])]
    drawn = [option.draw() for option in options]
    return OptionGroup(label=" … ".join(ends), options=drawn)


def _too_many(chosen: Sequence[str]) -> str | None:
    many = len(chosen) > MOST_OPTIONS
    return f"{len(chosen):,} are chosen, more than a menu shows" if many else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPicker(Field):
    """A Slack account, by id."""

    value: str | None = None

    def value_text(self, limit: int = SHOWN) -> str:  # noqa: ARG002
        return text.mention(self.value) if self.value else NOBODY

    def element(self) -> InputInteractiveElement:
        return UserSelectElement(**self._common, initial_user=self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePicker(Field):
    """Slack accounts, by id; their order counts."""

    value: Sequence[str] = ()

    @property
    def unfit(self) -> str | None:
        return _too_many(self.value)

    def value_text(self, limit: int = SHOWN) -> str:  # noqa: ARG002
        return text.listed([text.mention(id_) for id_ in self.value]) or NOBODY

    def normalized(self, value: Value) -> str:
        return "\n".join(value) if isinstance(value, tuple) else ""

    def element(self) -> InputInteractiveElement:
        return UserMultiSelectElement(**self._common, initial_users=self.value or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Field):
    """A date and time; Slack shows and takes it in the person's own zone."""

    value: datetime | None = None

    @property
    def unfit(self) -> str | None:
        fits = self.value is None or EARLIEST <= self.value <= LATEST
        return None if fits else "Slack takes times from 2001 to 2286 only"

    def value_text(self, limit: int = SHOWN) -> str:  # noqa: ARG002
        return text.when(self.value) if self.value else EMPTY

    def element(self) -> InputInteractiveElement:
        initial = int(self.value.timestamp()) if self.value else None
        return DateTimePickerElement(action_id=self.name, initial_date_time=initial)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Field):
    value: date | None = None

    def element(self) -> InputInteractiveElement:
        initial = self.value.isoformat() if self.value else None
        return DatePickerElement(**self._common, initial_date=initial)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfDay(Field):
    value: time | None = None

    def value_text(self, limit: int = SHOWN) -> str:  # noqa: ARG002
        return f"{self.value:%H:%M}" if self.value is not None else EMPTY

    def element(self) -> InputInteractiveElement:
        initial = self.value.strftime("%H:%M") if self.value else None
        return TimePickerElement(**self._common, initial_time=initial)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticks(Field):
    """Checkboxes; the value is a tuple of those ticked, so one alone is a switch."""

    options: Sequence[Choosable]
    value: Sequence[str] = ()
    optional: bool = True

    @property
    def current_value(self) -> Value:
        return tuple(v for v in self.value if v in offered(self))

    def value_text(self, limit: int = SHOWN) -> str:
        return _labels(self, self.value, limit)

    def element(self) -> InputInteractiveElement:
        return CheckboxesElement(
            action_id=self.name,
            options=[option.draw() for option in self.options],
            initial_options=[o.draw() for o in self.options if o.value in self.value]
            or None,
        )


def text_in(values: Mapping[str, Value], name: str) -> str | None:
    """Return what was typed or chosen in a field; None where nothing was."""
    value = values.get(name)
    return value if isinstance(value, str) else None


def several_in(values: Mapping[str, Value], name: str) -> tuple[str, ...]:
    """Return what was chosen in a field that takes several."""
    value = values.get(name)
    return value if isinstance(value, tuple) else ()


def offered(field: Menu | Ticks) -> set[str]:
    """Return the values of the options of a field."""
    return {option.value for option in field.options}


def _labels(field: Menu | Ticks, values: Sequence[str], limit: int) -> str:
    """Return the labels of the options with these values, in mrkdwn."""
    chosen = [o.label for o in field.options if o.value in values]
    return text.listed([f"“{text.inline(label, limit)}”" for label in chosen]) or EMPTY


def number(words: str) -> str | None:
    """Return a number in its shortest form. None: Slack does not accept it."""
    if not re.fullmatch(r"-?\d{1,40}(\.\d{1,40})?", words):
        return None
    return f"{Decimal(words).normalize():f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelField(Field):
    """A channel, public or private, by id."""

    value: str | None = None

    def element(self) -> InputInteractiveElement:
        return ConversationSelectElement(
            **self._common,
            initial_conversation=self.value,
            filter=ConversationFilter(include=["public", "private"]),
        )


ZONES = "timezone"


DAYS = tuple(
    Choosable(name, str(number))
    for number, name in enumerate(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        start=1,
    )
)


def zone_choice(
    zone: str,
    *,
    name: str = ZONES,
    hint: str | None = None,
    live: bool = False,
    fresh: str = "",
) -> Choice:
    """Return the field for a time zone, which is searched as somebody types.

    It is empty, and optional, if ``zone`` is empty or its name is too long for Slack.
    """
    named = 0 < len(zone) <= text.OPTION
    return Choice(
        name=name,
        label="Time zone",
        options=[Choosable(zone, zone)] if named else [],
        value=zone if named else None,
        source=ZONES,
        partial=True,
        optional=not named,
        hint=hint,
        live=live,
        fresh=fresh,
    )


SCHEDULE, ESCALATION_PATH, TEAMS = "schedule", "escalation_path", "teams"
SEVERITIES, STATUSES, TYPES = "severity", "status", "type"
PRIORITIES = "priority"
"""Option sources that several forms share."""


def short_hash(words: str, length: int = 8) -> str:
    """Return the first ``length`` hexadecimal digits of the SHA-256 of ``words``."""
    return hashlib.sha256(words.encode()).hexdigest()[:length]
