"""``response_action``: an app's answers to a submission, and their effects."""

from __future__ import annotations

from sandbox.slack.delivery.courier import Delivery
from sandbox.slack.errors import Refused
from sandbox.slack.state import SlackState
from sandbox.slack.workspace.records import View

TROUBLE = "We had some trouble connecting. Try again?"


class ResponseActions:
    def __init__(self, slack: SlackState) -> None:
        self._slack = slack
        self._workspace = slack.workspace

    def apply(self, delivery: Delivery) -> None:
        """Apply the answer, unless the modal has been closed since."""
        view = self._open_view(delivery)
        if view is None:
            return
        answers = {
            "errors": self._show_errors,
            "update": self._update,
            "push": self._push,
            "clear": self._clear,
        }
        if not delivery.body:
            self._slack.views.close(view)
            return
        action = answers.get(str(delivery.answer.get("response_action")))
        if action is None:
            self._reject(delivery, f"unknown answer {delivery.body!r}")
            return
        try:
            action(view, delivery)
        except Refused as error:
            self._reject(delivery, f"{error.body}")

    def _open_view(self, delivery: Delivery) -> View | None:
        try:
            return self._workspace.view(delivery.payload["view"]["id"])
        except Refused:
            return None

    def _reject(self, delivery: Delivery, why: str) -> None:
        """Record what is wrong; Slack itself only shows a general error."""
        self._workspace.record_violation(f"the answer to a submission: {why}")
        self._workspace.toast(delivery.user, TROUBLE)
        delivery.error = "invalid_response"

    def _show_errors(self, view: View, delivery: Delivery) -> None:
        errors = delivery.answer.get("errors")
        inputs = {b["block_id"] for b in view.blocks if b["type"] == "input"}
        if not isinstance(errors, dict) or not errors:
            self._reject(delivery, "errors without any error")
        elif unknown := set(errors) - inputs:
            self._reject(delivery, f"errors for what is no input: {sorted(unknown)}")
        else:
            delivery.errors = {key: str(text) for key, text in errors.items()}
            view.errors = delivery.errors
            self._workspace.touch()

    def _update(self, view: View, delivery: Delivery) -> None:
        self._slack.views.update(view, delivery.answer.get("view"))

    def _push(self, view: View, delivery: Delivery) -> None:
        content = self._slack.views.check_modal(delivery.answer.get("view"))
        view.errors = {}
        self._slack.views.stack(view.user, content)

    def _clear(self, view: View, _delivery: Delivery) -> None:
        self._slack.views.clear(view.user)
