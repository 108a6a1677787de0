"""Where there is more of something than a message or a menu holds."""

import pytest

from tests.handlers.schedules.schedule_state import schedule_of

PLACES = {"severities": "severities", "statuses": "statuses", "types": "types"}


def many(table, number):
    """Copies of the first row, each with an id and a name of its own."""
    first = next(iter(table))
    for n in range(number):
        id_ = f"01MANY{n:020}"
        table.add(id_, {**first, "id": id_, "name": f"Many {n:03}"})


@pytest.mark.parametrize("noun", PLACES)
def test_a_list_is_turned_after_25(ana, world, noun):
    many(getattr(world.incidentio.store, PLACES[noun]), 60)
    ana.types(f"/io {noun}")
    seen = ana.last.words
    for _ in range(2):
        assert ana.last.words.count("Many") <= 25
        ana.presses("Next")
        seen += ana.last.words

    assert all(f"Many {n:03}" in seen for n in range(60))
    assert "Next" not in ana.last.buttons


def test_a_picker_of_more_than_100_searches_as_somebody_types(ana, world):
    many(world.incidentio.store.schedules, 130)

    ana.types("/io schedule entries")

    (menu,) = [e for b in ana.last.blocks for e in b.get("elements", [])]
    assert menu["type"] == "external_select"
    assert len(ana.suggests("schedule", "many 12")) == 10


TABLES = (
    "severities",
    "statuses",
    "types",
    "roles",
    "custom_fields",
    "timestamps",
    "schedules",
    "teams",
    "escalation_paths",
    "workflows",
    "users",
)
FORMS = {
    "declare": "severity type first_status",
    "severity INC-39": "severity",
    "status INC-39": "status",
    "update INC-39": "severity status",
    "incident edit INC-39": "",
    "followup new": "",
    "action new INC-39": "",
    "page": "escalation_path",
    "override": "schedule",
    "handover": "schedule",
    "remind": "severity type teams",
    "summary": "severity type teams",
    "ladder edit": "teams",
    "path create": "schedule",
    "path edit payments": "schedule",
    "schedule edit platform": "",
    "schedule create": "",
    "workflow edit 01HQ011WCEXME20MN53T48W8PH": "",
}
PICKERS = {
    "role show": "role",
    "timestamp show": "timestamp",
    "field show": "custom_field",
    "workflow show": "workflow",
    "path show": "escalation_path",
    "schedule show": "schedule",
    "user": "person",
    "status INC-39 nowhere": "status",
    "severity INC-39 nowhere": "severity",
}


@pytest.fixture
def crowded(bot, world):
    """An organisation that has more of everything than a menu holds."""
    store = world.incidentio.store
    for table in TABLES:
        many(getattr(store, table), 110)
    for n, row in enumerate(store.types):
        row["create_in_triage"] = ("optional", "always")[n % 2]
    bot.services.catalog.warm()


@pytest.mark.usefixtures("crowded")
def test_no_list_is_too_long_for_a_form_or_a_picker(ana, world):
    for line, sources in FORMS.items():
        ana.types(f"/io {line}")
        assert ana.modal, f"{line}: {ana.last.words}"
        if "More" in ana.modal.buttons:
            ana.presses("More")
        for source in sources.split():
            assert len(ana.suggests(source)) == 100
            assert len(ana.suggests(source, "many 10")) == 10
        ana.closes()
    for line, source in PICKERS.items():
        ana.types(f"/io {line}")
        assert len(ana.suggests(source, "many 10")) == 10

    ana.types("/io update INC-39")
    ana.submits(severity="Many 105")
    after = world.incidentio.store.incident("39")
    assert after.severity_id == f"01MANY{105:020}"


def test_a_schedule_of_any_number_of_rotations_can_be_edited(ana, world):
    row = schedule_of(world, "Payments")
    first = row["config"]["rotations"][0]
    row["config"]["rotations"] = [
        {**first, "id": f"R{n}", "name": f"Rotation {n}"} for n in range(130)
    ]
    ana.types("/io schedule edit payments")
    fields = ana.modal.fields
    assert len(fields["rotation"].options) == 131
    ana.fills(rotation="Rotation 129")
    ana.types("/io override payments")
    assert len(fields["rotation"].options) == 131


def test_any_number_of_reminders_can_be_chosen_from(ana, bot):
    for n in range(130):
        bot.services.rules.create(
            channel="C0INCIDENTS",
            created_by="U0ANA",
            name=f"Number {n}",
            recurrence="0 9 * * 1 UTC",
        )
    ana.types("/io reminder pause")
    ana.chooses("pick", "Number 129")
    assert "paused" in ana.last.text


def test_any_number_of_handovers_can_be_chosen_from(ana, bot, world):
    many(world.incidentio.store.schedules, 30)
    bot.services.catalog.expire("schedules")
    ana.types("/io handover")
    ana.submits(schedule=[f"Many {n:03}" for n in range(25)])
    ana.types("/io handover off")
    ana.chooses("pick", "Many 024")
    assert "no longer gets messages about handovers of *Many 024*" in ana.last.text
