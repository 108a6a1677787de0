"""What a reminder looks like, whatever is in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from blocks.kit.outstanding import OutstandingLine
from blocks.reminders.digest import Digest, OwnerGroup, message

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def line(item_id="01F", title="Raise the pool size", **more):
    fields = {
        "noun": "followup",
        "since": NOW - timedelta(days=12),
        "reference": "INC-7",
        "incident": "Checkout is slow",
        "url": "https://app.incident.io/incidents/7",
        "severity": "Major",
        "priority": "Urgent",
    }
    return OutstandingLine(id=item_id, title=title, **{**fields, **more})


def group(*lines, slack_id="U0BEN", name="Ben", total=None):
    return OwnerGroup(name, slack_id, total or len(lines), lines)


def draw(*groups, **more):
    text, blocks, *_ = message(
        Digest(NOW, more.pop("name", None), groups, **more), "S1"
    )
    return text, [block.to_dict() for block in blocks]


def test_an_item_says_all_one_needs_to_know():
    text, (header, owner, item, _) = draw(group(line()), name="Payments")
    assert header["text"]["text"] == "Payments: 1 item outstanding"
    assert owner["text"]["text"] == "*<@U0BEN>* · 1 item"
    assert item["text"]["text"] == (
        "*Raise the pool size*\n"
        "<https://app.incident.io/incidents/7|INC-7> Checkout is slow"
        " · Major · Urgent priority · 12 days old"
    )
    assert text == (
        "Payments: 1 item outstanding.\n<@U0BEN>: Raise the pool size (INC-7)"
    )


def test_its_buttons_are_commands_and_its_block_says_how_to_draw_it_anew():
    _, blocks = draw(group(line()))
    actions = blocks[-1]
    assert actions["block_id"].startswith("reminder show S1#")
    done, snooze, assign, link = actions["elements"]
    assert (done["action_id"], done["value"]) == ("run.1", "followup done 01F")
    assert (assign["action_id"], assign["value"]) == ("run.3", "followup assign 01F")
    assert snooze["action_id"] == "run.2"
    assert [option["value"] for option in snooze["options"]] == [
        "followup snooze 01F 1d",
        "followup snooze 01F 3d",
        "followup snooze 01F 1w",
        "followup snooze 01F pick",
    ]
    assert (link["action_id"], link["url"]) == (
        "open",
        "https://app.incident.io/incidents/7",
    )


def test_an_action_without_a_link_has_what_it_can_have():
    _, blocks = draw(
        group(line(noun="action", url=None, severity=None, priority=None, since=None))
    )
    assert blocks[2]["text"]["text"].endswith("\nINC-7 Checkout is slow · action")
    assert len(blocks[3]["elements"]) == 3


def test_what_people_wrote_can_neither_mention_nor_link():
    bad = "<!channel> & <https://x|y> *b*"
    text, blocks = draw(
        group(line(title=bad, incident=bad), slack_id=None, name=bad), name=bad
    )
    assert "<!channel>" not in text
    shown = json.dumps([block for block in blocks if block["type"] == "section"])
    assert "<!channel>" not in shown
    assert "&lt;!channel&gt;" in shown


def test_a_long_digest_fits_a_message_and_forgets_nobody():
    many = [line(f"i{n}", title="x" * 5000) for n in range(25)]
    text, blocks = draw(
        group(*many, total=400),
        group(line(), slack_id="U0EVE"),
        group(line(), slack_id=None, name=None),
    )
    assert len(blocks) <= 50
    assert len({b["block_id"] for b in blocks if b["type"] == "actions"}) > 20
    assert blocks[-1]["text"]["text"] == (
        "and 379 more: <@U0BEN> 377, <@U0EVE> 1, Unassigned 1"
    )
    assert len(text) < 4000
    assert "and 395 more" in text
    assert all(len(b["text"]["text"]) <= 3000 for b in blocks if b["type"] == "section")


def test_very_many_owners_fit_too():
    groups = [group(line(title="y" * 500), slack_id=f"U{n}") for n in range(500)]
    text, blocks = draw(*groups)
    assert len(blocks) <= 50
    assert blocks[-1]["text"]["text"].endswith(", others")
    assert text.endswith("and more")


def test_an_item_of_a_private_incident_carries_a_lock():
    _, blocks = draw(group(line(private=True), line("02F")))
    shown = [b["text"]["text"] for b in blocks if b["type"] == "section"]
    assert ["🔒 " in words for words in shown] == [False, True, False]


def test_when_all_is_done_it_says_so():
    text, blocks = draw()
    assert text == "Nothing is outstanding here any more."
    assert len(blocks) == 1


def test_mentions_stand_once_for_each_owner():
    _, blocks = draw(group(line(), line("02F")), group(line(), slack_id="U0EVE"))
    shown = json.dumps(blocks)
    assert shown.count("<@U0BEN>") == shown.count("<@U0EVE>") == 1
