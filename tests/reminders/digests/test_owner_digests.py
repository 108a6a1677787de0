"""Which items a person is told of, in which order, and what is kept from whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from blocks.kit.due import Target
from blocks.kit.incidents import VEIL
from reminders.digests.owner import OwnerDigests
from reminders.engine.kinds import Message, Nothing, RenderContext
from reminders.items.targets import TARGETS
from reminders.people.away import AWAY, Away
from reminders.sources.snapshot import Owner, Snapshot
from storage.rule import Rule
from storage.slot import Slot
from tests.reminders.digests.test_select import BEN, EVE, LOW, NOW, URGENT, case, item

ANA = Owner("user-ana", "Ana", "U0ANA")
LED = replace(case(1), lead=ANA)
SECRET = replace(case(4, private=True), lead=ANA, people=frozenset(["U0ANA"]))
CASES = {c.id: c for c in (LED, case(2), SECRET)}
DAY = timedelta(days=1)


class InDays:
    """Targets as a test wants them, in days from now; an owner within two days."""

    def __init__(self, days):
        self._days = days

    def of(self, one):
        days = self._days.get(one.id)
        return None if days is None else Target(NOW + days * DAY, due=one.id == "due")

    def assign_by(self, one):
        return one.since + 2 * DAY


def sheet(snapshot, person):
    rule = Rule(id="R1", kind="owner", channel=person, created_at=NOW)
    slot = Slot(id="S1", rule_id="R1", channel=person, slot_at=NOW, key="R1@")
    return RenderContext(snapshot, rule, slot, NOW)


def composed(person, *items, days=(), away=(), cases=CASES):
    parts = {TARGETS.name: InDays(dict(days)), AWAY.name: dict(away)}
    snapshot = Snapshot(NOW, {"follow_ups": list(items)}, cases, {}, parts)
    return OwnerDigests().compose(sheet(snapshot, person))


def ids(message, name="items"):
    return [item_id for _, item_id, _ in message.shown[name]]


def words(message):
    drawn = [block.to_dict() for block in message.blocks]
    return "\n".join(b["text"]["text"] for b in drawn if "text" in b)


def test_by_target_then_priority_then_age():
    message = composed(
        "U0BEN",
        item("none"),
        item("soon", priority=LOW, days=9),
        item("soon-urgent", priority=URGENT),
        item("soon-old", priority=LOW, days=10),
        item("late"),
        item("due"),
        days={"soon": 1, "soon-urgent": 1, "soon-old": 1, "late": -3, "due": 2},
    )
    assert ids(message) == ["late", "soon-urgent", "soon-old", "soon", "due", "none"]
    assert message.text.startswith("You have 6 open follow-ups, 1 overdue")
    assert "overdue by 3 days" in words(message)
    assert "target <!date^" in words(message)
    assert "due <!date^" in words(message)


def test_one_is_said_as_one():
    message = composed("U0BEN", item("one"), days={"one": -1})
    assert message.text.splitlines() == [
        "You have 1 open follow-up, 1 overdue.",
        "One (INC-1, overdue by 1 day)",
    ]


def test_others_items_actions_and_those_of_unreadable_incidents_are_not_told():
    theirs = item("theirs", owner=EVE)
    lost = item("lost", number=99)
    assert isinstance(composed("U0BEN", theirs, lost), Nothing)


def test_who_leads_hears_what_nobody_takes_care_of_and_why():
    message = composed(
        "U0ANA",
        item("fresh", owner=None, days=1),
        item("unowned", owner=None, days=5),
        item("away", owner=BEN),
        item("left", owner=EVE),
        item("elsewhere", number=2, owner=None),
        days={"unowned": 1, "away": 2, "left": 3},
        away={"U0BEN": Away(NOW + 7 * DAY, "on holiday")},
    )
    assert ids(message, "led") == ["unowned", "away", "left"]
    assert message.text.startswith("3 follow-ups in incidents you lead need an owner.")
    said = words(message)
    assert "unassigned" in said
    assert "Ben is away until <!date^" in said
    assert "|Mon 9 Mar>" in said
    assert "Eve is not on Slack" in said


def test_who_has_both_hears_of_their_own_first():
    message = composed("U0ANA", item("own", owner=ANA), item("lost", owner=None))
    assert ids(message) == ["own"]
    assert ids(message, "led") == ["lost"]
    assert message.text.splitlines()[0] == "You have 1 open follow-up."
    assert "1 follow-up in incidents you lead needs an owner." in message.text


def test_a_private_incident_is_named_to_its_own_people_only():
    secret = item("secret", number=4)
    message = composed("U0BEN", secret)
    assert "*Secret*" in words(message)
    assert VEIL in words(message)
    assert "Incident 4" not in words(message)

    holding = {SECRET.id: replace(SECRET, people=frozenset([BEN.slack_id]))}
    assert "Incident 4" in words(composed("U0BEN", secret, cases=holding))
    away = {"U0BEN": Away(None, "paused their messages")}
    led = composed("U0ANA", secret, away=away)
    assert "Incident 4" in words(led)
    assert "Ben paused their messages" in words(led)


def test_a_message_takes_no_longer_where_others_have_much():
    class Counting(InDays):
        asked = 0

        def of(self, one):
            self.asked += 1
            return super().of(one)

    targets = Counting({})
    owners = [Owner(f"u{n}", f"Person {n}", f"U{n}") for n in range(1_000)]
    items = [item(str(n), owner=owners[n % 1_000]) for n in range(10_000)]
    parts = {TARGETS.name: targets}
    snapshot = Snapshot(NOW, {"follow_ups": items}, CASES, {}, parts)
    message = OwnerDigests().compose(sheet(snapshot, "U7"))
    assert isinstance(message, Message)
    assert len(message.shown["items"]) == 8
    assert targets.asked <= 3 * 10
