"""Using what is shown: buttons, menus, inputs."""

from __future__ import annotations

from typing import Any

from sandbox.slack.delivery import Delivery
from sandbox.slack.inputs import STATEFUL, entered
from sandbox.slack.modal_view import ModalView
from sandbox.slack.model import Json, Message
from sandbox.slack.reader import Reader
from sandbox.slack.screen import Found

MENUS = ("overflow", *STATEFUL)
Place = Message | ModalView | None
"""Where to look: a message, a modal or a home; None for the nearest."""
EXTERNAL = ("external_select", "multi_external_select")


class Hands(Reader):
    def presses(
        self,
        button: str,
        message: Place = None,
        nth: int = 0,
        block: str | None = None,
    ) -> Delivery:
        """Press a button (and confirm, where it asks) by its label or action_id."""
        found = self._screen.find(
            button, ("button",), message=message, block=block, nth=nth
        )
        pressed = {"text": found.element["text"]}
        for key in ("value", "style"):
            if key in found.element:
                pressed[key] = found.element[key]
        return self._do.act(self.user, found, pressed)

    def chooses(
        self,
        menu: str,
        option: Any,
        message: Place = None,
        nth: int = 0,
        block: str | None = None,
    ) -> Delivery | None:
        """Use a menu or a picker; None where the app is not told before submitting."""
        found = self._screen.find(menu, MENUS, message=message, block=block, nth=nth)
        return self._use(found, option)

    def fills(self, **values: Any) -> list[Delivery]:
        """Fill in inputs of the modal, by block_id, label or action_id."""
        told = [self._use(self._input(name), value) for name, value in values.items()]
        return [delivery for delivery in told if delivery]

    def suggests(
        self,
        menu: str,
        query: str = "",
        message: Place = None,
        block: str | None = None,
    ) -> list[Json]:
        """What a menu with an external source offers for what was typed."""
        found = self._screen.find(menu, EXTERNAL, message=message, block=block)
        return self._suggested(found, query)

    def _suggested(self, found: Found, query: str) -> list[Json]:
        if len(query) < found.element.get("min_query_length", 3):
            return []
        answer = self._do.suggest(self.user, found, query).answer
        groups = answer.get("option_groups") or []
        grouped = [option for group in groups for option in group["options"]]
        return list(answer.get("options") or []) + grouped

    def _input(self, name: str) -> Found:
        if self._screen.modal() is None:
            raise LookupError(f"no modal is open to fill in {name!r}")
        return self._screen.find(name, tuple(STATEFUL))

    def _use(self, found: Found, value: Any) -> Delivery | None:
        element = found.element
        if element["type"] in EXTERNAL:
            element = element | {"options": self._offered(found, value)}
        kind = element["type"] if element["type"] != "overflow" else "radio_buttons"
        state = entered(element | {"type": kind}, value, self._find)
        state["type"] = element["type"]
        if element["type"] != "overflow":
            self._hold(found, state)
        in_input = found.block["type"] == "input"
        if in_input and not found.block.get("dispatch_action"):
            return None
        return self._do.act(self.user, found, state)

    def _offered(self, found: Found, value: Any) -> list[Json]:
        wanted = value if isinstance(value, list | tuple) else [value]
        queries = [query for query in wanted if isinstance(query, str) and query]
        return [o for query in queries for o in self._suggested(found, query)]

    def _find(self, name: str) -> str:
        """The id of a person or a channel."""
        try:
            return self._workspace.user(name).id
        except LookupError:
            return self._workspace.channel(name).id

    def _hold(self, found: Found, state: Json) -> None:
        with self._workspace.changed:
            if found.view:
                values = found.view.values
            elif found.message:
                values = found.message.state.setdefault(self.id, {})
            values.setdefault(found.block_id, {})[found.action_id] = state
        self._workspace.touch()
