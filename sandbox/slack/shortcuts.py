"""Shortcuts of the app: in the menu of a message, or everywhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shortcut:
    callback_id: str
    name: str
    on_messages: bool = False
