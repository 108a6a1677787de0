"""The form that declares an incident, drawn from the organisation's configuration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from blocks.kit import text
from blocks.kit.boxes import headline
from blocks.kit.fields import (
    SEVERITIES,
    TYPES,
    Choice,
    Choices,
    Choosable,
    Field,
    Link,
    Number,
    PersonPicker,
    Text,
    choosable,
)
from blocks.kit.form import Form, Note
from incidentio import CustomField, IncidentType, Severity, Status
from incidentio.lookup import normal

FORM = "declare"
CUSTOM = "field:"
"""The prefix of names of fields; the id of the custom field follows."""
SOURCE = "custom_field_options"
MOST = 85
"""The most custom fields in one form: Slack takes 100 blocks, and notes need some."""

NAME_LIMIT = 200
LONG = "This is the beginning of your text. All of it is in the summary."
VISIBILITY = (
    Choosable("Public: anyone in the workspace can see it", "public"),
    Choosable("Private: only those invited can see it", "private"),
)
MODE = (
    Choosable("Standard", "standard"),
    Choosable("Test: for practice, kept out of lists and reports", "test"),
)


@dataclass(frozen=True, slots=True)
class DeclareOptions:
    """The options that the form offers."""

    severities: Sequence[Severity]
    types: Sequence[IncidentType]
    statuses: Sequence[Status]
    custom_fields: Sequence[CustomField]


@dataclass(frozen=True, slots=True)
class Given:
    """The values that are known when the form is drawn. ``type``: None is the usual."""

    name: str | None = None
    summary: str | None = None
    lead: str | None = None
    severity: str | None = None
    type: str | None = None

    @classmethod
    def of(cls, words: str, lead: str, severities: Sequence[Severity]) -> Given:
        """Take the first line as the name; a longer text is also the summary.

        A severity that the name has among its words is chosen.
        """
        name, summary = headline(words, NAME_LIMIT)
        return cls(name or None, summary or None, lead, _typed(severities, name))


def _typed(severities: Sequence[Severity], name: str) -> str | None:
    """Return the one severity whose name stands among the words of ``name``."""
    said = f" {normal(name)} "
    found = [s.id for s in severities if f" {normal(s.name)} " in said]
    return found[0] if len(found) == 1 else None


def form(live: DeclareOptions, given: Given) -> Form:
    """Draw the form: what matters at once, the rest with *More*."""
    kind = _chosen_type(live.types, given.type)
    fields = [item for item in _fields(live, given, kind) if item is not None]
    first = {"name", "severity", "type", "summary", "lead"}
    return Form(
        id=FORM,
        title="Declare an incident",
        submit="Declare",
        fields=fields,
        later=[f.name for f in fields if isinstance(f, Field) and f.name not in first],
    )


def _fields(
    live: DeclareOptions, given: Given, kind: IncidentType | None
) -> Iterable[Field | Note | None]:
    yield Text(
        name="name",
        label="What is happening?",
        placeholder="Checkout fails for everyone in Europe",
        hint=LONG if given.summary else "Short: it becomes the name of the incident.",
        value=given.name,
        max_length=NAME_LIMIT,
    )
    yield _severity(live.severities, given.severity)
    yield _type(live.types, kind)
    yield from _effects(kind)
    yield Text(
        name="summary",
        label="Summary",
        placeholder="What is known so far: impact, cause, who is on it",
        value=given.summary,
        multiline=True,
        optional=True,
    )
    yield PersonPicker(name="lead", label="Lead", value=given.lead, optional=True)
    if kind is None or not kind.private_incidents_only:
        yield Choice(
            name="visibility",
            label="Visibility",
            options=VISIBILITY,
            value="public",
        )
    if kind is None or kind.create_in_triage != "always":
        yield _status(live)
    yield Choice(name="mode", label="Mode", options=MODE, value="standard")
    drawn = [f for f in map(custom_field, live.custom_fields) if f is not None]
    yield from drawn[:MOST]
    if drawn[MOST:]:
        yield Note(_elsewhere([f.label for f in drawn[MOST:]]), small=True)


def _chosen_type(
    types: Sequence[IncidentType], chosen: str | None
) -> IncidentType | None:
    usual = next((t for t in types if t.is_default), types[0] if types else None)
    return next((t for t in types if t.id == chosen), usual)


def _effects(kind: IncidentType | None) -> Iterable[Note]:
    """Say what the chosen type decides, where it is chosen."""
    if kind is None:
        return
    name, lines = text.bold(kind.name), []
    if kind.private_incidents_only:
        lines.append(
            f"🔒 {name} incidents are private: only those invited can see this one."
        )
    if kind.create_in_triage == "always":
        lines.append(f"🔎 {name} incidents start in triage.")
    if lines:
        yield Note("\n".join(lines), name="effects")


def _elsewhere(names: list[str]) -> str:
    labels = text.listed([text.inline(name, 60) for name in names])
    return f"Set these with Edit, or in incident.io, once it is declared: {labels}."


def _severity(severities: Sequence[Severity], chosen: str | None) -> Field | None:
    """Offer severities, none of them chosen: a wrong one is worse than a question."""
    if not severities:
        return None
    ranked = sorted(severities, key=lambda s: s.rank)
    return Choice(
        name="severity",
        label="Severity",
        options=choosable(ranked),
        value=chosen,
        source=SEVERITIES,
        hint="It can be changed at any time.",
    )


def _type(types: Sequence[IncidentType], chosen: IncidentType | None) -> Field | None:
    if not types:
        return None
    return Choice(
        name="type",
        label="Type",
        options=[Choosable(type_label(t), t.id) for t in types],
        value=chosen.id if chosen else None,
        source=TYPES,
        optional=True,
        live=True,
    )


def type_label(kind: IncidentType) -> str:
    return f"{kind.name} (always private)" if kind.private_incidents_only else kind.name


def _status(live: DeclareOptions) -> Field | None:
    """Offer triage only where a type allows it; otherwise incidents start live."""
    statuses = first_statuses(live)
    if not statuses:
        return None
    return Choice(
        name="status",
        label="Status",
        hint="Triage: not yet sure that it is an incident.",
        options=choosable(statuses),
        source=FIRST_STATUSES,
        optional=True,
    )


TRIAGE = {"always", "optional"}
FIRST_STATUSES = "first_status"
"""The option source for the statuses that an incident can begin with."""


def first_statuses(live: DeclareOptions) -> list[Status]:
    """Return the statuses to choose from; none where every incident starts live."""
    triage = [s for s in live.statuses if s.category == "triage"]
    if not triage or not any(t.create_in_triage in TRIAGE for t in live.types):
        return []
    return [*(s for s in live.statuses if s.category == "live"), *triage]


def custom_field(custom: CustomField, value: Sequence[str] = ()) -> Field | None:
    """Draw a custom field by its kind; None for a kind that has no input here."""
    common: dict[str, Any] = {
        "name": f"{CUSTOM}{custom.id}",
        "label": custom.name,
        "hint": custom.description or None,
        "optional": True,
    }
    options = [Choosable(o.value, o.id) for o in custom.options]
    first = value[0] if value else None
    match custom.field_type:
        case "text":
            return Text(**common, value=first, multiline=True)
        case "link":
            return Link(**common, value=first)
        case "numeric":
            return Number(**common, value=first)
        case "single_select" if options:
            return Choice(**common, options=options, value=first, source=SOURCE)
        case "multi_select" if options:
            return Choices(**common, options=options, value=value, source=SOURCE)
    return None
