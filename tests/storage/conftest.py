import pytest

from tests.clock import Clock


@pytest.fixture
def now():
    """A Monday morning."""
    return Clock()
