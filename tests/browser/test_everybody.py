"""The page for everybody: axe finds nothing serious in any main state."""

import pytest

from tests.browser.conftest import LARGE, SMALL


def welcome(desk):
    del desk


def lists(desk):
    desk.types("/io oncall")
    desk.types("/io incidents")
    desk.types("/io followups INC-20")
    desk.last.get_by_role("button", name="Done").first.wait_for()


def a_modal(desk):
    desk.types("/io declare Checkout is slow")
    desk.modal.get_by_role("button", name="Declare").click()
    desk.modal.wait_for()


def home(desk):
    desk.goes("Home of incidentio-bot")
    desk.page.locator(".home").wait_for()


def backstage(desk):
    desk.page.get_by_role("button", name="Behind the scenes").click()
    desk.page.get_by_role("heading", name="Clock").wait_for()


@pytest.mark.parametrize("state", [welcome, lists, a_modal, home, backstage])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [LARGE, SMALL], ids=["large", "small"])
def test_axe_finds_nothing_serious(desk, state, dark, viewport):
    if viewport is SMALL and state is home:
        pytest.skip("the list of channels covers the page there")
    ana = desk(dark=dark, viewport=viewport)
    state(ana)
    marks = [state.__name__, "dark" * dark, "small" * (viewport is SMALL)]
    ana.picture("-".join(filter(None, marks)))

    assert ana.serious() == []
