"""Private incidents of which every string is a secret, and somebody outside of them."""

from __future__ import annotations

import re
from datetime import timedelta

from sandbox.company import PEOPLE
from sandbox.incidentio.state.records import Update

LONG_AGO = timedelta(days=90)
TABLES = ("updates", "actions", "follow_ups", "findings", "memberships")


class Secrets:
    """Makes every string of the private incidents of a store one that is found again.

    ``words`` are those that stand nowhere else, and ``opaque`` ids that say nothing.
    """

    def __init__(self, store):
        self._store = store
        self.incidents = [i for i in store.incidents if i.visibility == "private"]
        self.in_progress = [
            incident
            for incident in store.incidents
            if incident.visibility == "public"
            and store.category(incident) in ("triage", "live", "paused")
        ]
        self.ids = {incident.id for incident in self.incidents}
        self._rows = {
            table: [r for r in getattr(store, table) if r.incident_id in self.ids]
            for table in TABLES
        }
        self.inside = {id_ for i in self.incidents for id_ in i.members}
        self.outsider = next(
            p
            for p in PEOPLE
            if p.incidentio_id and p.active and p.incidentio_id not in self._concerned()
        )
        responder = next(iter(self.incidents[-1].members))
        self.insider = next(p for p in PEOPLE if p.incidentio_id == responder)
        self.hidden_page = self.pages()[0].id
        self.words = ["Hidden", "hidden-channel"]
        self.opaque = []
        for incident in self.incidents:
            self._mark_incident(incident)
        for incident in self.in_progress:
            self._update(incident, "Half of it is back")
        for number, row in enumerate(self.rows("actions", "follow_ups")):
            self._mark_item(row, number)
        for number, row in enumerate(self.pages()):
            row.title = f"Hidden page {number}"
            row.description = f"Hidden page description {number}"

    def rows(self, *tables):
        """Return what belongs to private incidents, also when it was removed."""
        return [row for table in tables for row in self._rows[table]]

    def pages(self):
        return [e for e in self._store.escalations if self.ids & {*e.incident_ids}]

    def remove(self, incidents):
        """Let there be none of these incidents, nor anything of one."""
        store, ids = self._store, {incident.id for incident in incidents}
        for table in TABLES:
            rows = getattr(store, table)
            for row in [row for row in rows if row.incident_id in ids]:
                rows.remove(row.id)
        for page in [e for e in store.escalations if ids & {*e.incident_ids}]:
            store.escalations.remove(page.id)
        for incident in incidents:
            store.incidents.remove(incident.id)
            del store.numbers[incident.number]

    def _concerned(self):
        paged = [str(page.events) for page in self.pages()]
        return self.inside | {
            p.incidentio_id
            for p in PEOPLE
            if p.incidentio_id and any(p.incidentio_id in events for events in paged)
        }

    def _mark_incident(self, incident):
        store, number = self._store, incident.number
        incident.name = f"Hidden name {number}"
        incident.summary = f"Hidden summary {number}"
        incident.channel_name = f"hidden-channel-{number}"
        incident.call_url = f"https://meet.example.com/Hidden-{number}"
        incident.postmortem_url = f"https://docs.example.com/Hidden-{number}"
        for field in store.custom_fields:
            if field["field_type"] in ("text", "link"):
                incident.fields[field["id"]] = [
                    {f"value_{field['field_type']}": "Hidden value"}
                ]
        at = store.now() - timedelta(days=3, hours=1, minutes=2, seconds=3)
        incident.timestamps = dict.fromkeys(incident.timestamps, at)
        self._rows["updates"].append(self._update(incident, "Hidden update"))
        self.words += [f"INC-{number}", str(int(at.timestamp()))]
        self.opaque += [incident.channel_id, incident.id]

    def _update(self, incident, message):
        told = Update(
            id=self._store.new_id(),
            incident_id=incident.id,
            status_id=incident.status_id,
            severity_id=incident.severity_id,
            updater=incident.creator,
            created_at=self._store.now(),
            message=message,
        )
        return self._store.updates.add(told.id, told)

    def _mark_item(self, row, number):
        row.description = f"Hidden description {number}"
        row.created_at = self._store.now() - LONG_AGO
        if row.assignee_id not in self.inside:
            row.assignee_id = self.insider.incidentio_id
        if hasattr(row, "title"):
            row.title = f"Hidden follow-up {number}"
            row.labels = [f"Hidden label {number}"]
        self.opaque.append(row.id)

    def told(self, said, opaque=()):
        """Return those that are in what was said."""
        words = [*self.words, *opaque]
        return [w for w in words if re.search(rf"{re.escape(w)}(?!\d)", said)]
