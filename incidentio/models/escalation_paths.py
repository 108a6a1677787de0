from __future__ import annotations

from collections.abc import Mapping

from incidentio.models.base import Model, Replaceable
from incidentio.models.schedules import WorkingInterval
from incidentio.models.users import User


class PathTarget(Model):
    id: str
    type: str
    """schedule, user, slack_channel, msteams_channel, or newer."""
    urgency: str | None = None
    """high, low, or newer."""
    schedule_mode: str | None = None
    selected_rota_id: str | None = None


class Retrying(Model):
    attempts: int
    interval_seconds: int


class RoundRobin(Model):
    enabled: bool = False
    rotate_after_seconds: int | None = None


class PathTargets(Model):
    """What a level and a channel's notice have in common."""

    targets: tuple[PathTarget, ...] = ()
    time_to_ack_seconds: int | None = None
    time_to_ack_interval_condition: str | None = None
    time_to_ack_weekday_interval_config_id: str | None = None


class PathLevel(PathTargets):
    ack_mode: str | None = None
    retry_config: Retrying | None = None
    round_robin_config: RoundRobin | None = None


class PathDelay(Model):
    delay_seconds: int | None = None
    delay_interval_condition: str | None = None
    delay_weekday_interval_config_id: str | None = None


class PathRepeat(Model):
    to_node: str
    repeat_times: int


class PathHandOver(Model):
    """Goes on with another path."""

    escalation_path_id: str


class ConditionSubject(Model):
    label: str
    reference: str = ""


class ConditionOperation(Model):
    label: str
    value: str = ""


class BindingValue(Model):
    label: str | None = None
    literal: str | None = None
    reference: str | None = None


class Binding(Model):
    value: BindingValue | None = None
    array_value: tuple[BindingValue, ...] = ()


class PathCondition(Model):
    subject: ConditionSubject
    operation: ConditionOperation
    param_bindings: tuple[Binding, ...] = ()


class PathBranches(Model):
    conditions: tuple[PathCondition, ...] = ()
    then_path: tuple[PathNode, ...] = ()
    else_path: tuple[PathNode, ...] = ()


class PathNode(Model):
    """One step. What belongs to its type is under the type's name."""

    id: str = ""
    type: str = ""
    level: PathLevel | None = None
    notify_channel: PathTargets | None = None
    if_else: PathBranches | None = None
    delay: PathDelay | None = None
    repeat: PathRepeat | None = None
    escalation_path: PathHandOver | None = None


class WorkingHours(Model):
    id: str
    name: str
    timezone: str = "UTC"
    weekday_intervals: tuple[WorkingInterval, ...] = ()


class RepeatConfig(Model):
    repeat_after_seconds: int
    delay_repeat_on_activity: bool = False


class EscalationPath(Replaceable):
    id: str
    name: str
    kind: str = "standalone"
    """standalone, templated, or newer."""
    path: tuple[PathNode, ...] = ()
    """Empty where the path takes its steps from a template."""
    template_id: str | None = None
    param_bindings: Mapping[str, Binding] = {}
    """The values that it gives to its template, by parameter."""
    current_responders: tuple[User, ...] = ()
    working_hours: tuple[WorkingHours, ...] = ()
    repeat_config: RepeatConfig | None = None
    team_ids: tuple[str, ...] = ()

    @property
    def is_templated(self) -> bool:
        return self.kind == "templated"
