"""Whose account in incident.io is whose in Slack: one answer, everywhere."""

import pytest

from reminders.items.filters import DigestOptions
from reminders.sources.audience import NOBODY
from sandbox.company import PEOPLE

BEN = next(p for p in PEOPLE if p.handle == "ben")
LEFTOVER = "01HUSER00000000000000BEN01"
"""Sorts after Ben's own: it is the newer account."""


@pytest.fixture
def account(world):
    """Ben's account."""
    return world.incidentio.store.users.get(BEN.incidentio_id)


@pytest.fixture
def another(world, account):
    """Add an account like Ben's, with some differences."""

    def add(**differences):
        row = {**account, "id": LEFTOVER, "name": "Ben Okafor (old)", **differences}
        return world.incidentio.store.users.add(LEFTOVER, row)

    return add


@pytest.fixture
def unlinked(account):
    """Only Ben's address says that the account is his."""
    del account["slack_user_id"]
    return account


@pytest.fixture
def owned(world):
    """A follow-up of Ben's in a public incident, and one in a private incident."""
    store = world.incidentio.store
    private = {i.id for i in store.incidents if i.visibility == "private"}
    open_, closed = (
        next(
            f
            for f in store.follow_ups
            if f.status == "outstanding" and (f.incident_id in private) is hidden
        )
        for hidden in (False, True)
    )
    open_.title, closed.title = "Rotate the keys", "Tell the lawyers"
    open_.assignee_id = closed.assignee_id = BEN.incidentio_id
    return open_


@pytest.mark.usefixtures("unlinked")
def test_an_address_alone_gives_no_rights_and_that_is_said(ben, world):
    ben.types("/io severity INC-39 minor")
    assert "does not link it to this Slack account" in ben.last.text
    assert "`PERMISSIONS_BY_EMAIL`" in ben.last.text
    assert not [r for r in world.incidentio.requests if r.method != "GET"]


@pytest.mark.usefixtures("unlinked")
@pytest.mark.settings(permissions_by_email=True)
def test_where_the_setting_says_so_an_address_is_enough(ben, owned):
    ben.types("/io severity INC-39 minor")
    assert "INC-39>* is now *Minor*" in ben.last.words
    ben.types("/io mine")
    assert "Rotate the keys" in ben.last.words
    assert "Tell the lawyers" in ben.last.words


@pytest.mark.usefixtures("unlinked", "owned")
def test_by_an_address_ones_own_work_is_found_but_nothing_private(ben):
    ben.types("/io mine")
    assert "Rotate the keys" in ben.last.words
    assert "Tell the lawyers" not in ben.last.words
    assert "knows you only by your address" in ben.last.words


@pytest.mark.usefixtures("unlinked")
def test_somebody_of_whom_only_the_address_is_known_is_assigned(ana, owned):
    owned.assignee_id = None
    ana.types(f"/io followup assign {owned.id} <@U0BEN>")
    assert owned.assignee_id == BEN.incidentio_id


@pytest.mark.usefixtures("unlinked")
def test_whose_account_is_known_by_an_address_only_is_shown(ana):
    ana.types("/io user show <@U0BEN>")
    assert "<@U0BEN> has the same address" in ana.last.words
    assert "have no rights here" in ana.last.words


@pytest.mark.usefixtures("unlinked")
def test_by_an_address_a_private_incident_is_not_there(ben, world):
    store = world.incidentio.store
    secret = next(
        i
        for i in store.incidents
        if i.visibility == "private" and BEN.incidentio_id in i.members
    )
    ben.types(f"/io incident {secret.number}")
    assert "There is no incident" in ben.last.text


LIVE = "INC-39>* is now *Minor*"
LEFT = {
    "a leftover of the same Slack account": {"is_active": False},
    "a leftover of the same address": {"is_active": False, "slack_user_id": "U0OLD"},
    "a newer one of another address": {"email": "ben@old.example"},
}


@pytest.mark.parametrize("differences", LEFT.values(), ids=LEFT)
def test_the_live_account_counts(ben, ana, another, owned, world, differences):
    viewer = {"role": "viewer", "base_role": {"id": "v", "name": "V", "slug": "viewer"}}
    another(**viewer, **differences)
    ben.types("/io severity INC-39 minor")
    assert LIVE in ben.last.words
    ben.types("/io mine")
    assert "Rotate the keys" in ben.last.words
    owned.assignee_id = None
    ana.types(f"/io followup assign {owned.id} <@U0BEN>")
    assert owned.assignee_id == BEN.incidentio_id
    ana.types("/io user show ben@acme.example")
    assert "Ben Okafor" in ana.last.text
    assert "(old)" not in ana.last.text


@pytest.mark.usefixtures("unlinked")
def test_a_live_account_beside_a_linked_leftover_is_found_by_its_address(ben, another):
    another(is_active=False, slack_user_id="U0BEN")
    ben.types("/io severity INC-39 minor")
    assert "does not link it" in ben.last.text
    ben.types("/io mine")
    assert "Your work" in ben.last.words


def test_of_two_linked_accounts_without_its_address_the_newest_counts(
    ben, account, another
):
    account["email"] = "ben@old.example"
    another(email="ben@new.example")
    ben.types("/io user show me")
    assert "(old)" in ben.last.text
    assert "⚠️ *Ben Okafor* has the same Slack account." in ben.last.words
    assert "the account of ben@new.example" in ben.last.words


@pytest.mark.usefixtures("unlinked", "owned")
def test_a_digest_finds_who_is_known_by_their_address_without_the_private(
    ben, bot, clock
):
    bot.services.rules.create(
        rule_id="owner-U0BEN",
        kind="owner",
        channel="U0BEN",
        created_by="U0BEN",
        options=DigestOptions(item_kinds=["follow_ups"]),
        recurrence="0 11 * * * UTC",
    )
    bot.reminders.snapshots.read(["follow_ups"], NOBODY)
    bot.directory.refresh()
    clock.advance(hours=1)
    bot.reminders.tick()
    (told,) = ben.dm
    assert "Rotate the keys" in told.words
    assert "Tell the lawyers" not in told.words
