"""Whatever changes something is in the journal, with who, where, on what and how.

A command or a form that is not among ``ACTS`` yet fails here: act it out too.
"""

from datetime import time, timedelta

import pytest

from handlers import ROUTER
from sandbox.company import PEOPLE
from storage.tables import CoverRequestRow
from tests.fixtures import START

HERE = "C0INC39"
ANA = PEOPLE[0].incidentio_id


class Actor:
    """Ana, in an incident's channel, with an action and much else at hand."""

    def __init__(self, ana, world):
        self._ana = ana
        store = self._store = world.incidentio.store
        self._ids = {"action": self._open(store.actions), "followup": None}
        self._ids["followup"] = self._open(store.follow_ups)
        self._ids["override"] = next(iter(store.overrides)).id
        first = next(w for w in store.workflows if w["state"] == "active")
        self._ids["workflow"] = first["id"]

    def _open(self, rows):
        """Return an item that she may see and nobody has dealt with."""
        seen = {i.id for i in self._store.incidents if i.visibility == "public"}
        left = (row for row in rows if row.status == "outstanding")
        return next(row.id for row in left if row.incident_id in seen)

    def types(self, line, **filled):
        """Type a line, its last word for the item; then submit the form, if any.

        What is asked once more before it is done is submitted once more.
        """
        noun = line.partition(" ")[0]
        self._ana.types(f"/io {line.format(self._ids.get(noun))}", channel=HERE)
        if filled or self._ana.modal:
            self._fill(filled)
            assert self._ana.submits().errors == {}
        if self._ana.modal:
            assert self._ana.submits().errors == {}

    def _fill(self, filled):
        """Fill in a form, all of it if that takes more fields than it opens with."""
        more = "More" in self._ana.modal.buttons
        if more and not {*filled} <= {*self._ana.modal.fields}:
            self._ana.presses("More")
        self._ana.fills(**filled)

    def paged(self, line, **filled):
        """Do something about a page that reached Ana."""
        self.types("page <@U0ANA> Wake up")
        newest = max(self._store.escalations, key=lambda row: row.id)
        self._ids["escalation"] = newest.id
        self.types(f"{line} {{}}", **filled)

    def rewrites(self, line, old, new):
        """Change a word of what stands in a form as JSON."""
        self._ana.types(f"/io {line}", channel=HERE)
        box = self._ana.modal.fields["json_1"].value
        self._ana.submits(json_1=box.replace(old, new))
        if self._ana.modal:
            assert self._ana.submits().errors == {}

    def reminded(self, line, **filled):
        self.types("remind", name="Mornings")
        self._ana.types(f"/io {line}", channel=HERE)
        self._ana.chooses("pick", "Mornings")
        if filled:
            self._fill(filled)
            self._ana.submits()


def item(noun):
    """How each verb of an item is acted out, and whether it replaces something."""
    return {
        f"{noun} done": (True, f"{noun} done {{}}", {}),
        f"{noun} reopen": (False, f"{noun} reopen {{}}", {}),
        f"{noun} unassign": (True, f"{noun} unassign {{}}", {}),
        f"{noun} assign": (True, f"{noun} assign {{}} gus", {}),
        f"{noun} snooze": (True, f"{noun} snooze {{}} 1d", {}),
        f"{noun}.new": (True, f"{noun} new", {"title": "Look"}),
        f"{noun}.assign": (True, f"{noun} assign {{}}", {"assignee": "ben"}),
        f"{noun}.snooze": (True, f"{noun} snooze {{}} pick", {"until": "2026-03-20"}),
        f"{noun}.edit": (True, f"{noun} edit {{}}", {"title": "Look again"}),
        f"{noun} delete": (True, f"{noun} delete {{}}", {}),
    }


ACTS = {
    **item("action"),
    **item("followup"),
    "action drop": (True, "action drop {}", {}),
    "followup drop": (True, "followup drop {} Too late", {}),
    "followup.drop": (True, "followup drop {}", {"reason": "Too late"}),
    "declare": (True, "declare", {"name": "Smoke", "severity": "Low"}),
    "incident.edit": (True, "incident edit", {"name": "Fire"}),
    "incident.property": (True, "rename", {"name": "Smoke"}),
    "incident lead": (True, "lead <@U0BEN>", {}),
    "incident role": (True, "role comms <@U0BEN>", {}),
    "incident rename": (True, "rename Ashes", {}),
    "incident card": (True, "card", {}),
    "incident summary": (True, "set summary It burns", {}),
    "cover": (True, "cover Platform 1h", {}),
    "cover.ask": (True, "cover Platform", {"start_at": START + timedelta(hours=1)}),
    "override": (True, "override Payments", {"user": "gus"}),
    "severity": (True, "severity minor", {}),
    "status": (True, "status monitoring", {}),
    "update": (True, "update Half of it is back", {"severity": "Minor"}),
    "timeline.add": (True, "timeline add", {"title": "Deploy"}),
    "update:": (True, "update: Half of it is back", {}),
    "cadence later": (True, "cadence later INC-39 1h", {}),
    "cadence off": (True, "cadence off", {}),
    "cadence on": (True, "cadence on", {}),
    "cadence nochange": (True, "cadence nochange", {}),
    "nudge snooze": (True, "nudge snooze no_lead INC-39 1h", {}),
    "nudge off": (True, "nudge off inactive", {}),
    "nudge on": (True, "nudge on no_summary", {}),
    "reminder.new": (True, "remind", {"name": "Mornings"}),
    "ladder.edit": (True, "ladder edit organisation", {"owner_days": "1"}),
    "summary": (True, "summary mon 9:30", {}),
    "handover.set": (True, "handover payments", {}),
    "override delete": (True, "override delete {}", {}),
    "page": (True, "page <@U0BEN> Come", {}),
    "schedule.create": (
        True,
        "schedule create",
        {"name": "Nights", "rotation_name": "Owls", "users": ["jo"]},
    ),
    "schedule.edit": (True, "schedule edit payments", {"name": "Money"}),
    "schedule.delete": (True, "schedule delete nights", {"name": "Nights"}),
    "path.create": (
        True,
        "path create",
        {"name": "Storage", "people:L1": ["ben"]},
    ),
    "path.edit": (True, "path edit payments", {"name": "Money"}),
    "path.delete": (True, "path delete storage", {"name": "Storage"}),
    "field.create": (True, "field create", {"name": "Data centre"}),
    "field.edit": (True, "field edit data centre", {"name": "Site"}),
    "field.delete": (True, "field delete site", {"name": "Site"}),
    "option add": (True, "option add regions Moon", {}),
    "option.add": (True, "option add regions", {"options": "Mars"}),
    "option.edit": (True, "option edit regions europe", {"value": "EU"}),
    "option.delete": (True, "option delete regions moon", {"name": "Moon"}),
    "role.create": (True, "role create", {"name": "Scribe", "description": "Writes"}),
    "role.edit": (True, "role edit comms", {"shortform": "press"}),
    "role.delete": (True, "role delete scribe", {"name": "Scribe"}),
    "workflow disable": (True, "workflow disable {}", {}),
    "workflow enable": (True, "workflow enable Remind to update the status page", {}),
    "workflow.edit": (True, "workflow edit {}", {"name": "Renamed"}),
    "prefs": (True, "prefs", {"digest_at": time(8)}),
    "prefs unmute": (False, "prefs unmute", {}),
    "prefs mute": (True, "prefs mute", {}),
    "prefs resume": (False, "prefs resume", {}),
    "prefs pause": (True, "prefs pause 3d", {}),
}
"""Whether something is replaced, what is typed and filled in: one after the other."""

PAGED = {
    "escalation ack": {},
    "escalation snooze": {},
    "escalation cancel": {},
    "escalation.reassign": {"people": ["gus"]},
}
REMINDED = {
    "reminder pause": (True, {}),
    "reminder resume": (True, {}),
    "reminder run": (False, {}),
    "reminder delete": (True, {}),
    "reminder.edit": (True, {"name": "Evenings"}),
}


COVERED = {
    "cover.take": ("part", {"end_at": START + timedelta(minutes=30)}),
    "cover take": ("take", {}),
    "cover decline": ("decline", {}),
}
"""What a colleague does about a request for cover."""


def test_nothing_that_changes_something_is_left_out():
    writing = {c.phrase for c in ROUTER.commands.values() if c.flags.writes}

    assert {*writing, *ROUTER.submissions} == {
        *ACTS,
        *REMINDED,
        *PAGED,
        *AS_JSON,
        *COVERED,
        "cover withdraw",
        "cover again",
        "workflow.delete",
        "ladder off",
        "summary.new",
        "summary.edit",
        "timeline.edit",
        "handover off",
    }


AS_JSON = {
    "schedule.json": ("On call", "Watch"),
    "path.json": ("Payments", "Money"),
}
"""The word that is replaced, and by which."""


def test_a_ladder_that_is_turned_off_is_noted(ana, world, bot):
    actor = Actor(ana, world)
    actor.types("ladder edit organisation", owner_days="1")
    actor.types("ladder off organisation")

    noted(bot, "ladder off", changes=True)


def noted(bot, operation, *, changes):
    found = bot.services.audit.search()
    entry = next(e for e in found if e.operation == operation)
    assert (entry.actor, entry.account, entry.channel) == ("U0ANA", ANA, HERE)
    assert entry.state == "done", entry.outcome
    assert entry.target
    assert bool(entry.changes) is changes


@pytest.mark.settings(incident_cards=True)
def test_what_is_changed_is_noted(ana, world, bot, subtests):
    for operation, (changes, line, filled) in ACTS.items():
        with subtests.test(operation):
            Actor(ana, world).types(line, **filled)

            noted(bot, operation, changes=changes)


@pytest.mark.parametrize("operation", REMINDED)
def test_what_is_changed_of_a_reminder_is_noted(ana, world, bot, operation):
    changes, filled = REMINDED[operation]
    line = operation.replace(".", " ")
    Actor(ana, world).reminded(line, **filled)

    noted(bot, operation, changes=changes)


def test_what_is_done_about_a_page_is_noted(ana, world, bot, subtests):
    for operation, filled in PAGED.items():
        with subtests.test(operation):
            Actor(ana, world).paged(operation.replace(".", " "), **filled)

            noted(bot, operation, changes=True)


def test_what_is_changed_as_json_is_noted(ana, world, bot, subtests):
    for operation, words in AS_JSON.items():
        with subtests.test(operation):
            line = f"{operation.replace('.', ' ')} payments"
            Actor(ana, world).rewrites(line, *words)

            noted(bot, operation, changes=True)


def test_a_workflow_that_is_deleted_is_noted(ana, world, bot):
    name = next(w["name"] for w in world.incidentio.store.workflows)
    Actor(ana, world).types(f"workflow delete {name}", name=name)

    noted(bot, "workflow.delete", changes=True)


def test_a_summary_that_is_set_and_changed_in_a_form_is_noted(ana, world, bot):
    for operation, name in {"summary.new": "Weekly", "summary.edit": "Monday"}.items():
        Actor(ana, world).types("summary", name=name)

        noted(bot, operation, changes=True)


def test_a_timeline_entry_that_is_changed_is_noted(ana, world, bot):
    actor = Actor(ana, world)
    actor.types("timeline add", title="Deploy")
    ana.types("/io timeline", channel=HERE)
    ana.presses("Edit")
    ana.submits(title="Rollback")

    noted(bot, "timeline.edit", changes=True)


def test_what_a_channel_is_told_no_more_is_noted(ana, world, bot):
    Actor(ana, world).types("handover payments")
    ana.types("/io handover off payments", channel=HERE)

    noted(bot, "handover off", changes=True)


@pytest.mark.parametrize("operation", ["severity", "status"])
def test_so_is_what_a_form_changes(ana, world, bot, operation):
    filled = {"severity": "Minor"} if operation == "severity" else {}
    Actor(ana, world).types(operation, **(filled or {"status": "Monitoring"}))

    noted(bot, operation, changes=True)


def test_what_is_not_known_to_have_been_done_is_noted_too(ana, world, bot):
    world.incidentio.fail("POST", "/v2/incidents/*/actions/edit", status=503)
    ana.types("/io incident edit", channel=HERE)
    ana.submits(name="Fire")

    (entry,) = bot.services.audit.search()
    assert entry.state == "unknown"
    assert entry.target.startswith("incident INC-39 ")
    assert entry.changes["Name"][1] == "“Fire”"


def request_of(bot):
    (request,) = bot.services.covers.all().values()
    return request


@pytest.mark.parametrize("operation", COVERED)
def test_what_is_answered_to_a_request_for_cover_is_noted(
    ana, person, world, bot, operation
):
    person("hana").types("/io cover Payments 1h", channel=HERE)
    request = request_of(bot)
    people = dict(request.people)
    with bot.database.write() as session:
        row = session.get(CoverRequestRow, request.id)
        row.people = {**people, "U0ANA": {"user_id": ANA, "busy": []}}
    verb, filled = COVERED[operation]
    Actor(ana, world).types(f"cover {verb} {request.id}", **filled)

    noted(bot, operation, changes=True)


@pytest.mark.parametrize("verb", ["withdraw", "again"])
def test_what_becomes_of_ones_own_request_for_cover_is_noted(ana, world, bot, verb):
    actor = Actor(ana, world)
    actor.types("cover Platform 1h")
    actor.types(f"cover {verb} {request_of(bot).id}")

    noted(bot, f"cover {verb}", changes=True)
