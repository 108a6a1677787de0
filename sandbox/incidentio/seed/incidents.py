"""Forty incidents over the past four months, made from the stories."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from sandbox.company import incident_channel
from sandbox.incidentio.http.views import show_user
from sandbox.incidentio.incidents.draft import SLACK_TEAM, channel_name
from sandbox.incidentio.seed.configuration import CONFIGURED, id_by_name
from sandbox.incidentio.seed.stories import STORIES, Story
from sandbox.incidentio.state.ids import seeded_id
from sandbox.incidentio.state.records import Debrief, Incident, Update

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.incidentio.state.store import Store

_DAYS = 130
_AFTERWARDS = {"learning", "closed"}
_DROPPED = {"declined": "Declined at", "merged": "Merged at", "canceled": "Canceled at"}


def incidents(store: Store) -> Iterator[Incident]:
    for number, story in enumerate(STORIES, 1):
        row = _incident(store, number, story)
        _tell(store, row, story)
        yield row


def _incident(store: Store, number: int, story: Story) -> Incident:
    dice = Random(number)
    reported = _reported(store.now(), number)
    responders = [user["id"] for user in store.users if user["is_active"]]
    lead, comms, reporter, observer = dice.sample(responders, 4)
    row = Incident(
        id=seeded_id(1, CONFIGURED, number),
        number=number,
        name=story.name,
        summary=story.summary,
        visibility="private" if story.private else "public",
        mode=story.mode,
        status_id=id_by_name(store.statuses, story.status),
        severity_id=story.severity and id_by_name(store.severities, story.severity),
        type_id=id_by_name(store.types, story.type),
        creator={"user": show_user(store.users.resolve(reporter))},
        created_at=reported,
        updated_at=reported,
        last_activity_at=reported,
        channel_id=incident_channel(number),
        channel_name=channel_name(number, story.name),
        team_id=SLACK_TEAM,
        fields=_fields(store, story, dice),
        roles={id_by_name(store.roles, "Reporter"): reporter},
        members={reporter: "collaborator", observer: "observer"},
    )
    if story.severity is not None:
        row.roles[id_by_name(store.roles, "Incident Lead")] = lead
        row.members[lead] = "responder"
    if story.severity == "Critical":
        row.roles[id_by_name(store.roles, "Communications")] = comms
        row.members[comms] = "responder"
        row.call_url = f"https://meet.example.com/inc-{number}"
    return row


def _reported(now: datetime, number: int) -> datetime:
    """Return when an incident was reported: denser towards now."""
    back = (len(STORIES) - number) / (len(STORIES) - 1)
    ago = timedelta(days=_DAYS * back**1.8, minutes=41 + 7 * number % 60)
    return (now - ago).replace(microsecond=0)


def _fields(
    store: Store, story: Story, dice: Random
) -> dict[str, list[dict[str, str]]]:
    ids = {field["name"]: field["id"] for field in store.custom_fields}
    options = {option["value"]: option["id"] for option in store.options}
    regions = dice.sample(
        ["Europe", "North America", "Asia Pacific"], dice.randint(1, 2)
    )
    found = {
        ids["Affected service"]: [{"value_option_id": options[story.service]}],
        ids["Regions"]: [{"value_option_id": options[region]} for region in regions],
    }
    if story.severity in {"Major", "Critical"}:
        affected = str(dice.randint(20, 4000))
        found[ids["Customers affected"]] = [{"value_numeric": affected}]
        impact = f"{story.service} is not usable for some."
        found[ids["Customer impact"]] = [{"value_text": impact}]
    if story.severity == "Critical" and not story.private:
        link = "https://status.acme.example/notices/" + affected
        found[ids["Status page"]] = [{"value_link": link}]
    return found


def _tell(store: Store, row: Incident, story: Story) -> None:
    """Add the timestamps, the updates and the workload of a story."""
    dice = Random(row.number * 1000)
    ids = {row["name"]: row["id"] for row in store.timestamps}
    category = store.category(row)
    for name, moment in _course(row.created_at, category, dice):
        if moment <= store.now():
            row.timestamps[ids[name]] = moment
            row.updated_at = max(row.updated_at, moment)
    row.last_activity_at = row.updated_at
    _update(store, row, row.created_at, None, story)
    if row.updated_at > row.created_at:
        message = f"{row.name}: now {story.status.lower()}."
        _update(store, row, row.updated_at, message, story)
    if category in _AFTERWARDS:
        row.workload = (dice.randint(30, 400), dice.randint(0, 90), 0.0)
        row.debriefs = _debriefs(row, story)
        row.postmortem_url = f"https://docs.acme.example/post-mortems/{row.number}"


def _debriefs(row: Incident, story: Story) -> list[Debrief]:
    """Plan an hour for a critical incident, two days after it was resolved."""
    if story.severity != "Critical":
        return []
    day = max(row.timestamps.values()) + timedelta(days=2)
    start = day.replace(hour=14, minute=0, second=0)
    id_ = seeded_id(6, CONFIGURED, row.number)
    return [Debrief(id=id_, start_at=start, end_at=start + timedelta(hours=1))]


def _course(start: datetime, category: str, dice: Random) -> list[tuple[str, datetime]]:
    course = [("Reported at", start)]
    if category in _DROPPED:
        return [*course, (_DROPPED[category], start + timedelta(minutes=25))]
    if category == "triage":
        return course
    hours = dice.uniform(1, 9)
    course.append(("Impact started at", start - timedelta(minutes=dice.randint(2, 30))))
    course.append(("Accepted at", start + timedelta(minutes=dice.randint(1, 9))))
    course.append(("Identified at", start + timedelta(hours=hours / 3)))
    if category in _AFTERWARDS:
        course.append(("Fixed at", start + timedelta(hours=hours * 0.8)))
        course.append(("Resolved at", start + timedelta(hours=hours)))
    if category == "closed":
        course.append(("Closed at", start + timedelta(hours=hours + 20)))
    return [(name, moment.replace(microsecond=0)) for name, moment in course]


def _update(
    store: Store, row: Incident, moment: datetime, message: str | None, story: Story
) -> None:
    serial = len(store.updates)
    first = message is None and story.status != "Triage"
    opening = "Investigating" if first else story.status
    update = Update(
        id=seeded_id(2, CONFIGURED, serial),
        incident_id=row.id,
        status_id=id_by_name(store.statuses, opening),
        severity_id=row.severity_id,
        updater=row.creator,
        created_at=moment,
        message=message,
    )
    store.updates.add(update.id, update)
