"""Paging others in place of those who were paged."""

from tests.handlers.pages import buttons, card, made, notified, page


def test_others_are_paged_and_both_cards_say_so(ana, ben, world):
    page(ana)
    ben.presses("Reassign", message=card(ben))
    assert "Paged so far: <@U0HANA>" in ben.modal.words
    assert "can be reassigned once" in ben.modal.words
    ben.fills(path="Management")
    assert "*This pages <@U0ANA> and <@U0BEN> now*" in ben.modal.words
    ben.submits(why="Not theirs")

    old, new = made(world)
    assert (old.status, new.status) == ("resolved", "triggered")
    assert new.description == "Not theirs"
    assert notified(new) == ["Ana Ferreira", "Ben Okafor"]
    shown = [m for m in ana.sees("incidents") if "Paged so far" in m.words]
    assert "*☑️ Resolved* by <@U0BEN> through the bot" in shown[0].words
    assert buttons(shown[0]) == []
    assert "Paged by: <@U0BEN>" in shown[1].words
    said = "now pages <@U0ANA> and <@U0BEN> (was <@U0HANA>), by <@U0BEN>"
    assert said in ben.last.text


def test_it_works_once(ana, ben, world):
    page(ana)
    ana.types(f"/io escalation reassign {made(world)[0].id}")
    ben.types(f"/io escalation reassign {made(world)[0].id}")
    ana.submits(people=["ana"])
    ben.submits(people=["ben"])
    assert "Resolved" in ben.modal.words
    assert "Nothing was changed" in ben.modal.words
    assert len(made(world)) == 2


def test_a_refusal_of_incident_io_is_quoted(ana, world):
    page(ana)
    ana.types(f"/io escalation reassign {made(world)[0].id}")
    made(world)[0].reassigned_to = "01HQSOMEWHERE"
    ana.submits(people=["ben"])
    assert "“This escalation has already been reassigned”" in ana.modal.words
    assert len(made(world)) == 1


def test_a_path_or_people_but_not_both(ana, world):
    page(ana)
    ana.types(f"/io escalation reassign {made(world)[0].id}")
    ana.fills(path="Management", people=["ben"])
    ana.submits()
    assert "not both" in ana.modal.errors["people"]
    assert len(made(world)) == 1


def test_a_process_that_dies_after_it_does_not_reassign_again(
    ana, world, crash_after_work, restart
):
    page(ana)
    ana.types(f"/io escalation reassign {made(world)[0].id}")
    crash_after_work()
    ana.submits(people=["ben"])
    restart()

    assert len(made(world)) == 2
    assert "now pages <@U0BEN>" in ana.last.text
