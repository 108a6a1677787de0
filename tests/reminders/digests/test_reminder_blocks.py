"""What a reminder looks like, whatever is in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from blocks.kit.outstanding import ItemOutcome, OutstandingLine
from blocks.reminders.digest import Digest, message

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
        "owner": "<@U0BEN>",
    }
    return OutstandingLine(id=item_id, title=title, **{**fields, **more})


def draw(*lines, name=None, noun="follow-up", total=None, late=0):
    shown = sum(line.is_open for line in lines)
    total = shown if total is None else total
    text, blocks, *_ = message(Digest(NOW, name, noun, total, late, lines), "S1")
    return text, [block.to_dict() for block in blocks]


def test_an_item_says_all_one_needs_to_know():
    text, (header, item, foot) = draw(line(), name="Payments", late=1)
    assert header["text"]["text"] == "Payments: 1 follow-up outstanding, 1 overdue"
    assert item["text"]["text"] == (
        "*Raise the pool size*\n"
        "<@U0BEN> · <https://app.incident.io/incidents/7|INC-7> Checkout is slow"
        " · Major · Urgent priority · 12 days old"
    )
    assert [button["value"] for button in foot["elements"]] == ["reminders"]
    assert text == (
        "Payments: 1 follow-up outstanding, 1 overdue\n"
        "Raise the pool size (<@U0BEN>, INC-7)"
    )


def test_its_one_menu_has_commands_and_its_block_says_how_to_draw_it_anew():
    _, (_, item, _) = draw(line())
    assert item["block_id"].startswith("reminder show S1#")
    menu = item["accessory"]
    assert (menu["type"], menu["action_id"]) == ("overflow", "run.more")
    assert [(o["text"]["text"], o["value"], o.get("url")) for o in menu["options"]] == [
        ("Done", "followup done 01F", None),
        ("Snooze…", "followup snooze 01F pick", None),
        ("Assign…", "followup assign 01F", None),
        ("Edit…", "followup edit 01F", None),
        ("Open in incident.io", "open", "https://app.incident.io/incidents/7"),
    ]


def test_an_action_without_a_link_has_what_it_can_have():
    bare = line(noun="action", url=None, severity=None, priority=None, since=None)
    _, (_, item, _) = draw(bare, noun="item")
    assert item["text"]["text"].endswith("\n<@U0BEN> · INC-7 Checkout is slow · action")
    assert len(item["accessory"]["options"]) == 4


def test_what_people_wrote_can_neither_mention_nor_link():
    bad = "<!channel> & <https://x|y> *b*"
    text, blocks = draw(line(title=bad, incident=bad), name=bad)
    assert "<!channel>" not in text
    shown = json.dumps([block for block in blocks if block["type"] == "section"])
    assert "<!channel>" not in shown
    assert "&lt;!channel&gt;" in shown


def test_those_that_are_not_shown_are_counted_and_their_people_not_called():
    many = [line(f"i{n}", title="x" * 5000) for n in range(8)]
    text, (header, *items, foot) = draw(*many, total=400)
    assert header["text"]["text"] == "400 follow-ups outstanding"
    assert len({item["block_id"] for item in items}) == len(items) == 8
    assert [button["value"] for button in foot["elements"]] == [
        "reminder items S1",
        "reminders",
    ]
    assert len(text) < 4000
    assert text.endswith("and 392 more")


def test_an_item_of_a_private_incident_carries_a_lock():
    _, blocks = draw(line(private=True), line("02F"))
    shown = [b["text"]["text"] for b in blocks if b["type"] == "section"]
    assert ["🔒 " in words for words in shown] == [True, False]


def test_an_item_that_was_assigned_stays_with_its_menu_and_an_undo():
    outcome = ItemOutcome("Assigned to <@U0CHI>", "followup unassign 01F", False)
    _, (header, item, _) = draw(replace(line(), became=outcome))
    assert header["text"]["text"] == "1 follow-up outstanding"
    assert item["text"]["text"].endswith("12 days old · Assigned to <@U0CHI>")
    assert [o["text"]["text"] for o in item["accessory"]["options"]] == [
        "Undo",
        "Done",
        "Snooze…",
        "Assign…",
        "Edit…",
    ]


def test_when_all_is_done_one_line_says_so_and_it_can_still_be_undone():
    done = replace(line(), became=ItemOutcome("Done", "followup reopen 01F"))
    text, (head, item) = draw(done, name="Payments")
    assert text == "Payments: nothing is outstanding any more."
    assert head["text"]["text"] == text
    assert item["accessory"]["value"] == "followup reopen 01F"
    assert draw()[0] == "Nothing is outstanding any more."
