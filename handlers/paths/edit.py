"""``path create`` and ``path edit``: levels added, removed and moved in a form.

A change replaces the path in incident.io. What the form cannot show goes back as it
was read, and what somebody else changed meanwhile is said before it is replaced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from blocks.kit import text
from blocks.kit.fields import Choosable, Value
from blocks.kit.form import Form
from blocks.kit.on_call import sections
from blocks.paths import draft as drafts
from blocks.paths import form as view
from blocks.paths import tree as path_tree
from blocks.paths.draft import Draft, Level
from handlers.core.announce import by
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.made_before import made_before
from handlers.core.problems import FieldErrors
from handlers.paths import body as bodies
from handlers.paths.saving import meanwhile, save
from handlers.paths.show import group, naming, read
from incidentio.merging import escalation_paths as merging
from incidentio.models import EscalationPath, User

EFFECT = Effect("The escalation path", "changed")
MOST_HIDDEN = 15
"""Steps named that the form does not show."""


@group.command("path create")
def create(ctx: Context) -> Modal:
    """Create an escalation path, in a form."""
    first = drafts.new_level((), ctx.key)
    draft = Draft(levels=(first,), zone=ctx.person.timezone)
    return Modal(_form(ctx, view.CREATE, draft, {}, None))


@group.command("path edit")
def edit(ctx: Context, path: EscalationPath) -> Modal:
    """Edit an escalation path in a form: name, levels and working hours."""
    found = read(ctx, path.id)
    draft = drafts.current(found, _users(ctx))
    memory = _remembered(found, draft)
    return Modal(_form(ctx, view.EDIT, draft, memory, found))


def _users(ctx: Context) -> dict[str, User]:
    return {user.id: user for user in ctx.catalog.users()}


def _remembered(path: EscalationPath, draft: Draft) -> dict[str, Any]:
    return {
        "path": path.id,
        "was": drafts.shown(draft),
        "parts": merging.remembered(merging.body(path.raw)),
        "first": [drafts.mark(level.node) for level in draft.levels],
    }


def _form(
    ctx: Context,
    form_id: str,
    draft: Draft,
    memory: Mapping[str, Any],
    path: EscalationPath | None,
    *,
    above: Sequence[str] = (),
) -> Form:
    schedules = [Choosable(s.name, s.id) for s in ctx.catalog.schedules()]
    offer = view.Offer(
        schedules=schedules,
        hidden=_hidden(ctx, path) if path else (),
        no_hours=drafts.hours_hidden(path) if path else None,
        above=above,
        templated=bool(path and path.is_templated),
    )
    levels = {level.key: drafts.mark(level.node) for level in draft.levels}
    kept = {k: v for k, v in memory.items() if not k.startswith("_")}
    number = int(memory.get("turn", 0)) + 1
    return view.form(form_id, draft, offer, {**kept, "levels": levels}, number)


def _hidden(ctx: Context, path: EscalationPath) -> list[str]:
    """Name the steps that the form cannot show, and say why."""
    users, said, shown = _users(ctx), [], 0
    for place, node in enumerate(path.path, 1):
        why = drafts.why_not(node, users)
        shown += why is None
        if why is None and shown > drafts.MOST_LEVELS:
            why = "the form is full"
        if why:
            kind = text.inline(node.type.replace("_", " ") or "unknown", 40)
            said.append(f"step {place}, {kind} ({why})")
    more = len(said) - MOST_HIDDEN
    return [*said[:MOST_HIDDEN], f"{more} more steps"] if more > 0 else said


@group.changed(view.CREATE, view.CHANGE)
@group.changed(view.EDIT, view.CHANGE)
def follow(ctx: Context, **values: Value) -> Modal:
    """Add, remove or move a level; all that was entered stays."""
    id_ = ctx.memory.get("path")
    path = read(ctx, id_) if id_ else None
    draft = _entered(ctx, values, path)
    verb, _, key = str(values.get(view.CHANGE) or "").partition(":")
    levels = _moved(draft.levels, verb, key, ctx.key)
    form_id = view.EDIT if path else view.CREATE
    drawn = replace(draft, levels=tuple(levels))
    return Modal(_form(ctx, form_id, drawn, ctx.memory, path))


def _moved(levels: Sequence[Level], verb: str, key: str, seed: str) -> list[Level]:
    found = list(levels)
    if verb == view.ADD:
        return [*found, drafts.new_level(found, seed)]
    place = next((i for i, level in enumerate(found) if level.key == key), None)
    if place is None:
        return found
    level = found.pop(place)
    if verb == view.UP:
        found.insert(max(place - 1, 0), level)
    elif verb == view.DOWN:
        found.insert(place + 1, level)
    return found


def _entered(
    ctx: Context, values: Mapping[str, Value], path: EscalationPath | None
) -> Draft:
    """Read the form: its levels are those that it was drawn with.

    One that was deleted meanwhile, or became what the form cannot show, is left out:
    it stays as somebody else made it.
    """
    base = drafts.current(path, _users(ctx)) if path else Draft()
    known = {drafts.mark(level.node): level for level in base.levels}
    first = ctx.memory.get("first", ())
    levels = [
        replace(known.get(mark, Level(key, drafts.NEW + mark)), key=key)
        for key, mark in ctx.memory["levels"].items()
        if mark in known or mark not in first
    ]
    return drafts.read(values, levels, base)


@group.submitted(view.CREATE, effect=Effect("The escalation path", "created"))
def created(ctx: Context, **values: Value) -> Reply | Modal:
    """Create it once, however often the form arrives."""
    if values.get(view.CHANGE):
        return follow(ctx, **values)
    draft = _entered(ctx, values, None)
    _check_levels(draft)
    bodies.check(draft)
    ids = [level.node for level in draft.levels]
    listed = ctx.api.escalation_paths.list
    made = made_before(ctx, listed, lambda path: [n.id for n in path.path] == ids)
    if made is None:
        everything = {*drafts.shown(draft)} if draft.days else {"name"}
        body = bodies.replaced(ctx, {"path": []}, (), draft, everything)
        ctx.notes.on("escalation path", body["name"])
        ctx.notes.change("name", None, body["name"])
        made = ctx.api.escalation_paths.create(body)
    ctx.catalog.forget("escalation_paths")
    ctx.notes.on("escalation path", made.name, made.id)
    said = f"The escalation path {text.bold(made.name)} was created {by(ctx)}."
    tree = path_tree.lines(made, naming(ctx))
    return Reply(said, sections([said, *path_tree.pages(tree)[0]]))


def _check_levels(draft: Draft) -> None:
    if not draft.levels:
        raise FieldErrors({view.CHANGE: "A path needs a level: add one."})


@group.submitted(view.EDIT, effect=EFFECT)
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    if values.get(view.CHANGE):
        return follow(ctx, **values)
    with lock_for(ctx.memory["path"]):
        return _edited(ctx, read(ctx, ctx.memory["path"]), values)


def _edited(
    ctx: Context, path: EscalationPath, values: Mapping[str, Value]
) -> Reply | Modal:
    now = drafts.current(path, _users(ctx))
    draft = _entered(ctx, values, path)
    first = ctx.memory["first"]
    own = {*values, *_new_fields(draft, first)}
    touched = drafts.touched(draft, ctx.memory["was"]) & own
    bodies.check(draft)
    levels = [level for level in now.levels if drafts.mark(level.node) in first]
    body = bodies.replaced(ctx, merging.body(path.raw), levels, draft, touched)
    if not body["path"] and not path.is_templated:
        _check_levels(Draft())
    others = meanwhile(ctx, path, ctx.memory["parts"])
    if others and ctx.attempt == 1 and body != merging.body(path.raw):
        memory = {**ctx.memory, "parts": merging.remembered(merging.body(path.raw))}
        return Modal(_form(ctx, view.EDIT, draft, memory, path, above=[others]))
    return save(ctx, path, body)


def _new_fields(draft: Draft, first: Sequence[str]) -> set[str]:
    """Name the fields of levels that the path does not have yet."""
    return {
        f"{name}:{level.key}"
        for level in draft.levels
        if drafts.mark(level.node) not in first
        for name in drafts.OF_A_LEVEL
    }
