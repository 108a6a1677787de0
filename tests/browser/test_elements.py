"""What Slack has and the bot does not use, on the page, with another app behind it."""

from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LARGE, SMALL
from tests.browser.gallery import opened

WAIT = 0.3


@pytest.fixture(scope="module")
def place():
    with opened() as gallery:
        yield gallery


@pytest.fixture
def gallery(place):
    """The app, which acknowledges at once."""
    place.world.reset()
    place.told.clear()
    place.saved.clear()
    place.free.set()
    return place


@pytest.fixture
def desk(sit, gallery):
    return partial(sit, gallery.world)


@pytest.fixture
def held(gallery):
    """Let the app acknowledge nothing until it is freed."""
    gallery.free.clear()
    yield gallery
    gallery.free.set()


def steps(desk):
    desk.types("/io form")
    desk.modal.get_by_label("Title").fill("It burns")
    desk.modal.get_by_role("button", name="Add a step").press("Enter")
    expect(desk.modal.get_by_role("heading")).to_have_text("Step")


def cards(desk):
    desk.types("/io cards")
    desk.last.get_by_role("button", name="Open").wait_for()


def asked(desk):
    cards(desk)
    desk.last.get_by_role("button", name="Resolve").click()


def told(desk):
    """Wait for the app to be told within this."""
    return desk.page.expect_response("**/sandbox/press")


def test_a_view_that_is_pushed_leads_back_and_nothing_typed_is_lost(desk):
    ana = desk()
    steps(ana)
    what = ana.modal.get_by_label("What")
    expect(what).to_be_focused()
    ana.picture("stack")

    ana.modal.get_by_role("button", name="Back to Report").press("Enter")

    expect(ana.modal.get_by_role("heading")).to_have_text("Report")
    expect(ana.modal.get_by_label("Title")).to_have_value("It burns")
    expect(ana.modal.get_by_role("button", name="Add a step")).to_be_focused()
    expect(ana.modal.get_by_role("button", name="Back to")).to_have_count(0)


def test_what_was_typed_is_sent_before_the_button_beside_it(desk):
    ana = desk()
    ana.types("/io form")
    held, sent = [], []

    def hold(route):
        held.append(route)

    ana.page.route("**/sandbox/choose", hold)
    ana.page.on("request", lambda one: sent.append(one.url.rsplit("/", 1)[-1]))
    ana.modal.get_by_label("Title").fill("It burns")
    ana.modal.get_by_role("button", name="Add a step").click()
    while not held:
        ana.page.wait_for_timeout(10)
    ana.page.evaluate("new Promise((resume) => setTimeout(resume))")
    assert "press" not in sent

    with told(ana):
        held[0].continue_()
    assert sent.index("choose") < sent.index("press")


def test_escape_goes_one_back_and_the_cross_closes_all(desk):
    ana = desk()
    steps(ana)
    ana.page.keyboard.press("Escape")
    expect(ana.modal.get_by_label("Title")).to_have_value("It burns")
    ana.modal.get_by_role("button", name="Add a step").click()
    expect(ana.modal.get_by_label("What")).to_be_focused()
    ana.modal.get_by_role("button", name="Close", exact=True).click()

    expect(ana.modal).to_have_count(0)
    expect(ana.page.locator("#text")).to_be_focused()


def test_a_step_is_saved_and_the_report_is_there_again(desk, gallery):
    ana = desk()
    steps(ana)
    ana.modal.get_by_label("What").fill("Call Ben")
    ana.modal.get_by_role("button", name="Save").click()

    expect(ana.modal.get_by_label("Title")).to_have_value("It burns")
    assert gallery.saved[0]["What"]["What"]["value"] == "Call Ben"


def test_a_submission_is_busy_and_its_failure_is_told_in_the_modal(desk, held):
    held.world.slack.courier.timeout = WAIT
    ana = desk()
    ana.types("/io form")
    ana.modal.get_by_label("Title").fill("It burns")
    save = ana.modal.get_by_role("button", name="Save")
    save.click()
    expect(save).to_have_attribute("aria-busy", "true")

    trouble = ana.modal.get_by_role("alert")
    expect(trouble).to_have_text("We had some trouble connecting. Try again?")
    expect(save).not_to_have_attribute("aria-busy", "true")
    expect(ana.modal.get_by_label("Title")).to_have_value("It burns")
    ana.picture("modal-trouble")
    held.free.set()
    save.click()
    expect(ana.modal).to_have_count(0)


def test_a_button_is_busy_until_it_is_acknowledged(desk, held):
    ana = desk()
    cards(ana)
    hold = ana.last.get_by_role("button", name="Hold")
    hold.click()
    expect(hold).to_have_attribute("aria-busy", "true")
    hold.click()
    ana.picture("busy")
    held.free.set()

    expect(hold).not_to_have_attribute("aria-busy", "true")
    expect(hold).not_to_have_attribute("data-unheard", "")
    assert [one["action_id"] for one in held.told] == ["Hold"]


def test_what_is_not_acknowledged_has_slacks_sign(desk, held):
    held.world.slack.courier.timeout = WAIT
    ana = desk()
    cards(ana)
    hold = ana.messages.get_by_role("button", name="Hold")
    hold.press("Enter")

    words = "incidentio-bot did not answer within 3 seconds"
    expect(hold).to_have_attribute("data-unheard", words)
    expect(ana.page.locator("#heard")).to_have_text(words)
    held.world.slack.person("ben").says("Anybody?", "incidents")
    expect(ana.last).to_contain_text("Anybody?")
    expect(hold).to_have_attribute("aria-description", words)
    ana.picture("unheard")


def test_a_search_says_that_it_searches(desk, held):
    ana = desk()
    ana.types("/io form")
    box = ana.modal.locator(".external")
    search = box.get_by_role("combobox")
    search.fill("pay")
    expect(box.get_by_role("option")).to_have_text("Searching …")
    expect(search).to_have_attribute("aria-expanded", "true")
    ana.picture("searching")
    held.free.set()

    expect(box.get_by_role("option")).to_have_text("pay team")
    search.press("Escape")
    expect(box.get_by_role("option")).to_have_count(0)
    search.fill("payments")
    expect(box.get_by_role("option")).to_have_text("payments team")
    search.press("ArrowDown")
    search.press("Enter")
    expect(box.get_by_role("button")).to_have_text("payments team ×")
    expect(search).to_have_attribute("aria-expanded", "false")


def test_the_characters_that_are_left_are_counted_near_the_end(desk):
    ana = desk()
    ana.types("/io form")
    title = ana.modal.get_by_label("Title")
    left = ana.modal.locator(".left")
    title.fill("x" * 30)
    expect(left).to_be_empty()
    title.fill("x" * 50)
    expect(left).to_have_text("10")
    title.fill("x" * 65)
    expect(left).to_have_text("−5")
    expect(left).to_have_attribute("aria-label", "5 characters too many")
    ana.modal.get_by_role("button", name="Save").click()

    expect(ana.modal.locator(".error")).to_have_text(
        "Please enter at most 60 characters."
    )
    expect(left).to_have_text("−5")
    ana.picture("too-long")
    title.fill("x")
    title.press("Enter")
    expect(ana.modal.locator(".error")).to_have_text(
        "Please enter at least 3 characters."
    )


def test_errors_are_slacks_and_not_the_browsers(desk):
    ana = desk()
    ana.types("/io form")
    ana.modal.get_by_label("Title").fill("It burns")
    mail = ana.modal.get_by_label("Mail")
    mail.fill("nobody")
    ana.modal.get_by_role("button", name="Save").click()

    said = ana.modal.get_by_text("Please enter a valid email address.")
    expect(said).to_be_visible()
    expect(mail).to_be_focused()
    expect(mail).to_have_attribute("aria-invalid", "true")


def test_a_confirmation_is_asked_and_the_focus_comes_back(desk, gallery):
    ana = desk()
    asked(ana)
    box = ana.page.get_by_role("alertdialog", name="Delete it?")
    expect(box.locator("b")).to_have_text("Everybody")
    expect(box.get_by_role("button", name="Delete")).to_have_class("danger")
    ana.picture("confirm")
    ana.page.keyboard.press("Escape")
    resolve = ana.last.get_by_role("button", name="Resolve")
    expect(resolve).to_be_focused()
    assert gallery.told == []

    resolve.press("Enter")
    with told(ana):
        box.get_by_role("button", name="Delete").click()
    assert [one["action_id"] for one in gallery.told] == ["Resolve"]


def test_a_confirmation_that_is_asked_again_at_once_is_one_of_its_own(desk, gallery):
    ana = desk()
    asked(ana)
    with told(ana):
        ana.page.evaluate("""() => {
            const box = document.getElementById("confirm");
            box.close();
            document.activeElement.click();
            setTimeout(() => box.querySelector("button.danger").click(), 50);
        }""")
    assert [one["action_id"] for one in gallery.told] == ["Resolve"]


def test_who_thinks_better_of_a_choice_sees_what_was_chosen_before(desk, gallery):
    ana = desk()
    cards(ana)
    grade = ana.last.locator("select")
    grade.select_option(label="Major")
    ana.page.get_by_role("button", name="Keep").click()

    expect(grade).to_have_value("minor")
    assert gallery.told == []


def test_feedback_and_small_buttons_are_pressed_by_keyboard(desk, gallery):
    ana = desk()
    cards(ana)
    for name in ("This did not help", "Delete"):
        with told(ana):
            ana.last.get_by_role("button", name=name).press("Enter")

    shown = [(one["type"], one["value"]) for one in gallery.told]
    assert shown == [("feedback_buttons", "bad"), ("icon_button", "all")]


def test_what_a_task_found_unfolds_and_stays_so(desk, gallery):
    ana = desk()
    cards(ana)
    found = ana.messages.get_by_text("12 errors.")
    expect(found).to_be_hidden()
    ana.last.locator("summary", has_text="Read the logs").press("Enter")
    expect(found).to_be_visible()
    gallery.world.slack.person("ben").says("Hm", "incidents")
    expect(ana.last).to_contain_text("Hm")
    expect(found).to_be_visible()


def test_times_are_of_the_zone_that_the_page_names(desk):
    ana, hana = desk(), desk("hana")
    cards(ana)
    expect(ana.page.locator("#zone")).to_contain_text("Times in Europe/Lisbon")
    expect(hana.page.locator("#zone")).to_have_text("Times in Asia/Tokyo, UTC+9")
    expect(ana.last).to_contain_text("September 21, 2026 at 3:13 PM")
    expect(hana.last).to_contain_text("September 21, 2026 at 11:13 PM")
    hana.types("/io form")
    due = hana.modal.locator("input[type=datetime-local]")
    expect(due).to_have_value("2026-09-21T23:13")


@pytest.mark.parametrize("state", [steps, cards, asked])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [LARGE, SMALL], ids=["large", "small"])
def test_axe_finds_nothing_serious(desk, state, dark, viewport):
    ana = desk(dark=dark, viewport=viewport)
    state(ana)
    marks = ["g", state.__name__, "dark" * dark, "small" * (viewport is SMALL)]
    ana.picture("-".join(filter(None, marks)))
    assert ana.serious() == []
    wide = "document.documentElement.scrollWidth > innerWidth"
    assert not ana.page.evaluate(wide)
