"""Messages and forms of reminders that an earlier version made keep working.

What stands here as a literal was captured from the version before tables were renamed.
"""

import json
from datetime import UTC, datetime

import pytest

from blocks.kit.text import BLANK
from reminders.items.filters import DigestOptions
from storage.tables import SlotRow

HERE = "C0INC27"
RULE = "de229296aee6a358d849effcfb0d6bfe"
SLOT = "e6722f1883ee47639642c5ae3e820dad"
FOLLOW_UP, OWNER = "01HM672B200000000003Q6PA0T", "01HUSER00000000000000FAY00"
DIGEST = [
    {
        "type": "section",
        "block_id": "IOaS5A",
        "text": {"type": "mrkdwn", "text": "Tune the alert"},
    },
    {
        "type": "actions",
        "block_id": f"reminder show {SLOT}#1",
        "elements": [
            {
                "type": "button",
                "action_id": "run.1",
                "text": {"type": "plain_text", "text": "Done"},
                "value": f"followup done {FOLLOW_UP}",
            },
            {
                "type": "static_select",
                "action_id": "run.2",
                "placeholder": {"type": "plain_text", "text": "Snooze"},
                "options": [
                    {
                        "text": {"type": "plain_text", "text": "3 days"},
                        "value": f"followup snooze {FOLLOW_UP} 3d",
                    }
                ],
            },
            {
                "type": "users_select",
                "action_id": f"with.followup assign {FOLLOW_UP} {BLANK}",
                "placeholder": {"type": "plain_text", "text": "Reassign to"},
            },
        ],
    },
]
LIST = [
    {
        "type": "actions",
        "block_id": "reminders#1",
        "elements": [
            {
                "type": "button",
                "action_id": f"run.{number}",
                "text": {"type": "plain_text", "text": label},
                "value": f"reminder {verb} {RULE}",
            }
            for number, (label, verb) in enumerate(
                [("Pause", "pause"), ("Run now", "run"), ("Edit", "edit")], start=1
            )
        ],
    }
]


@pytest.fixture
def rule(bot):
    """The reminder that the messages are of, as the migration left it."""
    return bot.services.rules.create(
        rule_id=RULE,
        channel=HERE,
        created_by="U0ANA",
        options=DigestOptions(item_kinds=("follow_ups",)),
        recurrence="0 11 * * 1-5 Europe/Lisbon",
    )


@pytest.fixture
def post(bot):
    """Post what an earlier version had posted."""

    def post(blocks, **more):
        said = bot.services.slack.chat_postMessage(
            channel=HERE, text="Earlier", blocks=blocks, **more
        )
        return said["ts"]

    return post


@pytest.fixture
def sent(bot, rule, post):
    """A digest, and the slot that it was sent for."""
    payload = {"slot": SLOT}
    ts = post(
        DIGEST,
        metadata={"event_type": "incidentio_bot_reminder", "event_payload": payload},
    )
    at = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    with bot.database.write() as session:
        session.add(
            SlotRow(
                id=SLOT,
                rule_id=RULE,
                channel=HERE,
                slot_at=at,
                key=f"{RULE}@2026-03-09T09:00:00+00:00",
                state="sent",
                attempts=1,
                message_ts=ts,
                posted_in=HERE,
                shown={"items": [["follow_ups", FOLLOW_UP, OWNER]]},
                finished_at=at,
            )
        )
    return ts


def remember(person, memory):
    """Let the open form remember what an earlier version's did."""
    content = person.modal.view.content
    now = json.loads(content["private_metadata"])
    kept = {name: value for name, value in now.items() if name.startswith("_")}
    content["private_metadata"] = json.dumps({**memory, **kept})


def test_an_item_of_a_digest_is_worked_off_where_it_stands(ana, world, sent):
    ana.presses("Done")
    known = world.incidentio.store.follow_ups
    (item,) = (one for one in known if one.id == FOLLOW_UP)
    assert item.status == "completed"
    (drawn,) = (message for message in ana.sees(HERE) if message.ts == sent)
    assert drawn.edited
    assert "Undo" in drawn.buttons


def test_its_menus_work_too(ana, bot, world, sent):
    digest = next(message for message in ana.sees(HERE) if message.ts == sent)
    first = digest.blocks
    ana.chooses("Snooze", "3 days", message=digest)
    assert bot.services.snoozes.get("follow_ups", FOLLOW_UP)
    assert "Snoozed until" in digest.words
    digest.blocks = first
    ana.chooses("Reassign to", "chi", message=digest)
    known = world.incidentio.store.follow_ups
    (item,) = (one for one in known if one.id == FOLLOW_UP)
    assert item.assignee_id == "01HUSER00000000000000CHI00"
    assert "Reassigned to <@U0CHI>" in digest.words


def test_the_buttons_of_a_list_of_reminders_work(ana, bot, rule, post):
    post(LIST)
    ana.presses("Pause")
    assert bot.services.rules.get(RULE).state == "paused"


def test_an_open_form_changes_the_reminder(ana, bot, rule, post):
    post(LIST)
    ana.presses("Edit")
    remember(ana, {"id": RULE, "notices": []})
    ana.presses("More")
    ana.submits(age="3")
    assert bot.services.rules.get(RULE).options["min_age_days"] == 3


def test_a_ladder_that_was_previewed_is_turned_on(ana, bot):
    ana.types("/io ladder edit", channel=HERE)
    ana.submits()
    none = {"id": None, "name": None}
    steps = [{"to": "owner", "days": 0, **none}, {"to": "lead", "days": 3, **none}]
    remember(ana, {"scope": "here", "steps": steps, "teams": []})
    ana.submits()
    assert bot.services.rules.get(f"ladder-{HERE}").options == {
        "steps": [{"to": "owner", "days": 0}, {"to": "lead", "days": 3}]
    }
