"""Taking an override back, as people do it."""


def override_of(world):
    return next(iter(world.incidentio.store.overrides), None)


def direct(world, handle):
    return [message.text for message in world.slack.person(handle).dm]


def test_an_override_is_deleted_from_the_list_which_is_redrawn(ana, world):
    ana.types("/io overrides Payments")
    listed = ana.last
    ana.presses("Delete")

    assert override_of(world) is None
    assert "by which <@U0GUS> was on call from <!date^" in listed.words
    assert "was deleted, by <@U0ANA>." in listed.words
    assert "None. The rotations decide who is on call." in listed.words


def test_those_concerned_are_told(ana, world):
    ana.types(f"/io override delete {override_of(world).id}")

    assert "On call during this time:\n• <@U0IVO>, " in ana.last.text
    (gone,), (back,) = direct(world, "gus"), direct(world, "ivo")
    assert gone.startswith("You are no longer on call for *<")
    assert gone.endswith("<@U0IVO> is instead.")
    assert back.startswith("You are on call again for *<")
    assert direct(world, "ana") == []


def test_one_that_is_gone_is_said_to_be(ana, world):
    id_ = override_of(world).id
    world.incidentio.store.overrides.remove(id_)
    ana.types(f"/io override delete {id_}")
    assert "not there any more" in ana.last.text


def test_the_result_that_cannot_be_read_does_not_undo_the_deletion(ana, world):
    world.incidentio.fail("GET", "/v2/schedule_entries", status=500)
    ana.types(f"/io override delete {override_of(world).id}")
    assert override_of(world) is None
    assert "did not answer when asked how it looks now" in ana.last.text
    assert len(direct(world, "gus")) == 1


def test_a_failure_is_explained(ana, world):
    world.incidentio.fail("DELETE", "/v2/schedule_overrides/*", status=422)
    ana.types(f"/io override delete {override_of(world).id}")
    assert "The override was not deleted." in ana.last.text
    assert override_of(world)


def test_who_may_only_read_deletes_nothing(person, world):
    kim = person("kim")
    kim.types(f"/io override delete {override_of(world).id}")
    assert "That takes the permission to *respond*" in kim.last.text
    assert override_of(world)


def test_one_that_is_over_is_deleted_without_asking_who_is_on_call(ana, world, clock):
    clock.advance(days=3)
    ana.types(f"/io override delete {override_of(world).id}")
    assert override_of(world) is None
    assert "did not answer" not in ana.last.text


def test_without_an_id_the_usage_is_said(ana):
    ana.types("/io override delete")
    assert "Usage: `/io override delete <override>`" in ana.last.text
