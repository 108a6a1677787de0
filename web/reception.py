"""Tells when a request has arrived whole, before any thread is spent on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LONGEST_HEAD = 64 * 1024
"""Bytes of request line and headers; gunicorn refuses a longer head."""

FRAMING = 4
"""A chunked body may be so many times as long as its content."""

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n")
_CHUNK = re.compile(rb"([0-9a-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r\n", re.IGNORECASE)
_LONGEST_CHUNK_LINE = 256


@dataclass(slots=True)
class Reception:
    """The bytes of one request so far; a body may have ``largest`` bytes."""

    largest: int
    data: bytearray = field(default_factory=bytearray)
    _body: int = 0
    """The offset of the body; 0 until the head is whole."""
    _whole: int | None = None
    """The length of the whole request, if the head says it."""
    _chunk: int = 0
    """The offset of the next chunk."""
    _content: int = 0
    """Bytes of content in the chunks before it."""

    def add(self, more: bytes) -> bool:
        """Add what arrived; return whether the request can be read without waiting.

        A malformed or too long request can be, too: reading it fails at once.
        """
        self.data += more
        if not self._body and not self._head():
            return len(self.data) > LONGEST_HEAD
        if self._whole is None:
            framed = len(self.data) - self._body > FRAMING * self.largest
            return framed or self._last_chunk()
        return len(self.data) >= min(self._whole, self._body + self.largest + 1)

    def _head(self) -> bool:
        end = self.data.find(b"\r\n\r\n")
        if end < 0:
            return False
        self._body = self._chunk = end + 4
        head = bytes(self.data[: end + 2]).lower()
        if b"\r\ntransfer-encoding:" not in head:
            length = _LENGTH.search(head)
            self._whole = self._body + (int(length[1]) if length else 0)
        return True

    def _last_chunk(self) -> bool:
        """Pass over whole chunks; return whether the last one is there, or too much."""
        while self._chunk < len(self.data):
            line = _CHUNK.match(self.data, self._chunk)
            if line is None:
                here = self.data[self._chunk : self._chunk + _LONGEST_CHUNK_LINE]
                return b"\r\n" in here or len(here) == _LONGEST_CHUNK_LINE
            size = int(line[1], 16)
            if size == 0:
                return self.data.find(b"\r\n\r\n", line.end() - 2) >= 0
            if line.end() + size + 2 > len(self.data):
                return self._content + len(self.data) - line.end() > self.largest + 1
            self._chunk = line.end() + size + 2
            self._content += size
        return self._content > self.largest
