"""The inputs of a form: each draws itself as one input block, and knows its value."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol, Self, TypeVar

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ConversationFilter,
    ConversationSelectElement,
    DatePickerElement,
    DateTimePickerElement,
    ExternalDataMultiSelectElement,
    ExternalDataSelectElement,
    InputBlock,
    InputInteractiveElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
    UrlInputElement,
    UserMultiSelectElement,
    UserSelectElement,
)

from blocks.kit import text

Value = str | tuple[str, ...] | datetime | date | time | None
"""What a field reads as: text, an id, ids, or a time; None when left empty."""

MOST_OPTIONS = 100
FRESH = "#"
LONGEST_TEXT = 3000
SHOWN = 120
"""Characters of a value in a sentence."""
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
    """Offer things by their names; the value is the id."""
    return [Choosable(thing.name, thing.id) for thing in things]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    name: str
    label: str
    optional: bool = False
    hint: str | None = None
    placeholder: str | None = None
    live: bool = False
    """Tell the bot at each change, so that the form can follow."""
    fresh: str = ""
    """Slack keeps what was entered while a form is redrawn, unless this changes."""
    value: Value | Sequence[str] = None
    """What the input is filled with."""

    @property
    def is_prose(self) -> bool:
        """Whether it takes words that are nobody's business but incident.io's."""
        return False

    @property
    def current_value(self) -> Value:
        """The value that an untouched input submits."""
        value = self.value
        if value is None or isinstance(value, str | date | time):
            return value
        return tuple(value)

    @property
    def label_text(self) -> str:
        """The label in mrkdwn."""
        return text.inline(self.label, 60)

    def value_text(self, limit: int = SHOWN) -> str:
        """Describe the value in mrkdwn, of a text at most ``limit`` characters."""
        value = self.current_value
        return f"“{text.inline(str(value), limit)}”" if value else EMPTY

    def with_value(self, value: Value) -> Self:
        """Return the same input, filled with ``value``."""
        filled: dict[str, Any] = {"value": value}
        return replace(self, **filled)

    def normalized(self, value: Value) -> str:
        """Write a value so that two which look the same in the form are the same."""
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

    def element(self) -> InputInteractiveElement:
        raise NotImplementedError

    def draw(self) -> list[Block]:
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
    value: str | None = None
    multiline: bool = False
    max_length: int = LONGEST_TEXT
    min_length: int | None = None

    @property
    def is_prose(self) -> bool:
        return self.multiline

    @property
    def current_value(self) -> str | None:
        return text.clip(self.value, self.max_length) if self.value else None

    def element(self) -> InputInteractiveElement:
        return PlainTextInputElement(
            **self._common,
            initial_value=self.current_value,
            multiline=self.multiline,
            max_length=self.max_length,
            min_length=self.min_length,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Field):
    value: str | None = None
    decimal: bool = True
    least: str | None = None
    most: str | None = None

    def normalized(self, value: Value) -> str:
        words = str(value or "").strip()
        return number(words) or words

    def element(self) -> InputInteractiveElement:
        return NumberInputElement(
            **self._common,
            is_decimal_allowed=self.decimal,
            initial_value=self.value,
            min_value=self.least,
            max_value=self.most,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Field):
    value: str | None = None

    def value_text(self, limit: int = SHOWN) -> str:
        return text.link(self.value, self.value[:limit]) if self.value else EMPTY

    def element(self) -> InputInteractiveElement:
        return UrlInputElement(**self._common, initial_value=self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Field):
    """One of ``options``, or of what the option ``source`` finds as somebody types.

    More than a hundred need a source (``Group.options``); ``options`` then only serve
    to show the one that is chosen already.
    """

    options: Sequence[Choosable] = ()
    value: str | None = None
    source: str | None = None

    @property
    def current_value(self) -> Value:
        return self.value if self.value in offered(self) else None

    def with_value(self, value: Value) -> Self:
        return _offering(self, [str(value)] if value else [], value)

    def value_text(self, limit: int = SHOWN) -> str:
        return _labels(self, [self.value or ""], limit)

    def element(self) -> InputInteractiveElement:
        chosen = next((o for o in self.options if o.value == self.value), None)
        initial = chosen.draw() if chosen else None
        if self.source:
            return ExternalDataSelectElement(
                **{**self._common, "action_id": self.source},
                initial_option=initial,
                min_query_length=0,
            )
        return StaticSelectElement(
            **self._common,
            options=[option.draw() for option in self.options],
            initial_option=initial,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(Field):
    """Any of ``options``, as for ``Choice``."""

    options: Sequence[Choosable] = ()
    value: Sequence[str] = ()
    source: str | None = None

    @property
    def current_value(self) -> Value:
        return tuple(v for v in self.value if v in offered(self))

    def with_value(self, value: Value) -> Self:
        return _offering(self, value if isinstance(value, tuple) else (), value)

    def value_text(self, limit: int = SHOWN) -> str:
        return _labels(self, self.value, limit)

    def element(self) -> InputInteractiveElement:
        chosen = [o.draw() for o in self.options if o.value in self.value] or None
        if self.source:
            return ExternalDataMultiSelectElement(
                **{**self._common, "action_id": self.source},
                initial_options=chosen,
                min_query_length=0,
            )
        return StaticMultiSelectElement(
            **self._common,
            options=[option.draw() for option in self.options],
            initial_options=chosen,
        )


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
    """Boxes to tick; reads as the values ticked, so one box alone is a switch."""

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


def name_of(block_id: str) -> str:
    """Return the name of the field that is drawn in this block."""
    return block_id.partition(FRESH)[0]


def offered(field: Choice | Choices | Ticks) -> set[str]:
    """Return the values of the options of a field."""
    return {option.value for option in field.options}


Offering = TypeVar("Offering", bound=Choice | Choices)


def _offering(field: Offering, chosen: Sequence[str], value: Value) -> Offering:
    """Fill in what was chosen, also what only the source of the field knows."""
    known = offered(field)
    more = [Choosable(v, v) for v in chosen if field.source and v not in known]
    filled: dict[str, Any] = {"value": value, "options": [*field.options, *more]}
    return replace(field, **filled)


def _labels(field: Choice | Choices | Ticks, values: Sequence[str], limit: int) -> str:
    """Describe the options with these values in mrkdwn."""
    chosen = [o.label for o in field.options if o.value in values]
    return text.listed([f"“{text.inline(label, limit)}”" for label in chosen]) or EMPTY


def number(words: str) -> str | None:
    """Write a number in its one shortest form; None for what Slack does not accept."""
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
    """Draw the field of a time zone, which is searched as somebody types."""
    return Choice(
        name=name,
        label="Time zone",
        options=[Choosable(zone, zone)],
        value=zone,
        source=ZONES,
        hint=hint,
        live=live,
        fresh=fresh,
    )


SCHEDULE = "schedule"


ESCALATION_PATH = "escalation_path"


def short_hash(words: str, length: int = 8) -> str:
    """Return the first ``length`` hexadecimal digits of the SHA-256 of ``words``."""
    return hashlib.sha256(words.encode()).hexdigest()[:length]
