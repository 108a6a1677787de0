"""Conditions and bindings of parameters, which workflows and paths both have."""

from __future__ import annotations

from incidentio.base.model import Model


class BindingValue(Model):
    """A value, with a ``label`` for people."""

    label: str = ""
    literal: str | None = None
    reference: str | None = None


class Binding(Model):
    """The value or values bound to one parameter."""

    value: BindingValue | None = None
    array_value: tuple[BindingValue, ...] | None = None

    @property
    def values(self) -> tuple[BindingValue, ...]:
        """All values, whether the parameter takes one or several."""
        alone = (self.value,) if self.value else ()
        return alone + (self.array_value or ())


class ConditionSubject(Model):
    reference: str
    label: str = ""


class ConditionOperation(Model):
    value: str
    label: str = ""


class Condition(Model):
    """A subject, an operation such as “is one of”, and values to compare with."""

    subject: ConditionSubject
    operation: ConditionOperation
    param_bindings: tuple[Binding, ...] = ()
