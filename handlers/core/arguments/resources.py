"""Resources that several nouns let people choose by name."""

from __future__ import annotations

from blocks.kit import fields
from handlers.core.arguments.catalogued import Catalogued, by_name
from incidentio import EscalationPath, Schedule

SCHEDULES = Catalogued(
    "schedule",
    lambda ctx: ctx.catalog.schedules(),
    source=fields.SCHEDULE,
    single=True,
    none=lambda _: "incident.io has no schedules yet.",
).register(Schedule)

ESCALATION_PATHS = Catalogued(
    "escalation path",
    lambda ctx: by_name(ctx.catalog.escalation_paths()),
    source=fields.ESCALATION_PATH,
).register(EscalationPath)
