"""JSON in several inputs of a form: cut, joined, and with positions of errors."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blocks.kit.boxes import LONGEST_TEXT
from blocks.kit.fields import SEVERAL, Text, Value

PIECE = 2400
"""The most characters of a piece at first: less than the 3,000 of an input."""
AROUND = 30
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """A position: the piece, the line and column in it, and the text there."""

    piece: int
    line: int
    column: int
    near: str


class NotJson(ValueError):
    """The text is not JSON from ``offset`` on."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def to_text(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)


def pieces(text: str, size: int = PIECE) -> list[str] | None:
    """Cut a text between lines. None: one line is longer than a piece.

    A form may lose space around a piece. Between two lines of JSON that is harmless,
    for a string never contains a line break.
    """
    found = [""]
    for line in text.split("\n"):
        longer = f"{found[-1]}\n{line}" if found[-1] else line
        if len(line) > size:
            return None
        if len(longer) <= size:
            found[-1] = longer
        else:
            found.append(line)
    return found


def join(parts: Sequence[str]) -> str:
    return "\n".join(parts)


def parse(text: str) -> Any:
    """Parse JSON.

    Raises:
        NotJson: with the offset of the error.
    """
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise NotJson(error.msg, error.pos) from error
    except KeyError as error:
        name = str(error.args[0])
        raise NotJson(f"{name} is not JSON", text.find(name)) from error
    except RecursionError as error:
        raise NotJson("It is nested too deeply", 0) from error


def _no_constant(name: str) -> Any:
    raise KeyError(name)


def position(parts: Sequence[str], offset: int) -> Position:
    """Return the position of an offset of the whole text among its pieces."""
    start = 0
    for number, part in enumerate(parts):
        if offset <= start + len(part) or number == len(parts) - 1:
            break
        start += len(part) + 1
    before = part[: max(offset - start, 0)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    at = min(offset - start, len(part))
    near = part[max(at - AROUND, 0) : at + AROUND]
    return Position(number, line, column, " ".join(near.split()))


def locate(text: str, path: Path) -> int:
    """Return the offset of the value at ``path``, or of its nearest parent.

    ``text`` must be JSON.
    """
    at = _after_space(text, 0)
    for step in path:
        found = _members(text, at).get(step)
        if found is None:
            break
        at = found
    return at


def _members(text: str, at: int) -> dict[str | int, int]:
    """Return the offset of each member of the object or list at ``at``."""
    opening, found = text[at : at + 1], {}
    if opening not in ("{", "["):
        return {}
    at = _after_space(text, at + 1)
    number = 0
    while text[at] not in "]}":
        key: str | int = number
        if opening == "{":
            key, at = _DECODER.raw_decode(text, at)
            at = _after_space(text, _after_space(text, at) + 1)
        found[key] = at
        _, at = _DECODER.raw_decode(text, at)
        at = _after_space(text, at)
        at = _after_space(text, at + 1) if text[at] == "," else at
        number += 1
    return found


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def path_text(path: Path) -> str:
    """Write a path: ``rotations[0].name``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".") or "the whole"


PREFIX = "json_"
MOST = 20
"""The most inputs of a form that edits JSON."""


def inputs(label: str, boxes: Sequence[str]) -> list[Text]:
    """Draw each piece in an input of its own."""
    many = len(boxes)
    return [
        Text(
            name=f"{PREFIX}{n}",
            label=f"{label}, {n} of {many}" if many > 1 else label,
            value=box or None,
            multiline=True,
            optional=True,
            max_length=LONGEST_TEXT,
        )
        for n, box in enumerate(boxes, 1)
    ]


def boxes_of(values: Mapping[str, Value]) -> list[str]:
    """Return the texts of the inputs, in order, empty ones too."""
    numbers = sorted(
        int(name.removeprefix(PREFIX)) for name in values if name.startswith(PREFIX)
    )
    return [str(values[f"{PREFIX}{n}"] or "") for n in numbers]


def are_one(boxes: Sequence[str]) -> str:
    """Return a sentence that says that several inputs are one text, or nothing."""
    return f" {SEVERAL}" if len(boxes) > 1 else ""


def error_text(position: Position, message: str, path: Path | None = None) -> str:
    """Return the error beside an input, in plain text."""
    where = f"Line {position.line}, column {position.column}"
    at = f" ({path_text(path)})" if path else ""
    near = f" Near: {position.near}" if position.near else ""
    return f"{where}{at}: {message.rstrip('.')}.{near}"
