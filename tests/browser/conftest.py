"""The sandbox in a browser: the page, the bot behind it, and people at it."""

import os
import shutil
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from runtime.local import local
from runtime.settings import Settings

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SMALL, LARGE = {"width": 390, "height": 800}, {"width": 1280, "height": 860}
PICTURES = os.environ.get("PICTURES")
"""The folder that pictures are written to; none are made without it."""

SETTLED = """() => Promise.allSettled(
    document.getAnimations()
        .filter(one => one.effect.getComputedTiming().endTime < Infinity)
        .map(one => one.finished))"""

expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def place():
    with local(Settings(_env_file=None)) as both:
        yield both


@pytest.fixture
def world(place):
    """The first day, as it is after a new start."""
    world, stage = place
    stage.reset()
    return world


@pytest.fixture
def stage(place, world):
    return place[1]


class Desk:
    """Somebody at the page."""

    def __init__(self, page):
        self.page = page
        self.faults = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)

    def _heard(self, message):
        refused = "Failed to load resource" in message.text
        if message.type in ("error", "warning") and not refused:
            self.faults.append(message.text)

    def types(self, line):
        box = self.page.get_by_role("combobox", name="Message", exact=True)
        box.fill(line)
        box.press("Escape")
        box.press("Enter")
        expect(box).to_have_value("")

    @property
    def messages(self):
        return self.page.get_by_role("log", name="Messages")

    @property
    def last(self):
        return self.messages.get_by_role("article").last

    @property
    def modal(self):
        return self.page.locator("#modal[open]")

    def goes(self, channel):
        self.page.locator("#channels").get_by_text(channel).first.click()

    def serious(self):
        """Return what axe finds to be serious, once nothing fades in any more."""
        self.page.evaluate(SETTLED)
        return [
            (one["id"], [node["html"][:160] for node in one["nodes"]])
            for one in Axe().run(self.page).response["violations"]
            if one["impact"] in ("serious", "critical")
        ]

    def picture(self, name):
        if PICTURES:
            folder = Path(PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{name}.png")


@pytest.fixture
def sit(chromium):
    """Open a world's page; it must have raised no error at the end."""
    opened = []

    def sit(world, who="ana", channel="C0INCIDENTS", *, viewport=LARGE, dark=False):
        scheme = "dark" if dark else "light"
        context = chromium.new_context(viewport=viewport, color_scheme=scheme)
        page = context.new_page()
        found = Desk(page)
        page.goto(f"{world.slack_url}/#as={who}&channel={channel}")
        expect(page.locator("#where")).not_to_be_empty()
        opened.append((context, found))
        return found

    yield sit
    for context, found in opened:
        context.close()
        assert found.faults == []


@pytest.fixture
def desk(sit, world):
    """Open the page of the first day as somebody."""
    return partial(sit, world)
