"""Changes of incident roles whose process died are made once."""

from tests.handlers.core.test_changes_recovered import forgetful
from tests.handlers.organisation.roles_state import role_of, store, writes

__all__ = ["forgetful"]


def test_a_role_is_created_once(ana, forgetful, world):
    ana.types("/io role create")
    ana.submits(name="Scribe", description="Writes it all down.")
    forgetful()

    made = [row for row in store(world).roles if row["name"] == "Scribe"]
    assert len(made) == 1
    assert "*Scribe* was created as an incident role" in ana.last.text


def test_a_role_is_edited_once(ana, forgetful, world):
    ana.types("/io role edit comms")
    ana.submits(shortform="press")
    forgetful()

    assert len(writes(world)) == 1
    assert role_of(world)["shortform"] == "press"
    assert "is as the form says" in ana.last.text


def test_a_role_deleted_before_the_end_is_said_to_be_deleted(
    ana,
    forgetful,
    world,
):
    ana.types("/io role delete comms")
    ana.submits()
    forgetful()

    assert len(writes(world)) == 1
    assert "*Communications* is deleted." in ana.last.text
