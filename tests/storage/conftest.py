import pytest

from tests.clock import Clock


@pytest.fixture
def now():
    """A Monday morning."""
    return Clock()


@pytest.fixture
def database(database, now):
    """Its clock is that of the test."""
    database.now = now
    return database
