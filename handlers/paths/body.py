"""Builds the body of an escalation path from a submitted form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import time
from typing import Any

from blocks.kit.rotations import zone_of
from blocks.paths.draft import (
    HOURS,
    MINUTES,
    NEW,
    OF_A_LEVEL,
    ON_CALL,
    PEOPLE,
    SCHEDULES,
    URGENCY,
    LevelDraft,
    PathDraft,
    seconds_of,
)
from handlers.core.arguments.people import explain_no_account, find_account
from handlers.core.context import Context
from handlers.core.problems import FieldErrors
from incidentio.merging import escalation_paths as merging
from incidentio.transport.operation import Json

HOURS_ID = "hours"
HOURS_NAME = "Working hours"


def check(draft: PathDraft, touched: Collection[str] | None = None) -> None:
    """Check that a draft can be a path. ``touched`` None: check all of it.

    A value that is there already and was not ``touched`` stays, whatever it is.

    Raises:
        FieldErrors: it cannot.
    """
    errors = {}
    if not (draft.name or "").strip():
        errors["name"] = "Give the path a name."
    for level in draft.levels:
        own = {f"{name}:{level.key}" for name in OF_A_LEVEL}
        if level.node.startswith(NEW) or _any(touched, own):
            errors |= _wrong(level)
    if _any(touched, HOURS):
        errors |= _wrong_hours(draft, touched)
    if errors:
        raise FieldErrors(errors)


def _wrong_hours(draft: PathDraft, touched: Collection[str] | None) -> dict[str, str]:
    errors = {}
    given = draft.opens is not None or draft.closes is not None
    if bool(draft.days) != given:
        errors["days"] = "Choose days and hours, or neither."
    if zone_of(draft.zone) is None and _any(touched, ["zone"]):
        errors["zone"] = "This time zone is not known. Choose another."
    return errors


def _any(touched: Collection[str] | None, names: Iterable[str]) -> bool:
    return touched is None or any(name in touched for name in names)


def _wrong(level: LevelDraft) -> dict[str, str]:
    errors = {}
    if not level.people and not level.schedules:
        errors[f"{PEOPLE}:{level.key}"] = "Choose people, or a schedule below."
    if seconds_of(level.minutes) <= 0:
        errors[f"{MINUTES}:{level.key}"] = (
            "Write a number of minutes, such as 5 or 1.5."
        )
    return errors


def replaced(
    ctx: Context,
    base: Json,
    before: Sequence[LevelDraft],
    draft: PathDraft,
    touched: set[str],
) -> Json:
    """Build the body: the path as it is, with what was changed in the form.

    The levels of the draft take, in order, the places that the form's levels have in
    the tree; new ones come after the last. What the form cannot show stays in place.
    """
    if "name" in touched or "name" not in base:
        base["name"] = (draft.name or "").strip()
    tree: list[Any] = base.setdefault("path", [])
    nodes = {n["id"]: n for n in tree if isinstance(n, dict) and "id" in n}
    made = [_node(ctx, nodes, level, touched) for level in draft.levels]
    gone = {level.node for level in before} - {level.node for level in draft.levels}
    _check_targets(tree, gone)
    base["path"] = _placed(tree, {level.node for level in before}, made)
    if touched & set(HOURS):
        _set_hours(base, draft)
    return base


def _placed(tree: Sequence[Any], ours: set[str], made: Sequence[Json]) -> list[Any]:
    mine = [
        i for i, n in enumerate(tree) if isinstance(n, dict) and n.get("id") in ours
    ]
    last = mine[-1] if mine else _before_the_end(tree) - 1
    left = list(made)
    placed: list[Any] = []
    for place, node in enumerate(tree):
        if place not in mine:
            placed.append(node)
        elif left:
            placed.append(left.pop(0))
        if place == last:
            placed += left
            left = []
    return [*left, *placed] if last < 0 else [*placed, *left]


def _before_the_end(tree: Sequence[Any]) -> int:
    """Return where to add a step: nothing may follow a last step that goes back."""
    ends = tree and isinstance(tree[-1], dict) and tree[-1].get("type") == "repeat"
    return len(tree) - 1 if ends else len(tree)


def _check_targets(tree: Sequence[Any], gone: set[str]) -> None:
    """Refuse to remove a level that another step goes back to."""
    for node in merging.nodes(list(tree)):
        repeat = node.get("repeat")
        if isinstance(repeat, dict) and repeat.get("to_node") in gone:
            said = "Another step goes back to that level, so it can't be removed."
            raise FieldErrors({"change": said})


def _node(
    ctx: Context, nodes: Mapping[str, Json], level: LevelDraft, touched: set[str]
) -> Json:
    node = nodes.get(level.node)
    if node is None:
        targets = [*_people(ctx, level, []), *_schedules(level, [])]
        inner = {
            "targets": targets,
            "time_to_ack_seconds": seconds_of(level.minutes),
        }
        return {"id": level.node, "type": "level", "level": inner}
    changes = {name for name in OF_A_LEVEL if f"{name}:{level.key}" in touched}
    return {**node, "level": _changed(ctx, node["level"], level, changes)}


def _changed(ctx: Context, inner: Json, level: LevelDraft, changes: set[str]) -> Json:
    """Change what was touched; targets that stay keep all of their properties."""
    found = list(inner.get("targets") or [])
    of = {
        kind: [t for t in found if t["type"] == kind] for kind in ("user", "schedule")
    }
    if PEOPLE in changes:
        of["user"] = _people(ctx, level, of["user"])
    if SCHEDULES in changes:
        of["schedule"] = _schedules(level, of["schedule"])
    sent = dict(inner)
    if {PEOPLE, SCHEDULES} & changes:
        kept = [t for t in found if t in of["user"] or t in of["schedule"]]
        new = [t for t in (*of["user"], *of["schedule"]) if t not in kept]
        sent["targets"] = [*kept, *new]
    if URGENCY in changes:
        sent["targets"] = [{**t, "urgency": level.urgency} for t in sent["targets"]]
    if MINUTES in changes:
        sent["time_to_ack_seconds"] = seconds_of(level.minutes)
    return sent


def _people(ctx: Context, level: LevelDraft, before: Sequence[Json]) -> list[Json]:
    """Return the people as the API takes them; refuse one without an account."""
    there = {t["id"]: t for t in before}
    found, missing = [], []
    for slack_id in level.people:
        user = find_account(ctx, slack_id)
        if user is None:
            missing.append(explain_no_account(ctx, slack_id))
        else:
            new = {"type": "user", "id": user.id, "urgency": level.urgency}
            found.append(there.get(user.id, new))
    if missing:
        raise FieldErrors({f"{PEOPLE}:{level.key}": " ".join(missing)})
    return found


def _schedules(level: LevelDraft, before: Sequence[Json]) -> list[Json]:
    there = {t["id"]: t for t in before}
    more = {"urgency": level.urgency, "schedule_mode": ON_CALL}
    return [
        there.get(id_, {"type": "schedule", "id": id_, **more})
        for id_ in level.schedules
    ]


def _set_hours(body: Json, draft: PathDraft) -> None:
    configs = list(body.get("working_hours") or [])
    if not draft.days:
        _check_unused(body, configs)
        body["working_hours"] = []
        return
    opens, closes = draft.opens or time(0), draft.closes or time(0)
    span = {"start_time": f"{opens:%H:%M}", "end_time": f"{closes:%H:%M}"}
    first: Json = configs[0] if configs else {"id": HOURS_ID, "name": HOURS_NAME}
    there = {i["weekday"]: i for i in first.get("weekday_intervals") or []}
    intervals = [{**there.get(day, {}), "weekday": day, **span} for day in draft.days]
    sent = {**first, "timezone": draft.zone, "weekday_intervals": intervals}
    body["working_hours"] = [sent, *configs[1:]]


def _check_unused(body: Json, configs: Sequence[Json]) -> None:
    """Refuse to remove working hours that a step depends on."""
    written = str(body.get("path"))
    if any(str(config.get("id")) in written for config in configs):
        said = "A step of this path depends on these hours. Change it first, as JSON."
        raise FieldErrors({"days": said})
