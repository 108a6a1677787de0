"""What tests of pages look at."""

SEEDED = 5


def made(world):
    """The escalations that were made in this test."""
    return list(world.incidentio.store.escalations)[SEEDED:]


def notified(row):
    told = [e for e in row.events if e["event"] == "notified_users"]
    return [user["name"] for event in told for user in event["users"]]


def page(person, title="Card payments fail", path="Payments", channel="incidents"):
    """Page by a path; the form that opens is the question."""
    person.types(f"/io page path:{path} {title}", channel=channel)
    person.submits()


def card(person, channel="incidents"):
    """The newest card in a channel."""
    shown = [m for m in person.sees(channel) if "Paged so far" in m.words]
    return shown[-1]


def buttons(message):
    return [
        element["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]
