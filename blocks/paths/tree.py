"""The tree of an escalation path in words: one line for each step and target."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from blocks.kit import text
from blocks.kit.rotations import hours, unread_zone, zone_of
from incidentio import EscalationPath
from incidentio.conditions import Binding, Condition
from incidentio.escalation_paths import (
    PathBranches,
    PathDelay,
    PathLevel,
    PathNode,
    PathTarget,
    PathTargets,
    WorkingHours,
)

Name = Callable[[PathTarget], str]
"""Returns the name of a target, in mrkdwn."""

MODES = {
    "currently_on_call": "who is on call",
    "next_on_call": "who is on call next",
    "all_users": "everybody in it",
    "currently_on_call_for_rota": "who is on call in a rotation",
    "next_on_call_for_rota": "who is on call next in a rotation",
    "all_users_for_rota": "everybody in a rotation",
}
ACKS = {
    "all": "everybody has to acknowledge",
    "first": "the first to acknowledge is enough",
}
OTHER_PATH = "escalation_path"
"""The type of the target that names another path, with which a path goes on."""
STEP = "    "
DEEPEST = 10 * len(STEP)
LINE = 700
PAGE_LINES = 60
PAGE_SIZE = 9000
"""The most characters of a page: Slack refuses messages that are much longer."""


@dataclass(frozen=True, slots=True)
class TreeContext:
    """The names that a tree refers to."""

    name: Name
    hours: Mapping[str, str]
    """Names of the path's working hours, by id."""
    titles: Mapping[str, str]
    """The titles of nodes, by id: ``step 2a.1``."""


def tree_context(path: EscalationPath, name: Name) -> TreeContext:
    titled = {node.id: f"step {number}" for number, node in _numbered(path.path)}
    return TreeContext(name, {h.id: h.name for h in path.working_hours}, titled)


def lines(path: EscalationPath, name: Name) -> list[str]:
    """Return the lines of the whole tree, each step with its number."""
    tree = _steps(path.path, tree_context(path, name), "", "")
    return [*_template(path), *(part for line in tree for part in _wrapped(line))]


def _template(path: EscalationPath) -> Iterator[str]:
    """Yield the template of a templated path, and the values of its parameters."""
    if not path.is_templated:
        return
    yield f"Its steps come from the template {text.code(path.template_id or 'unknown')}"
    for parameter, binding in path.param_bindings.items():
        values = text.listed(list(_bound(binding))) or "nothing"
        yield f"{STEP}• {text.inline(parameter, 80)}: {values}"


def _wrapped(line: str) -> list[str]:
    """Break a long line after commas."""
    indent = line[: len(line) - len(line.lstrip())] + STEP
    found = [""]
    for piece in re.split(r"(?<=, )", line):
        if found[-1] and len(found[-1]) + len(piece) > LINE:
            found.append(indent)
        found[-1] += piece
    return found


def pages(tree: Sequence[str]) -> list[list[str]]:
    """Cut the lines into pages that each fit in a message."""
    found: list[list[str]] = [[]]
    size = 0
    for line in tree:
        full = len(found[-1]) == PAGE_LINES or size + len(line) > PAGE_SIZE
        if found[-1] and full:
            found.append([])
            size = 0
        found[-1].append(line)
        size += len(line) + 1
    return found


def nodes(path: EscalationPath) -> Iterator[PathNode]:
    """Yield every step, those of branches too."""
    return (node for _, node in _numbered(path.path))


def _numbered(
    nodes: Sequence[PathNode], before: str = ""
) -> Iterator[tuple[str, PathNode]]:
    for place, node in enumerate(nodes, 1):
        number = f"{before}{place}"
        yield number, node
        if node.if_else:
            yield from _numbered(node.if_else.then_path, f"{number}a.")
            yield from _numbered(node.if_else.else_path, f"{number}b.")


def _steps(
    nodes: Sequence[PathNode], words: TreeContext, before: str, indent: str
) -> Iterator[str]:
    for place, node in enumerate(nodes, 1):
        number = f"{before}{place}"
        first, *more = list(_step(node, words, number, indent))
        yield f"{indent}*{number}.* {first}"
        yield from more


def _step(
    node: PathNode, words: TreeContext, number: str, indent: str
) -> Iterator[str]:
    inner = _deeper(indent)
    if node.level is not None:
        yield f"Level{_level(node.level, words)}"
        yield from (f"{inner}• {said}" for said in targets(node.level, words))
    elif node.notify_channel is not None:
        yield f"Notify a channel{_wait(node.notify_channel, words)}"
        yield from (f"{inner}• {said}" for said in targets(node.notify_channel, words))
    elif node.if_else is not None:
        yield from _branching(node.if_else, words, number, indent)
    else:
        yield _simple(node, words)


def _simple(node: PathNode, words: TreeContext) -> str:
    if node.delay is not None:
        return f"Wait {_delay(node.delay, words)}"
    if node.repeat is not None:
        back = words.titles.get(node.repeat.to_node, "a step that is not there")
        return f"Go back to {back}, {text.count(node.repeat.repeat_times, 'time')}"
    if node.escalation_path is not None:
        other = PathTarget(id=node.escalation_path.escalation_path_id, type=OTHER_PATH)
        return f"Go on with the {words.name(other)}"
    kind = node.type.replace("_", " ") or "a step without a type"
    return text.inline(kind[:1].upper() + kind[1:], 80)


def _deeper(indent: str) -> str:
    return f"{indent}{STEP}"[:DEEPEST]


def _branching(
    branches: PathBranches, words: TreeContext, number: str, indent: str
) -> Iterator[str]:
    inner = _deeper(indent)
    said = [condition(one) for one in branches.conditions]
    yield f"If {text.listed(said) or 'always'}"
    for mark, name, path in (
        ("a", "Then", branches.then_path),
        ("b", "Else", branches.else_path),
    ):
        yield f"{inner}_{name}_" + ("" if path else " nothing")
        yield from _steps(path, words, f"{number}{mark}.", inner)


ACTIVE = "is active"
"""What incident.io asks of working hours."""


def condition(one: Condition) -> str:
    """Return ``*Priority* is one of *High*``."""
    values = [value for binding in one.param_bindings for value in _bound(binding)]
    if one.operation.label == ACTIVE and not values:
        return f"it is during {text.bold(one.subject.label)}"
    said = f"{text.bold(one.subject.label)} {text.inline(one.operation.label, 80)}"
    return f"{said} {text.listed(values, 'or')}" if values else said


def _bound(binding: Binding) -> Iterator[str]:
    for value in binding.values:
        known = value.label or value.literal or value.reference
        if known:
            yield text.bold(known)


def _level(level: PathLevel, words: TreeContext) -> str:
    facts = [_wait(level, words)]
    if level.ack_mode:
        facts.append(f", {ACKS.get(level.ack_mode, text.inline(level.ack_mode, 40))}")
    if level.retry_config:
        every = text.exact(timedelta(seconds=level.retry_config.interval_seconds))
        tries = text.count(level.retry_config.attempts, "try", "tries")
        facts.append(f", {tries} {every} apart")
    robin = level.round_robin_config
    if robin and robin.enabled:
        after = robin.rotate_after_seconds
        turn = f" every {text.exact(timedelta(seconds=after))}" if after else ""
        facts.append(f", round robin{turn}")
    return "".join(facts)


def _wait(step: PathTargets, words: TreeContext) -> str:
    """Return how long a step waits for an acknowledgement."""
    facts = []
    if step.time_to_ack_seconds is not None:
        span = timedelta(seconds=step.time_to_ack_seconds)
        facts.append(f"{text.exact(span)} to acknowledge")
    if id_ := step.time_to_ack_weekday_interval_config_id:
        facts.append(_until(id_, step.time_to_ack_interval_condition, words))
    return f", {text.listed(facts, 'or')}" if facts else ""


def _until(hours_id: str, condition: str | None, words: TreeContext) -> str:
    named = text.bold(words.hours.get(hours_id, hours_id))
    turn = "begin" if condition == "active" else "end"
    return f"until {named} working hours {turn}"


def _delay(delay: PathDelay, words: TreeContext) -> str:
    facts = []
    if delay.delay_seconds is not None:
        facts.append(text.exact(timedelta(seconds=delay.delay_seconds)))
    if id_ := delay.delay_weekday_interval_config_id:
        facts.append(_until(id_, delay.delay_interval_condition, words))
    return text.listed(facts, "or") or "for an unknown time"


def targets(step: PathTargets, words: TreeContext) -> Iterator[str]:
    for target in step.targets:
        yield _target(target, words)


def _target(target: PathTarget, words: TreeContext) -> str:
    facts = [words.name(target)]
    if target.schedule_mode:
        mode = MODES.get(target.schedule_mode, target.schedule_mode.replace("_", " "))
        facts.append(f"({text.inline(mode, 80)})")
    if target.urgency:
        facts.append(f"· {text.inline(target.urgency, 40)} urgency")
    return " ".join(facts)


def working_hours(config: WorkingHours) -> str:
    """Return ``*London*: Monday to Friday 09:00 to 17:30 (Europe/London)``."""
    said = hours(config.weekday_intervals)
    known = zone_of(config.timezone) is not None
    zone = config.timezone if known else unread_zone(config.timezone)
    return f"{text.bold(config.name)}: {said} ({text.inline(zone)})"


def first_level(path: EscalationPath, name: Name) -> str:
    """Return whom the first level pages, in short."""
    words = tree_context(path, name)
    for _, node in _numbered(path.path):
        if node.level:
            found = [words.name(target) for target in node.level.targets]
            sure = "" if path.path[0].level else "depends on conditions: "
            return f"{sure}{text.listed(found[:5]) or 'nobody'}"
    return "as its template says" if path.is_templated else "nobody is paged"
