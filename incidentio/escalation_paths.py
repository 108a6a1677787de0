"""Escalation paths: whom a page goes to, and whom next if nobody answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from incidentio.base.model import Model, Replaceable
from incidentio.base.resource import Resource, one
from incidentio.conditions import Binding, Condition
from incidentio.schedules import WorkingInterval
from incidentio.transport.operation import Json
from incidentio.users import User


class PathTarget(Model):
    """A schedule, person or channel to page."""

    id: str
    type: str
    """schedule, user, slack_channel, msteams_channel, or newer."""
    urgency: str | None = None
    """high, low, or newer."""
    schedule_mode: str | None = None
    selected_rota_id: str | None = None


class Retrying(Model):
    """How often and how soon a target is notified again."""

    attempts: int
    interval_seconds: int


class RoundRobin(Model):
    """Whether and when the targets of a level take turns."""

    enabled: bool = False
    rotate_after_seconds: int | None = None


class PathTargets(Model):
    """The targets of a level or of a notice to channels."""

    targets: tuple[PathTarget, ...] = ()
    time_to_ack_seconds: int | None = None
    time_to_ack_interval_condition: str | None = None
    time_to_ack_weekday_interval_config_id: str | None = None


class PathLevel(PathTargets):
    """A step that pages its targets."""

    ack_mode: str | None = None
    retry_config: Retrying | None = None
    round_robin_config: RoundRobin | None = None


class PathDelay(Model):
    """A step that waits."""

    delay_seconds: int | None = None
    delay_interval_condition: str | None = None
    delay_weekday_interval_config_id: str | None = None


class PathRepeat(Model):
    """A step that goes back to an earlier one."""

    to_node: str
    repeat_times: int


class PathHandOver(Model):
    """A step that goes on with another path."""

    escalation_path_id: str


class PathBranches(Model):
    """A step that goes on with one of two branches."""

    conditions: tuple[Condition, ...] = ()
    then_path: tuple[PathNode, ...] = ()
    else_path: tuple[PathNode, ...] = ()


class PathNode(Model):
    """One step. The property named like its type holds its settings."""

    id: str = ""
    type: str = ""
    level: PathLevel | None = None
    notify_channel: PathTargets | None = None
    if_else: PathBranches | None = None
    delay: PathDelay | None = None
    repeat: PathRepeat | None = None
    escalation_path: PathHandOver | None = None


class WorkingHours(Model):
    """Hours that delays and times to acknowledge can refer to."""

    id: str
    name: str
    timezone: str = "UTC"
    weekday_intervals: tuple[WorkingInterval, ...] = ()


class RepeatConfig(Model):
    """When a path begins again."""

    repeat_after_seconds: int
    delay_repeat_on_activity: bool = False


class EscalationPath(Replaceable):
    """An escalation path: a tree of levels, delays and conditions."""

    id: str
    name: str
    kind: str = "standalone"
    """standalone, templated, or newer."""
    path: tuple[PathNode, ...] = ()
    """Empty where the path takes its steps from a template."""
    template_id: str | None = None
    param_bindings: Mapping[str, Binding] = {}
    """The values for its template, by parameter."""
    current_responders: tuple[User, ...] = ()
    working_hours: tuple[WorkingHours, ...] = ()
    repeat_config: RepeatConfig | None = None
    team_ids: tuple[str, ...] = ()

    @property
    def is_templated(self) -> bool:
        return self.kind == "templated"


PATH = "/v2/escalation_paths"
PAGE_SIZE = 25
"""The most that the API allows."""


class EscalationPaths(Resource):
    """Operations on escalation paths."""

    def list(self) -> Iterator[EscalationPath]:
        """Yield all escalation paths.

        https://api-docs.incident.io/tag/Escalations-V2#operation/Escalations%20V2_ListPaths
        """
        return self._pages(EscalationPath, PATH, "escalation_paths", [], PAGE_SIZE)

    def show(self, id: str) -> EscalationPath:  # noqa: A002
        """Return one escalation path.

        https://api-docs.incident.io/tag/Escalations-V2#operation/Escalations%20V2_ShowPath
        """
        answer = self._http.get(f"{PATH}/{{id}}", id=id)
        return one(EscalationPath, answer, "escalation_path")

    def create(self, body: Json) -> EscalationPath:
        """Create an escalation path, and return it.

        https://api-docs.incident.io/tag/Escalations-V2#operation/Escalations%20V2_CreatePath
        """
        answer = self._http.post(PATH, body)
        return one(EscalationPath, answer, "escalation_path", write=True)

    def update(self, id: str, body: Json) -> EscalationPath:  # noqa: A002
        """Replace an escalation path, and return it. What the body lacks is deleted.

        ``incidentio.merging.escalation_paths`` makes such a body.

        https://api-docs.incident.io/tag/Escalations-V2#operation/Escalations%20V2_UpdatePath
        """
        answer = self._http.put(f"{PATH}/{{id}}", body, id=id)
        return one(EscalationPath, answer, "escalation_path", write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        """Delete an escalation path.

        https://api-docs.incident.io/tag/Escalations-V2#operation/Escalations%20V2_DestroyPath
        """
        self._http.delete(f"{PATH}/{{id}}", id=id)


def schedule_ids(path: Any) -> set[str]:
    """Return the ids of the schedules that a path's JSON may page, at any depth.

    An object of the type ``schedule`` is a target, wherever it is. Values bound to
    parameters of a template have no type, so all of them count.
    """
    if isinstance(path, list):
        return {id_ for item in path for id_ in schedule_ids(item)}
    if not isinstance(path, dict):
        return set()
    found = {id_ for value in path.values() for id_ in schedule_ids(value)}
    if path.get("type") == "schedule" and isinstance(path.get("id"), str):
        found.add(path["id"])
    if isinstance(path.get("literal"), str):
        found.add(path["literal"])
    return found
