"""The pictures that README and docs show: ``make pictures`` takes them anew.

Each is taken in light and in dark. Without ``PICTURES`` the scenes are played only.
"""

import io
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import expect

from sandbox.backstage.clock import DAYS, moment
from tests.browser.conftest import PICTURES, SMALL

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
WHOLE, TALL = {"width": 1280, "height": 900}, {"width": 1000, "height": 2400}
FORM = {"width": 1000, "height": 800}
COLOURS = 96
HIGHEST = 866
"""The pixels that are kept of what is longer."""
INC_29 = "C0INC29"


@dataclass
class Scene:
    """The page in one scheme, and the world behind it."""

    desk: Any
    world: Any
    stage: Any
    first: bool
    """Whether it is played for the first time; then it acts, else it only looks."""

    @property
    def page(self):
        return self.desk.page

    def types(self, line):
        """Type a line where the page is; the first time alone."""
        if self.first:
            self.desk.types(line)

    def says(self, words):
        expect(self.desk.messages).to_contain_text(words)

    def message(self, words):
        """Return the last message with these words."""
        found = self.desk.messages.get_by_role("article").filter(has_text=words).last
        expect(found).to_be_visible()
        return found

    def goes_to(self, when):
        if self.first:
            self.stage.move_to(moment(when, self.stage.now(), "Europe/Lisbon"))


def workspace(scene):
    """An incident is worked on: its card, a change, its follow-ups."""
    scene.types("/io incident")
    scene.says("Post update")
    scene.types("/io severity major")
    scene.says("is now Major")
    scene.types("/io followups")
    listed = scene.message("Follow-ups of INC-29")
    if scene.first:
        listed.get_by_role("button", name="Done").last.click()
    expect(listed.get_by_role("button", name="Undo")).to_have_count(2)
    return scene.page


def declare(scene):
    scene.types("/io declare Checkout is slow")
    expect(scene.desk.modal.get_by_label("What is happening?")).to_be_visible()
    return scene.desk.modal


def page_card(scene):
    """Somebody was paged, and has acknowledged."""
    scene.types("/io page @ben The API is down")
    if scene.first:
        scene.desk.modal.get_by_role("button", name="Page now").click()
        expect(scene.desk.modal).to_be_hidden()
        ben = scene.world.slack.person("ben")
        scene.message("The API is down")
        ben.presses("Acknowledge")
    card = scene.message("The API is down")
    expect(card).to_contain_text("Acknowledged")
    return card


def home(scene):
    if scene.first:
        scene.world.slack.person("ben").opens_home()
    expect(scene.page.locator(".home")).to_contain_text("Your shifts")
    return scene.page


def owner_digest(scene):
    """Somebody's digest, with one follow-up done."""
    day = iter(DAYS)
    messages = scene.desk.messages.get_by_role("article")
    digest = messages.filter(has_text="open follow-ups")
    while scene.first and not digest.count():  # the first one after the enrolment
        scene.goes_to(f"{next(day)} 09:31")
        with suppress(TooLate):
            digest.wait_for(timeout=15_000)
    if scene.first:
        digest.locator("[data-type=overflow] summary").first.click()
        digest.get_by_role("button", name="Done").first.click()
    expect(digest.locator("s")).to_be_visible()
    return digest


def weekly_summary(scene):
    if scene.first:
        scene.types("/io summary mon 9:30")
        scene.says("9:30")
    scene.goes_to("monday 09:31")
    return scene.message("Opened")


def reminder(scene):
    scene.types("/io remind overdue at 09:30 mon")
    if scene.first:
        scene.desk.modal.get_by_role("button", name="Save").click()
        expect(scene.desk.modal).to_be_hidden()
    scene.goes_to("monday 09:31")
    return scene.message("Show all")


def ladder_preview(scene):
    scene.types("/io ladder edit")
    if scene.first:
        whose = scene.desk.modal.get_by_label("For which follow-ups?")
        whose.select_option(label="Of the whole organisation")
        expect(scene.desk.modal.get_by_label("Of these teams")).to_have_count(0)
        scene.desk.modal.get_by_role("button", name="Preview").click()
    expect(scene.desk.modal).to_contain_text("would be told")
    return scene.desk.modal


def backstage(scene):
    scene.types("/io oncall")
    scene.page.get_by_role("button", name="Behind the scenes").click()
    expect(scene.page.get_by_role("heading", name="Clock")).to_be_visible()
    return scene.page


SCENES = {
    "workspace": (workspace, INC_29, WHOLE),
    "phone": (workspace, INC_29, SMALL),
    "declare": (declare, "C0INCIDENTS", FORM),
    "page": (page_card, "C0INCIDENTS", TALL),
    "home": (home, "home", WHOLE),
    "owner-digest": (owner_digest, "dm", TALL),
    "reminder": (reminder, "C0PAYMENTS", TALL),
    "weekly-summary": (weekly_summary, "C0INCIDENTS", TALL),
    "ladder-preview": (ladder_preview, "C0INCIDENTS", FORM),
    "backstage": (backstage, "C0INCIDENTS", WHOLE),
}


PEOPLE = {"home": "ben", "owner-digest": "fay"}


@pytest.mark.parametrize("name", SCENES)
def test_a_picture_can_be_taken(name, sit, world, stage):
    play, channel, viewport = SCENES[name]
    who = PEOPLE.get(name, "ana")
    for dark in (False, True) if PICTURES else (False,):
        desk = sit(world, who, channel, viewport=viewport, dark=dark)
        shown = play(Scene(desk, world, stage, first=not dark))
        if PICTURES:
            desk.page.mouse.move(0, 0)
            keep(shown.screenshot(), f"{name}-dark" if dark else name)


def keep(picture, name):
    """Write a picture with few colours: a page has not many, and files stay small."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    top = image.crop((0, 0, image.width, min(image.height, HIGHEST)))
    few = top.quantize(COLOURS, dither=Image.Dither.NONE)
    folder = Path(PICTURES)
    folder.mkdir(parents=True, exist_ok=True)
    few.save(folder / f"{name}.png", optimize=True)


def test_the_docs_show_these_pictures_and_no_others():
    named = {
        (page.parent / path).resolve().relative_to(ROOT).as_posix()
        for page in PAGES
        for path in re.findall(r"[\w./-]+\.png", page.read_text())
    }
    made = {f"docs/pictures/{n}{d}.png" for n in SCENES for d in ("", "-dark")}

    assert named == made
    assert made == {
        path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/**/*.png")
    }
