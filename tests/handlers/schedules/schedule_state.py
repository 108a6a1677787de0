"""What the stand-in knows of schedules, and a modal's fields by their names."""

import json
from copy import deepcopy


def schedule_of(world, name):
    return next(row for row in world.incidentio.store.schedules if row["name"] == name)


def rotations_of(world, name):
    return schedule_of(world, name)["config"]["rotations"]


def people_of(rotation):
    return [user["slack_user_id"][2:].lower() for user in rotation["users"]]


def copied(row):
    """The row as it is now, for later; nothing in it is shared."""
    return json.loads(json.dumps(row))


def strange(row):
    """Put into a schedule what no form of the bot's knows."""
    row["colour"] = {"of": ["tomorrow", 1.5, None]}
    row["annotations"] = {"incident.io/terraform/version": "5.4.0"}
    row["holidays_public_config"] = {"country_codes": ["GB"], "since": "2020"}
    row["config"]["strategy"] = {"kind": "new"}
    first = row["config"]["rotations"][0]
    first["escalates"] = [{"to": "moon"}]
    first["layers"][0]["depth"] = 3
    first["handovers"][0]["grace"] = "5m"
    first["working_interval"] = []
    later = deepcopy(first)
    later["effective_from"] = "2027-01-04T09:00:00.123Z"
    later["users"] = list(reversed(later["users"]))
    row["config"]["rotations"].insert(1, copied(later))


def field(person, name):
    """The block that holds a field, whatever stands behind its name.

    Where the form does not show it, it is asked for with *More*.
    """

    def found():
        fields = person.modal.fields
        return next((key for key in fields if key.partition("#")[0] == name), None)

    if found() is None:
        person.presses("More")
    return found()


def value(person, name):
    found = field(person, name)
    return person.modal.fields[found].value


def fills(person, **values):
    for name, given in values.items():
        person.fills(**{field(person, name): given})


def submits(person, **values):
    fills(person, **values)
    return person.submits()


def puts(world):
    return [r for r in world.incidentio.requests if r.method == "PUT"]


def previews(world):
    found = world.incidentio.requests
    return [r for r in found if r.path.endswith("/preview_entries")]
