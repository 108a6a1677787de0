"""What the stand-in knows of an incident, by the names that people use."""


def shown(world, number=39):
    return world.incidentio.incident(number)


def severity_of(world, number=39):
    return shown(world, number)["severity"]["name"]


def status_of(world, number=39):
    return shown(world, number)["incident_status"]["name"]


def named(table, name):
    return next(row["id"] for row in table if row["name"] == name)


def severity_id(world, name):
    return named(world.incidentio.store.severities, name)


def status_id(world, name):
    return named(world.incidentio.store.statuses, name)


def field_id(world, name):
    return f"field:{named(world.incidentio.store.custom_fields, name)}"


def role_id(world, name):
    return f"role:{named(world.incidentio.store.roles, name)}"


def time_id(world, name):
    return f"time:{named(world.incidentio.store.timestamps, name)}"


def values_of(world, name, number=39):
    entries = shown(world, number)["custom_field_entries"]
    found = next(e for e in entries if e["custom_field"]["name"] == name)
    return [
        v["value_option"]["value"] if "value_option" in v else next(iter(v.values()))
        for v in found["values"]
    ]


def holder_of(world, name, number=39):
    assignments = shown(world, number)["incident_role_assignments"]
    found = next(a for a in assignments if a["role"]["name"] == name)
    return found.get("assignee", {}).get("name")


def time_of(world, name, number=39):
    values = shown(world, number)["incident_timestamp_values"]
    found = next(v for v in values if v["incident_timestamp"]["name"] == name)
    return found.get("value", {}).get("value")


def updates_of(world, number=39):
    store = world.incidentio.store
    return list(store.updates.after(group=shown(world, number)["id"], newest=True))


def keep_out(world, user, number=36):
    """Take somebody out of a private incident."""
    row = world.incidentio.store.incident(str(number))
    row.members.pop(user, None)
    row.roles = {role: holder for role, holder in row.roles.items() if holder != user}
