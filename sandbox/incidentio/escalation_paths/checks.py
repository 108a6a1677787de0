"""Validation of escalation paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.state.store import Store

NODES = (
    "if_else",
    "repeat",
    "level",
    "notify_channel",
    "delay",
    "escalation_path",
    "voicemail",
)
KINDS = ("standalone", "templated")
MODES = (
    "",
    "currently_on_call",
    "all_users_for_rota",
    "all_users",
    "currently_on_call_for_rota",
    "next_on_call_for_rota",
    "next_on_call",
)
TARGETS = ("schedule", "user", "slack_channel", "msteams_channel")
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ACTIVITY = ("active", "inactive")
A_DAY = 86_400
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Checks:
    """Adds the problems of one path to what was sent, as it is constructed.

    ``also`` are types of nodes beyond the published ones.
    """

    def __init__(self, store: Store, sent: Payload, also: set[str]) -> None:
        self._store = store
        self._types = (*NODES, *sorted(also))
        self._hours = {hours.text("id") for hours in self._working_hours(sent)}
        self._ids: list[str] = []
        self._repeats: list[Payload] = []
        sent.text("name", required=True)
        for team in sent.labels("team_ids"):
            if team not in store.teams:
                sent.add_problem("team_ids", f"No team has the ID {team}.", "not_found")
        self._steps(sent)
        for repeat in self._repeats:
            if repeat.text("to_node", required=True) not in self._ids:
                repeat.add_problem("to_node", "No node of the path has this id.")
        config = sent.child("repeat_config")
        if config is not None:
            config.number("repeat_after_seconds", 300, 345_600, required=True)
            config.flag("delay_repeat_on_activity", required=True)

    def _working_hours(self, sent: Payload) -> Iterator[Payload]:
        for hours in sent.children("working_hours"):
            for field in ("id", "name", "timezone"):
                hours.text(field, required=True)
            for window in hours.children("weekday_intervals", required=True):
                window.choice("weekday", DAYS, required=True)
                for field in ("start_time", "end_time"):
                    time = window.text(field, required=True)
                    if time is not None and not _TIME.fullmatch(time):
                        window.add_problem(field, f"{field} must be a time as 09:00.")
            yield hours

    def _steps(self, sent: Payload) -> None:
        """Check that a path has either nodes of its own or a template."""
        templated = sent.choice("kind", KINDS) == "templated"
        templates = self._store.path_templates
        sent.lookup("template_id", templates, "Template", required=templated)
        sent.child("param_bindings")
        many = self._nodes(sent, "path", required=True)
        if templated and many:
            sent.add_problem("path", "A templated path has no nodes of its own.")
        elif not templated and not many:
            sent.add_problem("path", "A path needs at least one node.", "is_required")

    def _nodes(self, holder: Payload, field: str, *, required: bool) -> int:
        """Check each node, and return how many there are."""
        nodes = holder.children(field, required=required)
        for node in nodes:
            self._node(node)
        return len(nodes)

    def _node(self, node: Payload) -> None:
        id_ = node.text("id", required=True)
        if id_ in self._ids:
            node.add_problem("id", "Another node of the path has this id.")
        self._ids.append(id_ or "")
        kind = node.choice("type", self._types, required=True)
        if kind in NODES and kind != "voicemail":
            piece = node.child(kind, required=True)
            if piece is not None:
                getattr(self, f"_{kind}")(piece)

    def _level(self, level: Payload) -> None:
        self._notify_channel(level)
        level.choice("ack_mode", ("all", "first"))
        retry = level.child("retry_config")
        if retry is not None:
            retry.number("attempts", 2, 10, required=True)
            seconds = retry.number("interval_seconds", 60, A_DAY, required=True)
            if seconds is not None and seconds % 60:
                retry.add_problem(
                    "interval_seconds", "Must be a whole number of minutes."
                )
        robin = level.child("round_robin_config")
        if robin is not None:
            robin.flag("enabled", required=True)
            robin.number("rotate_after_seconds", 1, A_DAY)

    def _notify_channel(self, piece: Payload) -> None:
        targets = piece.children("targets", required=True)
        for target in targets:
            self._target(target)
        if not targets:
            piece.add_problem(
                "targets", "At least one target is needed.", "is_required"
            )
        self._window(piece, "time_to_ack")

    def _delay(self, delay: Payload) -> None:
        self._window(delay, "delay")

    def _repeat(self, repeat: Payload) -> None:
        repeat.number("repeat_times", 1, 100, required=True)
        self._repeats.append(repeat)

    def _escalation_path(self, piece: Payload) -> None:
        paths = self._store.escalation_paths
        piece.lookup("escalation_path_id", paths, "Escalation path", required=True)

    def _if_else(self, branches: Payload) -> None:
        for condition in branches.children("conditions"):
            condition.text("subject", required=True)
            condition.text("operation", required=True)
            for binding in condition.children("param_bindings", required=True):
                binding.child("value")
                binding.children("array_value")
        for branch in ("then_path", "else_path"):
            if not branches.sent(branch):
                branches.add_problem(branch, f"{branch} is required.", "is_required")
            self._nodes(branches, branch, required=False)

    def _window(self, piece: Payload, what: str) -> None:
        piece.number(f"{what}_seconds", 0, 30 * A_DAY)
        piece.choice(f"{what}_interval_condition", ACTIVITY)
        field = f"{what}_weekday_interval_config_id"
        hours = piece.text(field)
        if hours is not None and hours not in self._hours:
            piece.add_problem(field, "The path has no such working hours.", "not_found")

    def _target(self, target: Payload) -> None:
        kind = target.choice("type", TARGETS, required=True)
        target.choice("urgency", ("high", "low"), required=True)
        mode = target.choice("schedule_mode", MODES) or ""
        rotation = target.text("selected_rota_id")
        tables: dict[str | None, Any] = {
            "schedule": self._store.schedules,
            "user": self._store.users,
        }
        if kind in tables:
            row = target.lookup(
                "id", tables[kind], str(kind).capitalize(), required=True
            )
            if kind == "schedule" and row is not None:
                _check_rotation(target, row, mode, rotation)
        else:
            target.text("id", required=True)


def _check_rotation(
    target: Payload, schedule: dict[str, Any], mode: str, rotation: str | None
) -> None:
    if not mode.endswith("_for_rota"):
        if rotation:
            target.add_problem(
                "selected_rota_id", "The schedule mode takes no rotation."
            )
    elif rotation not in {row["id"] for row in schedule["config"]["rotations"]}:
        target.add_problem("selected_rota_id", "The schedule has no such rotation.")
