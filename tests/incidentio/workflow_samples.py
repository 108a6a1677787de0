"""Workflows of every shape, as the API answers with them: tomorrow's too.

Made from a number, for they are too large to be drawn piece by piece in time.
"""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

NEW = ("colour", "retry", "x_new", "Priority")
KEYS = ("incident.severity", 'custom_field["01A"]', "a/b", "ß", "team.lead")
LITERALS = ("SEV1", "", "*bold* <!channel>", "é🔥", "x" * 700)
ODD = (True, 7, "", ["a", 1], {"a": {}}, {"label": "deep", "returns": [None]})
RETURNS = ({"type": "User", "array": True}, {"type": "String", "array": False})
KINDS = (
    "filter",
    "branches",
    "parse",
    "navigate",
    "concatenate",
    "cast",
    "count",
    "first",
    "sum",
)


class Maker:
    def __init__(self, seed):
        self.random = Random(seed)

    def one(self, of):
        return self.random.choice(of)

    def maybe(self):
        return self.random.random() < 0.5

    def some(self, make, most=2):
        return [make() for _ in range(self.random.randint(0, most))]

    def record(self, **fields):
        """An object of these properties, and of some that nobody knows."""
        names = self.some(lambda: self.one(NEW))
        return {**{name: self.one(ODD) for name in names}, **fields}

    def value(self):
        """Its label follows from what it stands for, as in incident.io."""
        name, known = self.one((("literal", LITERALS), ("reference", KEYS)))
        of = self.one(known)
        return self.record(**{name: of}, label=f"The {of}")

    def binding(self):
        if self.maybe():
            return self.record(value=self.value())
        return self.record(
            **({"array_value": v} if (v := self.some(self.value)) else {})
        )

    def condition(self):
        key, name = self.one(KEYS), self.one(("one_of", "is_set"))
        return self.record(
            subject={"reference": key, "label": f"Subject {key}"},
            operation={"value": name, "label": f"Does {name}"},
            param_bindings=self.some(self.binding),
        )

    def group(self):
        return self.record(conditions=self.some(self.condition))

    def branch(self):
        return self.record(
            condition_groups=self.some(self.group), result=self.binding()
        )

    def operation(self):
        kind, returns, key = self.one(KINDS), self.one(RETURNS), self.one(KEYS)
        details = {
            "filter": lambda: {"condition_groups": self.some(self.group)},
            "branches": lambda: {
                "branches": self.some(self.branch),
                "returns": returns,
            },
            "parse": lambda: {"source": key, "returns": returns},
            "navigate": lambda: {"reference": key, "reference_label": f"To {key}"},
            "concatenate": lambda: {"reference": key, "reference_label": f"To {key}"},
            "cast": lambda: {"returns": returns},
        }
        more = {kind: self.record(**details[kind]())} if kind in details else {}
        return self.record(operation_type=kind, returns=returns, **more)

    def step(self):
        name = self.one(("send", "page"))
        more = {"for_each": self.one(KEYS)} if self.maybe() else {}
        return self.record(
            id=self.one(KEYS),
            name=name,
            label=f"Step {name}",
            param_bindings=self.some(self.binding),
            **more,
        )

    def expression(self, place):
        otherwise = {"else_branch": self.record(result=self.binding())}
        return self.record(
            reference=f"e{place}",
            label=f"Expression {place}",
            root_reference=self.one(KEYS),
            operations=self.some(self.operation, 3),
            returns=self.one(RETURNS),
            **(otherwise if self.maybe() else {}),
        )

    def form_field(self):
        return self.record(
            id="f", key="who", title="Who", type="User", array=False, required=True
        )

    def optional(self):
        delay = self.record(for_seconds=90, conditions_apply_over_delay=self.maybe())
        known = {
            "folder": "On call",
            "shortform": "page-the-ceo",
            "delay": delay,
            "owning_team_ids": ["T1", "T2"],
            "form_fields": self.some(self.form_field),
            "auto_run_mode": "confirm_before_running",
        }
        return {name: value for name, value in known.items() if self.maybe()}

    def workflow(self):
        """The ``workflow`` of an answer."""
        scope = self.one(("all", "owning_teams", "none"))
        once = [{"key": k, "label": k, "type": "T", "array": False} for k in KEYS]
        return self.record(
            id="W",
            version=3,
            name=self.one(("Page", "<!channel> & *co*", "🔥" * 30)),
            state=self.one(("active", "disabled", "draft", "error")),
            trigger={"name": "incident.updated", "label": "Incident updated"},
            once_for=once[: self.random.randint(0, 3)],
            condition_groups=self.some(self.group),
            expressions=[self.expression(n) for n in range(self.random.randint(0, 3))],
            steps=self.some(self.step, 3),
            continue_on_step_error=self.maybe(),
            runs_on_incidents="newly_created",
            runs_on_incident_modes=["standard", "test"],
            private_incident_scope=scope,
            include_private_incidents=scope != "none",
            include_private_escalations=self.maybe(),
            **self.optional(),
        )


workflows = st.integers(0, 2**32).map(lambda seed: Maker(seed).workflow())
