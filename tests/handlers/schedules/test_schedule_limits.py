"""Schedules larger than Slack's surfaces, and names that are longer than inputs."""

from tests.handlers.schedules.schedule_state import (
    copied,
    fills,
    puts,
    rotations_of,
    schedule_of,
    submits,
)

NAME = "A & <b> " * 60


def grow(world):
    row = schedule_of(world, "Payments")
    row["annotations"] = {f"key {n} {NAME}": NAME for n in range(100)}
    row["team_ids"] = [f"T{n}" for n in range(60)]
    for id_ in row["team_ids"]:
        world.incidentio.store.teams.add(id_, {"id": id_, "name": id_})
    first = row["config"]["rotations"][0]
    first["users"] *= 60
    first["name"] = NAME
    for number in range(110):
        twin = {**copied(first), "id": f"R{number}", "users": first["users"][:3]}
        row["config"]["rotations"].append(twin)
    return row


def test_the_card_of_a_huge_schedule_is_drawn_on_every_page(ana, world):
    grow(world)
    ana.types("/io schedule show Payments")
    assert "88 more in incident.io" in ana.last.words
    assert "120 more in incident.io" in ana.last.words
    for _ in range(13):
        ana.presses("Next")
    assert "Next" not in ana.last.buttons


def test_one_rotation_of_a_huge_schedule_is_edited(ana, world):
    before = copied(grow(world))
    ana.types("/io schedule edit Payments")
    fills(ana, rotation=ana.modal.fields["rotation"].options[4])
    submits(ana, users=["jo"])
    assert ana.modal.submit == "Save"
    ana.submits()

    after = copied(schedule_of(world, "Payments"))
    changed = [
        new
        for old, new in zip(
            before["config"]["rotations"], after["config"]["rotations"], strict=True
        )
        if old != new
    ]
    assert [r["users"][0]["name"] for r in changed] == ["Jo Smith"]
    assert changed[0]["name"] == NAME


def test_a_name_longer_than_its_input_stays_whole_while_nobody_touches_it(ana, world):
    rotations_of(world, "Payments")[0]["name"] = NAME
    schedule_of(world, "Payments")["name"] = NAME.strip()
    ana.types("/io schedule edit A")
    ana.submits()
    assert puts(world) == []
    assert ana.last.text == "No changes to save."
