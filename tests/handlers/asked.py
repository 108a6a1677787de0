"""What the bot asked of incident.io."""


def writes(world):
    """Whatever was not only read."""
    return [r for r in world.incidentio.requests if r.method != "GET"]
