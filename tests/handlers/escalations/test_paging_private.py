"""What belongs to a private incident is for its own people."""

import pytest

from tests.handlers.pages import made

SECRET = "Leaked API token"
TITLE = "Leaked token: who can revoke it"


@pytest.fixture
def incident(world):
    rows = world.incidentio.store.incidents
    return next(row for row in rows if row.name.startswith(SECRET))


@pytest.fixture
def member(world, incident, person):
    """Somebody of the incident."""
    assert "eve" in _handles(world, incident)
    return person("eve")


@pytest.fixture
def stranger(world, incident, person):
    """Neither of the incident nor paged for it."""
    inside = _handles(world, incident)
    return person(next(h for h in ("ben", "chi", "dov") if h not in inside))


def _handles(world, incident):
    users = [world.incidentio.store.users.get(id_) for id_ in incident.members]
    return [user["email"].partition("@")[0] for user in users]


def test_to_strangers_it_does_not_exist(stranger, member):
    stranger.types("/io escalations all")
    assert "private incident" not in stranger.last.words
    assert TITLE not in stranger.last.words + stranger.last.text
    assert SECRET not in stranger.last.words + stranger.last.text

    member.types("/io escalations all")
    assert TITLE in member.last.words
    assert SECRET in member.last.words


def test_words_do_not_find_what_is_not_shown(stranger, member):
    stranger.types("/io escalations revoke")
    assert "None." in stranger.last.words
    member.types("/io escalations revoke")
    assert TITLE in member.last.words


def test_one_alone_is_not_there_either(stranger, world):
    rows = world.incidentio.store.escalations
    row = next(r for r in rows if r.title == TITLE)
    stranger.types(f"/io escalation {row.id}")
    assert "There is no escalation" in stranger.last.text


def test_who_is_paged_finds_it_without_learning_why(member, person, world, incident):
    member.types("/io page @gus come", channel=incident.channel_id)
    member.submits()
    made(world)[0].more = {"description": "The token of the deploy key"}
    gus = person("gus")
    for line in ("escalations all", f"escalation {made(world)[0].id}"):
        gus.types(f"/io {line}")
        assert "Page for a private incident" in gus.last.words
        for words in ("come", SECRET, "deploy key"):
            assert words not in gus.last.words + gus.last.text


def test_paged_in_its_own_channel_the_card_stands_there(member, world, incident):
    member.types("/io page @gus come", channel=incident.channel_id)
    member.submits()
    shown = [m for m in member.sees(incident.channel_id) if "Paged so far" in m.words]
    assert len(shown) == 1
    assert "come" in shown[0].words
    assert SECRET in shown[0].words


def test_the_form_elsewhere_does_not_offer_it(stranger, incident):
    stranger.types("/io page @gus come")
    assert "Link to" not in stranger.modal.words


def test_reassigned_elsewhere_the_card_goes_to_who_asked(
    member, world, incident, person
):
    member.types("/io page @gus come quickly", channel=incident.channel_id)
    member.submits()
    row = made(world)[0]

    member.types(f"/io escalation reassign {row.id}", channel="incidents")
    member.submits(people=["eve"])

    assert made(world)[1].incident_ids == [incident.id]
    public = [m for m in member.sees("incidents") if m.ephemeral_to is None]
    assert not any("come quickly" in m.text + m.words for m in public)
    assert any("come quickly" in m.words for m in member.dm)


def test_strangers_cannot_meddle_with_it(member, stranger, world, incident):
    member.types("/io page @gus come", channel=incident.channel_id)
    member.submits()
    row = made(world)[0]
    stranger.types(f"/io escalation cancel {row.id}")
    assert "There is no escalation" in stranger.last.text
    stranger.types(f"/io escalation reassign {row.id}")
    assert "There is no escalation" in stranger.last.text
    assert row.status == "triggered"


def test_who_was_paged_answers_it_without_learning_more(
    member, world, incident, person
):
    member.types("/io page @gus come", channel=incident.channel_id)
    member.submits()
    gus = person("gus")
    assert "gus" not in _handles(world, incident)
    gus.types(f"/io escalation ack {made(world)[0].id}")
    assert made(world)[0].status == "acked"
    assert "*Page for a private incident* was acknowledged" in gus.last.text
    assert SECRET not in gus.last.text + gus.last.words


def test_the_card_of_what_becomes_private_is_veiled(ana, ben, bot, world):
    ana.types("/io page @gus come quickly", channel="C0INC39")
    ana.submits()
    ana.types(f"/io escalation reassign {made(world)[0].id}", channel="incidents")
    ana.submits(people=["eve"])
    (shown,) = [m for m in ben.sees("incidents") if "Paged so far" in m.words]
    assert "come quickly" in shown.words

    world.incidentio.make_private(39)
    world.slack.fail("chat.update", error="ratelimited")
    bot.veil.tick()
    assert "come quickly" in shown.words
    world.slack.clear_faults()
    bot.veil.tick()
    assert "Page for a private incident" in shown.words
    assert "come quickly" not in shown.words + shown.text
