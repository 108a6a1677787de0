"""Conditions and the values bound to parameters: workflows and paths have both."""

from __future__ import annotations

from incidentio.base.model import Model


class BindingValue(Model):
    """A value as people read it (``label``), and what it stands for."""

    label: str = ""
    literal: str | None = None
    reference: str | None = None


class Binding(Model):
    """The value or values bound to one parameter."""

    value: BindingValue | None = None
    array_value: tuple[BindingValue, ...] | None = None

    @property
    def values(self) -> tuple[BindingValue, ...]:
        """All of its values, whether it takes one or several."""
        alone = (self.value,) if self.value else ()
        return alone + (self.array_value or ())


class ConditionSubject(Model):
    reference: str
    label: str = ""


class ConditionOperation(Model):
    value: str
    label: str = ""


class Condition(Model):
    """A subject, an operation such as “is one of”, and what it is compared with."""

    subject: ConditionSubject
    operation: ConditionOperation
    param_bindings: tuple[Binding, ...] = ()
