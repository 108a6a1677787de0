"""Changes of incident roles whose process died are made once."""

from tests.handlers.organisation.roles_state import role_of, store, writes


def test_a_role_is_created_once(ana, crash_after_work, restart, world):
    crash_after_work()
    ana.types("/io role create")
    ana.submits(name="Scribe", description="Writes it all down.")
    restart()

    made = [row for row in store(world).roles if row["name"] == "Scribe"]
    assert len(made) == 1
    assert "*Scribe* was created as an incident role" in ana.last.text


def test_a_role_is_edited_once(ana, crash_after_work, restart, world):
    crash_after_work()
    ana.types("/io role edit comms")
    ana.submits(shortform="press")
    restart()

    assert len(writes(world)) == 1
    assert role_of(world)["shortform"] == "press"
    assert "is as the form says" in ana.last.text


def test_a_role_deleted_before_the_end_is_said_to_be_deleted(
    ana,
    crash_after_work,
    restart,
    world,
):
    crash_after_work()
    ana.types("/io role delete comms")
    ana.submits(name="Communications")
    restart()

    assert len(writes(world)) == 1
    assert "*Communications* is deleted." in ana.last.text
