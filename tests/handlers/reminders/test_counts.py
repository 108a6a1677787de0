"""A digest is right after everything that is done about its items, wherever it is."""

from datetime import date

import pytest

from reminders.items.filters import DigestOptions

pytestmark = pytest.mark.usefixtures("over")

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HERE, MENU = "C0INC27", "run.more"
BEN = "01HUSER00000000000000BEN00"


@pytest.fixture
def items(world, clock):
    """INC-27's follow-ups: three new ones of Ben's that are outstanding."""
    store = world.incidentio.store
    found = list(store.follow_ups.after(group=store.incident("27").id, newest=False))
    for item in found:
        item.status = "completed"
    three = found[:3]
    for item, title in zip(three, ("Fix it", "Test it", "Write it down"), strict=True):
        item.title, item.status, item.assignee_id = title, "outstanding", BEN
        item.created_at = clock()
    return three


@pytest.fixture
def remind(bot, world, clock, person):
    """Send a reminder of INC-27 in its channel and return the message."""

    def send(**options):
        incident = world.incidentio.store.incident("27")
        wanted = {"item_kinds": ["follow_ups"], "incident_id": incident.id, **options}
        bot.services.rules.create(
            channel=HERE,
            created_by="U0ANA",
            options=DigestOptions(**wanted),
            recurrence="0 11 * * * UTC",
        )
        clock.advance(hours=1)
        bot.reminders.tick()
        return person("ana").sees(HERE)[-1]

    return send


@pytest.fixture
def hooks(world, bot, _front):
    """The bot is told of changes by webhooks."""
    url = _front.url.replace("/slack/events", "/incidentio/webhooks")
    world.incidentio.webhooks.send_to(url, SECRET)


def counted(message):
    """The first line that the message shows."""
    return message.words.partition("\n")[0]


THREE, TWO = "3 follow-ups outstanding", "2 follow-ups outstanding"


def test_it_is_right_after_every_choice_in_its_menu(ana, items, remind):
    message = remind()
    assert counted(message) == THREE

    ana.chooses(MENU, "Done", message=message)
    assert counted(message) == TWO
    ana.presses("Undo", message=message)
    assert counted(message) == THREE

    ana.chooses(MENU, "Snooze…", message=message)
    ana.submits(until=date(2026, 3, 20))
    assert counted(message) == TWO
    ana.presses("Undo", message=message)
    assert counted(message) == THREE

    ana.chooses(MENU, "Assign…", message=message)
    ana.submits(assignee="chi")
    assert counted(message) == THREE
    assert "~" not in message.words
    ana.chooses(MENU, "Undo", message=message)
    assert items[0].assignee_id == BEN

    ana.chooses(MENU, "Edit…", message=message)
    ana.submits(status="Done", title="Mend it")
    assert counted(message) == TWO
    assert "~Mend it~" in message.words


def test_it_is_right_after_a_command_of_somebody_else(ana, ben, items, remind):
    message = remind()
    for line, said in (
        ("done", TWO),
        ("reopen", THREE),
        ("snooze {} 3d", TWO),
        ("snooze {} off", THREE),
        ("delete", TWO),
    ):
        verb, _, rest = line.partition(" {}")
        ben.types(f"/io followup {verb} {items[0].id}{rest}", channel="general")
        assert counted(message) == said, line
        assert message.edited


def test_it_is_right_after_a_press_in_the_whole_list(ana, world, items, remind):
    store = world.incidentio.store
    incident = store.incident("27")
    rest = [f for f in store.follow_ups if f.incident_id != incident.id][:9]
    for item in rest:
        item.incident_id, item.status = incident.id, "outstanding"
    message = remind()
    assert counted(message).startswith("12 follow-ups outstanding")
    assert message.words.count("Snooze…") == 8

    ana.presses("Show all", message=message)
    shown = ana.last
    assert shown.ephemeral_to == "U0ANA"
    assert shown.words.count("Snooze…") == 12
    ana.chooses(MENU, "Done", message=shown)
    assert "11 items outstanding" in shown.words
    assert counted(message).startswith("11 follow-ups outstanding")


def test_one_that_no_longer_fits_the_filters_says_so(ana, items, remind):
    message = remind(owner_ids=[BEN])
    ana.chooses(MENU, "Assign…", message=message)
    ana.submits(assignee="chi")
    assert counted(message) == TWO
    assert "Reassigned to <@U0CHI> by <@U0ANA>" in message.words


def test_one_that_was_edited_out_of_it_says_so(ana, items, remind):
    for item in items:
        item.labels = ["security"]
    message = remind(labels=["security"])
    ana.chooses(MENU, "Edit…", message=message)
    ana.submits(labels="")
    assert counted(message) == TWO
    assert "No longer matches this reminder" in message.words


@pytest.mark.settings(incidentio_webhook_secret=SECRET)
def test_it_is_right_after_a_change_in_incident_io(bot, items, remind, world, hooks):
    message = remind()
    items[0].status, items[0].updated_at = "completed", world.incidentio.store.now()
    kind = "public_incident.follow_up_updated_v2"
    world.incidentio.webhooks.send(kind, {"id": items[0].id})
    assert bot.wait_idle()
    assert counted(message) == TWO


def test_what_is_emptied_says_so_in_one_line(ana, items, remind):
    message = remind()
    for _ in items:
        ana.chooses(MENU, "Done", message=message)
    assert counted(message) == "Nothing is outstanding any more."
    assert message.buttons == ["Undo"] * 3


def test_other_peoples_digests_follow(ben, bot, items, remind):
    """Ben's own digest is right after somebody has finished an item in a channel."""
    bot.services.rules.create(
        kind="owner",
        channel="U0BEN",
        created_by="U0BEN",
        options=DigestOptions(item_kinds=["follow_ups"]),
        recurrence="0 11 * * * UTC",
    )
    message = remind()
    own = ben.dm[-1]
    before = int(counted(own).split()[2])
    ben.chooses(MENU, "Done", message=message)
    assert counted(own).startswith(f"You have {before - 1} open follow-up")


def test_slack_in_trouble_changes_nothing_about_what_is_done(
    ana, ben, items, remind, world
):
    message = remind()
    world.slack.fail("chat.update", error="internal_error", times=1)
    ben.types(f"/io followup done {items[0].id}", channel="general")
    assert items[0].status == "completed"
    assert counted(message) == THREE
    ana.chooses(MENU, "Done", message=message, nth=1)
    assert counted(message).startswith("1 follow-up outstanding")


def test_the_whole_list_has_what_its_reader_may_see(
    ana, person, bot, world, clock, items
):
    store = world.incidentio.store
    incident = store.incident("36")
    eve = person("eve")
    assert "01HUSER00000000000000EVE00" in incident.members
    for item in store.follow_ups:
        item.status = "outstanding"
    items[0].incident_id, items[0].title = incident.id, "Rotate the token"
    bot.services.rules.create(
        channel="C0INCIDENTS",
        created_by="U0ANA",
        options=DigestOptions(item_kinds=["follow_ups"]),
        recurrence="0 11 * * * UTC",
    )
    clock.advance(hours=1)
    bot.reminders.tick()
    message = ana.sees("C0INCIDENTS")[-1]
    assert "Rotate the token" not in message.words

    numbers = []
    for reader in (ana, eve):
        reader.presses("Show all", message=message)
        numbers.append(int(reader.last.text.split()[0]))
        reader.types(f"/io followup show {items[0].id}", channel="incidents")
        sees = "Rotate the token" in reader.last.words
        numbers.append(sees)
    assert numbers == [numbers[0], False, numbers[0] + 1, True]


def test_the_link_in_a_menu_only_opens_the_page(ana, items, remind):
    message = remind()
    before = len(ana.sees())
    ana.chooses(MENU, "Open in incident.io", message=message)
    assert len(ana.sees()) == before
    assert not message.edited
