"""The inputs of a form: each draws itself as one input block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
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


@dataclass(frozen=True, slots=True)
class Choosable:
    """One option of a select."""

    label: str
    value: str

    def draw(self) -> Option:
        return Option(label=text.plain(self.label, text.OPTION), value=self.value)


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

    def element(self) -> InputInteractiveElement:
        return PlainTextInputElement(
            **self._common,
            initial_value=text.clip(self.value, self.max_length)
            if self.value
            else None,
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
    values: Sequence[str] = ()
    source: str | None = None

    def element(self) -> InputInteractiveElement:
        chosen = [o.draw() for o in self.options if o.value in self.values] or None
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
class Person(Field):
    """A Slack account, by id."""

    value: str | None = None

    def element(self) -> InputInteractiveElement:
        return UserSelectElement(**self._common, initial_user=self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class People(Field):
    values: Sequence[str] = ()

    def element(self) -> InputInteractiveElement:
        return UserMultiSelectElement(**self._common, initial_users=self.values or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Field):
    """A date and time; Slack shows and takes it in the person's own zone."""

    value: datetime | None = None

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

    def element(self) -> InputInteractiveElement:
        initial = self.value.strftime("%H:%M") if self.value else None
        return TimePickerElement(**self._common, initial_time=initial)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticks(Field):
    """Boxes to tick; reads as the values ticked, so one box alone is a switch."""

    options: Sequence[Choosable]
    values: Sequence[str] = ()
    optional: bool = True

    def element(self) -> InputInteractiveElement:
        return CheckboxesElement(
            action_id=self.name,
            options=[option.draw() for option in self.options],
            initial_options=[o.draw() for o in self.options if o.value in self.values]
            or None,
        )


def name_of(block_id: str) -> str:
    """Give the name of the field that is drawn in this block."""
    return block_id.partition(FRESH)[0]
