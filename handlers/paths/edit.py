"""``path create`` and ``path edit``: levels added, removed and moved in a form.

A change replaces the whole path in incident.io. What the form cannot show is sent back
as it was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from blocks.kit import text
from blocks.kit.edit import Edit, Input, fingerprints
from blocks.kit.fields import Value, choosable
from blocks.kit.form import MORE, Form
from blocks.kit.on_call import sections
from blocks.paths import draft as drafts
from blocks.paths import form as view
from blocks.paths import tree as path_tree
from blocks.paths.draft import LevelDraft, PathDraft
from blocks.paths.form import Levels
from handlers.core.announce import by
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.editing import FieldEditor
from handlers.core.made_before import Makes, made_before, make_watched
from handlers.core.problems import FieldErrors
from handlers.paths import body as bodies
from handlers.paths.saving import label
from handlers.paths.show import group, naming, read
from incidentio import EscalationPath, User
from incidentio.merging import escalation_paths as merging

EFFECT = Effect("The escalation path", "changed")
MOST_HIDDEN = 15
"""The most steps to name that the form does not show."""


class PathEditor(FieldEditor[EscalationPath]):
    key = "path"

    def read(self) -> EscalationPath:
        return read(self.ctx, self.ctx.memory[self.key])

    def inputs(self, current: EscalationPath) -> Sequence[Input]:
        draft = self._arranged(current)
        drawn = view.inputs(draft, _offer(self.ctx, current), _turn(self.ctx))
        if current.is_templated:
            return drawn
        now = drafts.marks(_current(self.ctx, current))
        known = self.ctx.memory.get("first", now)
        order = Levels(name=view.LEVELS, label="Levels", value=now, known=known)
        return [order, *drawn]

    def _arranged(self, path: EscalationPath) -> PathDraft:
        """Return the path as it is, with the levels in the order of the form."""
        draft, memory = _current(self.ctx, path), self.ctx.memory
        if view.LEVELS not in memory:
            return draft
        return drafts.arranged(draft, memory[view.LEVELS], memory["first"])

    def form(self, current: EscalationPath, inputs: Sequence[Input]) -> Form:
        draft = self._arranged(current)
        memory = {
            "path": current.id,
            "parts": merging.remembered(merging.body(current.raw)),
            "first": self.ctx.memory.get("first", drafts.marks(draft)),
        }
        return _form(self.ctx, view.EDIT, inputs, draft, memory)

    def shown(self) -> Mapping[str, str]:
        """Return fingerprints; earlier versions' forms have none for ``Levels``."""
        first = tuple(self.ctx.memory["first"])
        order = Levels(name=view.LEVELS, label="Levels", value=first)
        return {**fingerprints([order]), **super().shown()}

    def typed(
        self, current: EscalationPath, values: Mapping[str, Value]
    ) -> Mapping[str, Value]:
        if current.is_templated:
            return values
        return {**values, view.LEVELS: tuple(self.ctx.memory[view.LEVELS].values())}

    def check(self, current: EscalationPath, edit: Edit) -> None:
        draft = drafts.read(edit.changed, self._arranged(current))
        bodies.check(draft, edit.changed)
        if "zone" in edit.due and not draft.days:
            raise FieldErrors({"days": "Choose the days that the time zone is for."})
        super().check(current, edit)

    def write(
        self, current: EscalationPath, due: Mapping[str, Value]
    ) -> EscalationPath:
        now, memory = _current(self.ctx, current), self.ctx.memory
        draft = drafts.kept(now, memory[view.LEVELS])
        if view.LEVELS in due:
            draft = self._arranged(current)
        ours = [
            level for level in now.levels if drafts.mark(level.node) in memory["first"]
        ]
        body = merging.body(current.raw)
        body = bodies.replaced(self.ctx, body, ours, drafts.read(due, draft), {*due})
        if not body["path"] and not current.is_templated:
            _check_levels(PathDraft())
        saved = self.ctx.api.escalation_paths.update(current.id, body)
        self.ctx.catalog.expire("escalation_paths")
        return saved

    def describe(self, current: EscalationPath) -> str:
        return f"The escalation path {text.bold(current.name)}"

    def record_target(self, current: EscalationPath) -> None:
        self.ctx.notes.on("escalation path", current.name, current.id)

    def announce(self, after: EscalationPath, words: str) -> Reply:
        tree = path_tree.lines(after, naming(self.ctx))
        return Reply(words, sections([words, "It is now:", *path_tree.pages(tree)[0]]))

    def elsewhere(self, current: EscalationPath, edit: Edit) -> Sequence[str]:
        """Return labels of fields, and of parts that the form does not show."""
        own = {"name"} if current.is_templated else self._parts(current, edit)
        parts = merging.changed(self.ctx.memory["parts"], merging.body(current.raw))
        more = [f"*{label(current, part)}*" for part in parts if part not in own]
        return [*super().elsewhere(current, edit), *more]

    def _parts(self, current: EscalationPath, edit: Edit) -> set[str]:
        """Return the names of the parts of the path that the form's fields show."""
        levels = self._arranged(current).levels
        own = {"name", *(f"{merging.NODE}{level.node}" for level in levels)}
        if not drafts.hours_hidden(current):
            own.add("working_hours")
        if view.LEVELS in {*edit.kept, *edit.changed}:
            own.add("order")
        return own


@group.command(
    "path create",
    aliases=["new path", "create path"],
    says=["create escalation path", "new escalation path"],
)
def create(ctx: Context) -> Modal:
    """Create an escalation path, in a form."""
    first = drafts.new_level((), ctx.key)
    draft = PathDraft(levels=(first,), zone=ctx.person.timezone)
    inputs = view.inputs(draft, _offer(ctx, None), _turn(ctx))
    return Modal(_form(ctx, view.CREATE, inputs, draft, {}))


@group.command(
    "path edit",
    aliases=["edit path"],
    says=["change path", "edit escalation path", "change escalation path"],
)
def edit(ctx: Context, path: EscalationPath) -> Modal:
    """Edit an escalation path in a form: name, levels and working hours."""
    return PathEditor(ctx).open(read(ctx, path.id))


def _users(ctx: Context) -> dict[str, User]:
    return {user.id: user for user in ctx.catalog.everybody()}


def _current(ctx: Context, path: EscalationPath) -> PathDraft:
    return drafts.current(path, _users(ctx))


def _turn(ctx: Context) -> int:
    """Return a number for this drawing of the form, so that its menu starts empty."""
    return int(ctx.memory.get("turn", 0)) + 1


def _form(
    ctx: Context,
    form_id: str,
    inputs: Sequence[Input],
    draft: PathDraft,
    memory: Mapping[str, Any],
) -> Form:
    levels = {level.key: drafts.mark(level.node) for level in draft.levels}
    memory = {**memory, view.LEVELS: levels, "turn": _turn(ctx)}
    return view.form(form_id, inputs, memory, with_hours=bool(draft.days))


def _offer(ctx: Context, path: EscalationPath | None) -> view.PathOffer:
    return view.PathOffer(
        schedules=choosable(ctx.catalog.schedules()),
        hidden=_hidden(ctx, path) if path else (),
        no_hours=drafts.hours_hidden(path) if path else None,
        templated=bool(path and path.is_templated),
    )


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
            said.append(f"step {place} ({kind if why == drafts.NO_LEVEL else why})")
    more = len(said) - MOST_HIDDEN
    return [*said[:MOST_HIDDEN], f"{more} more steps"] if more > 0 else said


@group.changed(view.CREATE, view.CHANGE)
@group.changed(view.EDIT, view.CHANGE)
@group.changed(view.CREATE, MORE)
@group.changed(view.EDIT, MORE)
def follow(ctx: Context, **values: Value) -> Modal:
    """Add, remove or move a level, or show the rest; all that was entered stays."""
    id_ = ctx.memory.get("path")
    path = read(ctx, id_) if id_ else None
    draft = _entered(ctx, values, path)
    verb, _, key = str(values.get(view.CHANGE) or "").partition(":")
    levels = _moved(draft.levels, verb, key, ctx.key)
    draft = replace(draft, levels=tuple(levels))
    inputs = view.inputs(draft, _offer(ctx, path), _turn(ctx))
    warned = PathEditor(ctx).warnings(path) if path else []
    inputs = [*warned, *inputs]
    memory = {k: v for k, v in ctx.memory.items() if not k.startswith("_")}
    return Modal(_form(ctx, view.EDIT if path else view.CREATE, inputs, draft, memory))


def _moved(
    levels: Sequence[LevelDraft], verb: str, key: str, seed: str
) -> list[LevelDraft]:
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
) -> PathDraft:
    """Return the values of the form; its levels are those that it was drawn with."""
    base, first = (
        _current(ctx, path) if path else PathDraft(zone=ctx.person.timezone),
        ctx.memory.get("first", ()),
    )
    return drafts.read(values, drafts.arranged(base, ctx.memory[view.LEVELS], first))


@group.submitted(view.CREATE, effect=Effect("The escalation path", "created"))
def created(ctx: Context, **values: Value) -> Reply | Modal:
    """Create the path once, however often the form arrives."""
    if values.get(view.CHANGE):
        return follow(ctx, **values)
    draft = _entered(ctx, values, None)
    _check_levels(draft)
    bodies.check(draft)
    ids = [level.node for level in draft.levels]
    makes = Makes(
        f"The escalation path {text.bold(draft.name or '')}",
        "path delete",
        ctx.api.escalation_paths.list,
        lambda path: [node.id for node in path.path] == ids,
        cached="escalation_paths",
    )
    made = made_before(ctx, makes.listed, makes.same)
    if made is None:
        everything = drafts.fields(draft) if draft.days else {"name"}
        body = bodies.replaced(ctx, {"path": []}, (), draft, everything)
        ctx.notes.on("escalation path", body["name"])
        ctx.notes.change("name", None, body["name"])
        create = partial(ctx.api.escalation_paths.create, body)
        made = make_watched(ctx, makes, create)
    ctx.catalog.expire("escalation_paths")
    ctx.notes.on("escalation path", made.name, made.id)
    said = f"The escalation path {text.bold(made.name)} was created {by(ctx)}."
    tree = path_tree.lines(made, naming(ctx))
    return Reply(said, sections([said, *path_tree.pages(tree)[0]]))


def _check_levels(draft: PathDraft) -> None:
    if not draft.levels:
        raise FieldErrors({view.CHANGE: "A path needs a level: add one."})


@group.submitted(view.EDIT, effect=EFFECT)
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    if values.get(view.CHANGE):
        return follow(ctx, **values)
    return PathEditor(ctx).submit(values)
