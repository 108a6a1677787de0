"""What people type is in the files of the database only until it is done."""


def open_item(world):
    rows = world.incidentio.store.follow_ups
    return next(row.id for row in rows if row.status == "outstanding")


STORY = {
    "declare Major outage of checkout": {"summary": "First words of a giraffe"},
    "followup drop {} First words of a stork": {},
    "followup edit {}": {"description": "First words of a hippo"},
    "followup new INC-39 Look": {"description": "First words of a tapir"},
    "update INC-39 First words of a lemur": {},
    "incident edit INC-39": {"summary": "First words of a panda"},
    "page <@U0BEN> Wake up": {"description": "First words of a yak"},
    "role create": {"name": "Scribe", "description": "First words of a goat"},
}


def test_what_was_typed_is_gone_when_it_is_done(ana, world, bot, kept, subtests):
    for done, (line, filled) in enumerate(STORY.items(), start=1):
        with subtests.test(line):
            ana.types("/io " + line.format(open_item(world)))
            if ana.modal:
                assert ana.submits(**filled).errors == {}
            if ana.modal:
                ana.submits()

            states = [entry.state for entry in bot.services.audit.search()]
            assert states == ["done"] * done
            assert kept("U0ANA")
            assert not kept("words of a")


def test_what_somebody_was_reading_is_erased_later(ana, bot, kept):
    with bot.database.read() as session:
        session.connection().exec_driver_sql("SELECT * FROM journal_entries").all()
        ana.types("/io followup new INC-39")
        ana.submits(title="Look", description="Read by a slow reader")
        assert kept("Read by a slow reader")

    bot.recovery.tick()

    assert not kept("Read by a slow reader")


def test_the_audit_has_names_and_the_length_of_texts(ana, world, bot):
    ana.types(f"/io followup drop {open_item(world)} Too late by now")

    (entry,) = bot.services.audit.search()
    assert entry.changes == {
        "status": ["outstanding", "not_doing"],
        "reason": [None, "15 characters"],
    }
    assert entry.target.startswith("follow-up Document the run-book for checkout of")
    assert entry.request == {"kind": "command"}
