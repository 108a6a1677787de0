"""The follow-ups of the stand-in, for the tests of their commands."""

import pytest

BEN = "01HUSER00000000000000BEN00"


@pytest.fixture
def store(world):
    return world.incidentio.store


@pytest.fixture
def of(store):
    """An incident's follow-ups, oldest first."""

    def found(number):
        incident = store.incident(str(number))
        return list(store.follow_ups.after(group=incident.id, newest=False))

    return found


@pytest.fixture
def one(of):
    """An outstanding follow-up of INC-27, owned by Ben."""
    found = next(f for f in of(27) if f.status == "outstanding")
    found.assignee_id = BEN
    return found
