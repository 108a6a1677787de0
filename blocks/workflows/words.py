"""Workflows in words: their conditions, steps and expressions.

With ``brief`` long values are clipped. Each function returns texts of one or more
lines; each line fits into a section.
"""

from __future__ import annotations

from collections.abc import Sequence

from blocks.kit import text
from incidentio.conditions import Binding, BindingValue, Condition
from incidentio.workflows import (
    Branch,
    ConditionGroup,
    Expression,
    ExpressionOperation,
    Returns,
    Step,
    Workflow,
)

LABEL = 150
BRIEF = 120
PIECE = 500
"""The most characters of a long value in one line: escaped, they fit a section."""
FEW = 5

DOES = {
    "count": "counts them",
    "min": "takes the smallest",
    "max": "takes the largest",
    "sum": "adds them up",
    "random": "takes one at random",
    "first": "takes the first",
}


def label(words: str, otherwise: str = "") -> str:
    return text.inline(words or otherwise, LABEL)


def value(one: BindingValue, *, brief: bool) -> str:
    words = one.label or one.literal or one.reference or "nothing"
    if brief or len(words) <= PIECE:
        return f"“{text.inline(words, BRIEF if brief else PIECE)}”"
    starts = range(0, len(words), PIECE)
    pieces = [text.inline(words[at : at + PIECE], PIECE * 5) for at in starts]
    return "“" + "\n".join(pieces) + "”"


def binding(bound: Binding, *, brief: bool) -> str:
    found = [value(one, brief=brief) for one in bound.values]
    if brief and len(found) > FEW:
        found = [*found[:FEW], f"{len(found) - FEW} more"]
    return (", " if len(found) <= FEW + 1 else ",\n").join(found)


def bindings(bound: Sequence[Binding], *, brief: bool) -> str:
    found = [binding(one, brief=brief) for one in bound]
    return ("; " if brief else ";\n").join(filter(None, found))


def condition(one: Condition, *, brief: bool) -> str:
    parts = (
        label(one.subject.label, one.subject.reference),
        label(one.operation.label, one.operation.value.replace("_", " ")),
        bindings(one.param_bindings, brief=brief),
    )
    return " ".join(filter(None, parts))


def group(one: ConditionGroup, *, brief: bool) -> str:
    every = [condition(c, brief=brief) for c in one.conditions]
    return " *and*\n".join(every) or "always"


def conditions(groups: Sequence[ConditionGroup], *, brief: bool) -> list[str]:
    """Return a text for each group, joined by “or”: one of them must hold."""
    joint = ("", "*or* ")
    return [f"{joint[bool(n)]}{group(g, brief=brief)}" for n, g in enumerate(groups)]


def steps(workflow: Workflow, *, brief: bool) -> list[str]:
    return [
        f"{place}. {step(workflow, one, brief=brief)}"
        for place, one in enumerate(workflow.steps, 1)
    ]


def step(workflow: Workflow, one: Step, *, brief: bool) -> str:
    head = text.bold(one.label or one.name)
    if one.for_each:
        head += f" for each of {_expression_name(workflow, one.for_each)}"
    parameters = bindings(one.param_bindings, brief=brief)
    return f"{head}: {parameters}" if parameters else head


def _expression_name(workflow: Workflow, reference: str) -> str:
    """Return the name of the expression in a reference like ``expressions["abc"]``."""
    for expression in workflow.expressions:
        if expression.reference and expression.reference in reference:
            return f"“{label(expression.label, expression.reference)}”"
    return text.code(reference, LABEL)


def expressions(workflow: Workflow, *, brief: bool) -> list[str]:
    return [expression(one, brief=brief) for one in workflow.expressions]


def expression(one: Expression, *, brief: bool) -> str:
    """Return an expression in words: its name, its start, and its operations."""
    start = [f"from {text.code(one.root_reference)}"] if _starts(one) else []
    done = [operation(o, brief=brief) for o in one.operations]
    if one.else_branch:
        done.append(f"else {binding(one.else_branch.result, brief=brief)}")
    head = text.bold(one.label or one.reference)
    joint = ", " if brief else ",\n"
    return f"{head}: {joint.join([*start, *done])}"


def _starts(one: Expression) -> bool:
    return one.root_reference not in ("", ".")


def operation(one: ExpressionOperation, *, brief: bool) -> str:
    """Return an operation of an expression in words; for an unknown one, its name."""
    if one.filter:
        return f"keeps those where {_any(one.filter.condition_groups, brief=brief)}"
    if one.branches:
        found = [_branch(branch, brief=brief) for branch in one.branches.branches]
        return (", else " if brief else ",\nelse ").join(found)
    return _simple(one) or label(one.operation_type.replace("_", " "))


def _simple(one: ExpressionOperation) -> str:
    if one.navigate:
        to = one.navigate
        return f"goes to {label(to.reference_label, to.reference)}"
    if one.parse:
        return f"evaluates {text.code(one.parse.source)}"
    if one.concatenate:
        with_ = one.concatenate
        return f"adds {label(with_.reference_label, with_.reference)}"
    if returns := _cast_to(one):
        return f"reads it as {label(returns.type)}"
    return DOES.get(one.operation_type, "")


def _cast_to(one: ExpressionOperation) -> Returns | None:
    """Return the type that a cast casts to. None: it is no cast, or not known."""
    if one.operation_type != "cast":
        return None
    return one.cast.returns if one.cast else one.returns


def _branch(one: Branch, *, brief: bool) -> str:
    held = _any(one.condition_groups, brief=brief)
    return f"if {held} then {binding(one.result, brief=brief)}"


def _any(groups: Sequence[ConditionGroup], *, brief: bool) -> str:
    return "\n".join(conditions(groups, brief=brief)) or "always"
