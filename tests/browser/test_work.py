"""What people do on the page, in a browser, with the bot behind it."""

import re

import pytest
from playwright.sync_api import expect

from runtime.local import local
from runtime.settings import Settings
from tests.browser.conftest import SMALL

HOME_OF_39 = "C0INC39"


def test_an_incident_is_declared(desk, world):
    ana = desk()
    ana.types("/io declare Checkout is slow")
    expect(ana.modal.get_by_label("What is happening?")).to_have_value(
        "Checkout is slow"
    )
    ana.picture("declare")
    ana.modal.get_by_label("Severity", exact=True).select_option(label="Major")
    ana.modal.get_by_role("button", name="Declare").click()

    expect(ana.modal).to_be_hidden()
    expect(ana.messages).to_contain_text("Checkout is slow")
    first = ana.page.locator("#channels a").first
    expect(first).to_contain_text("inc-41-checkout-is-slow")
    first.click()
    expect(ana.page.locator("#where")).to_contain_text("inc-41")
    assert world.incidentio.incident(41)["severity"]["name"] == "Major"


def test_a_severity_is_changed_in_a_form(desk, world):
    ana = desk(channel=HOME_OF_39)
    ana.types("/io severity")
    ana.modal.get_by_label("Severity", exact=True).select_option(label="Minor")
    ana.modal.get_by_role("button", name="Save").click()

    expect(ana.messages).to_contain_text("Minor")
    assert world.incidentio.incident(39)["severity"]["name"] == "Minor"


def test_two_people_are_told_of_an_override(desk, world):
    ana, ben = desk(), desk("ben", "dm")
    ana.types("/io override Payments @ben 2h")

    expect(ben.messages).to_contain_text("Payments")
    expect(ana.messages).to_contain_text("Payments")


def test_a_list_is_worked_off_and_keeps_the_focus(desk):
    ana = desk()
    ana.types("/io followups INC-20")
    done = ana.last.get_by_role("button", name="Done")
    expect(done.nth(1)).to_be_visible()
    count = done.count()
    done.nth(0).focus()
    ana.page.keyboard.press("Enter")

    expect(ana.last.get_by_role("button", name="Undo")).not_to_have_count(0)
    expect(ana.last.get_by_role("button", name="Done")).to_have_count(count - 1)
    focused = ana.page.evaluate("document.activeElement.closest('article') !== null")
    assert focused, "the focus is still on the list"


def test_a_button_under_the_focus_has_the_words_of_what_it_does_now(desk):
    ana = desk(channel="C0INC29")
    ana.types("/io followups")
    ana.last.get_by_role("button", name="Done").last.click()

    expect(ana.last.get_by_role("button", name="Undo")).to_have_count(2)
    expect(ana.last.get_by_role("button", name="Done")).to_have_count(1)


def test_somebody_is_paged_and_acknowledges(desk):
    ana, ben = desk(), desk("ben")
    ana.types("/io page @ben The API is down")
    ana.modal.get_by_role("button", name="Page now").click()

    ben.messages.get_by_role("button", name="Acknowledge").click()

    expect(ben.messages).to_contain_text("Acknowledged")


def test_a_reminder_comes_when_its_time_has_come(desk):
    ana = desk()
    ana.types("/io summary mon 9:30")
    expect(ana.messages).to_contain_text("9:30")
    before = ana.messages.get_by_role("article").count()
    ana.page.get_by_role("button", name="Behind the scenes").click()
    ana.page.get_by_role("button", name="Next Monday 09:30").click()

    articles = ana.messages.get_by_role("article")
    expect(articles.nth(before)).to_contain_text("Weekly summary")
    ana.picture("summary")


def test_a_worker_that_was_stopped_sends_what_is_due_when_it_is_back(desk):
    ana = desk()
    ana.types("/io summary mon 9:30")
    expect(ana.messages).to_contain_text("9:30")
    before = ana.messages.get_by_role("article").count()
    ana.page.get_by_role("button", name="Behind the scenes").click()
    worker = ana.page.get_by_label("The worker")
    worker.uncheck()
    ana.page.get_by_role("button", name="Next Monday 09:30").click()
    expect(ana.page.locator("#bs-now")).to_contain_text("Mon")
    worker.check()

    articles = ana.messages.get_by_role("article")
    expect(articles.nth(before)).to_contain_text("Weekly summary")


def test_an_error_beside_a_field_keeps_what_was_typed(desk):
    ana = desk()
    ana.types("/io declare")
    name = ana.modal.get_by_label("What is happening?")
    expect(name).to_be_focused()
    ana.modal.get_by_label("Summary").fill("Nobody can pay")
    ana.modal.get_by_role("button", name="Declare").click()

    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_be_focused()
    expect(ana.modal.get_by_label("Summary")).to_have_value("Nobody can pay")


def test_what_slack_delivers_twice_is_declared_once(desk, world):
    ana = desk()
    ana.page.get_by_role("button", name="Behind the scenes").click()
    ana.page.get_by_label("Slack delivers twice").check()
    ana.types("/io declare Twice")
    ana.modal.get_by_label("Severity", exact=True).select_option(label="Major")
    ana.modal.get_by_role("button", name="Declare").click()
    expect(ana.modal).to_be_hidden()
    expect(ana.messages).to_contain_text("Twice")

    names = [i.name for i in world.incidentio.store.incidents]
    assert names.count("Twice") == 1


def test_the_home_tab_shows_what_is_mine(desk):
    ana = desk()
    ana.goes("Home of incidentio-bot")

    expect(ana.page.locator(".home")).to_contain_text("Declare")
    ana.picture("home")


def test_to_an_outsider_a_private_incident_does_not_exist(desk):
    outsider = desk("chi")
    expect(outsider.page.locator("#channels")).not_to_contain_text("🔒")
    outsider.types("/io incident INC-36")

    expect(outsider.last).to_contain_text("There is no incident INC-36")


@pytest.mark.parametrize("who", ["gia", "ole"])
def test_guests_and_other_companies_are_told_so(desk, who):
    someone = desk(who, "C0GENERAL" if who == "gia" else "C0GLOBEX")
    someone.types("/io incidents")

    expect(someone.last).to_contain_text(
        re.compile("guests in|own workspace", re.IGNORECASE)
    )


def test_a_channel_that_is_gone_after_a_new_start_gives_way(desk, stage):
    ana = desk()
    ana.types("/io declare Soon gone")
    ana.modal.get_by_label("Severity", exact=True).select_option(label="Major")
    ana.modal.get_by_role("button", name="Declare").click()
    ana.goes("inc-41")
    expect(ana.page.locator("#where")).to_contain_text("inc-41")

    stage.reset()

    expect(ana.page.locator("#where")).to_contain_text("incidents")
    ana.types("/io oncall")
    expect(ana.messages).to_contain_text("Payments")


def test_who_of_several_took_a_delivery_is_shown(sit):
    settings = Settings(_env_file=None, sandbox_replicas=2)
    with local(settings) as (world, stage):
        ana = sit(world)
        ana.page.get_by_role("button", name="Behind the scenes").click()
        traffic = ana.page.locator("#bs-traffic")
        for bot in ("bot 1", "bot 2"):
            ana.types("/io oncall")
            expect(traffic.get_by_text(f"to {bot}")).to_have_count(1)
            expect(traffic.get_by_text(f"{bot} to Slack").first).to_be_visible()
        ana.picture("replicas")
        answers = ana.messages.get_by_role("article").filter(has_text="Payments")
        expect(answers).to_have_count(2)
        ana.page.get_by_label("Bot 1, which answers").uncheck()
        expect(ana.page.get_by_label("Bot 1, which answers")).to_be_enabled()
        ana.types("/io oncall")
        expect(answers).to_have_count(3)
        # The page shows the latest alone, and both bots read ahead when they start.
        to_bots = [one.by for one in stage.traffic if one.way == "to the app"]
        assert to_bots == ["bot 1", "bot 2", "bot 2"]


def test_the_first_day_begins_again(desk, world):
    ana = desk(channel=HOME_OF_39)
    expect(ana.last).to_contain_text("INC-39")
    for channel in ("general", "C0INC40"):
        world.slack.person("ben").says("Hello", world.slack.channel(channel).id)
    world.slack.person("ben").says("Hm", "dm")
    expect(ana.page.locator(".count")).to_have_text(["1", "1"])
    ana.page.once("dialog", lambda asked: asked.accept())
    ana.page.get_by_role("button", name="Behind the scenes").click()
    ana.page.get_by_role("button", name="Begin the first day again").click()

    told = ana.page.locator("#toasts").get_by_text("The first day has begun.")
    expect(told).to_have_class("fine")
    expect(ana.page.locator(".count")).to_have_count(0)
    expect(ana.last).to_contain_text("INC-39")
    expect(ana.page.locator(".count")).to_have_count(0)


def test_what_was_there_when_the_page_is_opened_after_a_new_start_is_read(desk, stage):
    ana, ben = desk(), desk("ben", HOME_OF_39)
    expect(ben.last).to_contain_text("INC-39")
    addresses = [one.page.url for one in (ana, ben)]
    for one in (ana, ben):
        one.page.goto("about:blank")
    stage.reset()
    ben.page.goto(addresses[1])
    expect(ben.last).to_contain_text("INC-39")
    ana.page.goto(addresses[0])

    expect(ana.page.locator("#where")).to_have_text("# incidents")
    expect(ana.page.locator(f"#c-{HOME_OF_39} .count")).to_have_count(0)


def test_the_page_goes_on_when_the_sandbox_is_started_again(sit):
    with local(Settings(_env_file=None)) as (world, _):
        port = int(world.slack_url.rsplit(":", 1)[1])
        ana = sit(world, channel="C0INC40")
        ana.types("/io declare Soon gone")
        ana.modal.get_by_label("Severity", exact=True).select_option(label="Major")
        ana.modal.get_by_role("button", name="Declare").click()
        ana.goes("inc-41")
        expect(ana.page.locator("#where")).to_contain_text("inc-41")
    expect(ana.page.locator("#connection")).to_contain_text("Reconnecting")

    with local(Settings(_env_file=None), slack_port=port):
        expect(ana.page.locator("#where")).to_have_text("# incidents")
        expect(ana.page.locator("#connection")).to_be_empty()
        ana.types("/io oncall")
        expect(ana.messages).to_contain_text("Payments")


def test_one_who_reads_above_is_left_there(desk, world):
    ana = desk()
    ben = world.slack.person("ben")
    for number in range(30):
        ben.says(f"Line {number}", "incidents")
    expect(ana.last).to_contain_text("Line 29")
    first = ana.messages.get_by_role("article").first
    first.scroll_into_view_if_needed()
    menu = first.get_by_label("More actions on this message")
    menu.click()
    ben.says("Below", "incidents")

    expect(ana.last).to_contain_text("Below")
    expect(first).to_be_in_viewport()
    expect(first.get_by_role("button", name="Reply in thread")).to_be_visible()


def test_two_tabs_show_the_same(desk):
    ana = desk()
    other = ana.page.context.new_page()
    other.goto(ana.page.url)
    ana.types("/io declare In two tabs")
    expect(other.locator("#modal[open]")).to_be_visible()
    ana.modal.get_by_role("button", name="Cancel").click()

    expect(other.locator("#modal")).to_be_hidden()


def test_words_from_right_to_left_and_long_names_fit(desk, world):
    world.slack.person("ben").says("הקופה לא עובדת " + "x" * 300, "incidents")
    ana = desk(viewport=SMALL)

    words = ana.last.locator(".mrkdwn")
    expect(words).to_have_css("direction", "rtl")
    width = ana.page.evaluate("document.documentElement.scrollWidth")
    assert width <= SMALL["width"]


def test_the_clock_is_told_in_the_time_of_who_moves_it(desk):
    hana = desk("hana")
    hana.page.get_by_role("button", name="Behind the scenes").click()
    hana.page.get_by_role("button", name="Next Monday 09:30").click()

    clock = hana.page.locator("#bs-now")
    expect(clock).to_contain_text("09:30")
    expect(clock).to_contain_text("Asia/Tokyo")


def test_unread_counts_survive_a_reload(desk, world):
    ana = desk()
    world.slack.person("ben").says("Hello", "general")
    badge = ana.page.locator("#c-C0GENERAL .count")
    expect(badge).to_have_text("1")

    ana.page.reload()
    expect(badge).to_have_text("1")
    ana.goes("general")
    expect(badge).to_have_count(0)


def test_at_390_pixels_everything_is_within_reach(desk):
    ana = desk(viewport=SMALL)
    ana.picture("small")
    ana.page.get_by_role("button", name="Channels").click()
    ana.goes("general")
    expect(ana.page.locator("#where")).to_contain_text("general")
    ana.types("/io declare From a phone")
    expect(ana.modal.get_by_label("What is happening?")).to_be_visible()
    ana.picture("small-declare")
    wide = ana.page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    assert not wide, "nothing is cut off or scrolls sideways"


def test_the_keyboard_is_enough(desk, world):
    ana = desk()
    page = ana.page
    page.keyboard.type("/io decl")
    expect(page.get_by_role("listbox", name="Completions")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#text")).to_have_value("/io declare ")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Enter")
    expect(ana.modal.get_by_label("What is happening?")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Maj")
    page.keyboard.press("Tab")
    ana.modal.get_by_role("button", name="Declare").focus()
    page.keyboard.press("Enter")

    expect(ana.modal).to_be_hidden()
    assert world.incidentio.incident(41)["name"] == "By keyboard"
    expect(page.locator("#text")).to_be_focused()


def test_what_was_typed_is_recalled(desk):
    ana = desk()
    ana.types("/io oncall")
    box = ana.page.locator("#text")
    box.press("ArrowUp")
    expect(box).to_have_value("/io oncall")


def test_a_thread_is_a_pane_without_commands(desk, world):
    world.slack.person("ben").says("It burns", "incidents")
    ana = desk()
    ana.last.get_by_label("More actions on this message").click()
    ana.last.get_by_role("button", name="Reply in thread").click()
    reply = ana.page.get_by_role("textbox", name="Reply")
    expect(reply).to_be_focused()
    reply.fill("I look")
    reply.press("Enter")

    replies = ana.page.get_by_role("log", name="Replies")
    expect(replies).to_contain_text("I look")
    expect(ana.last).to_contain_text("1 reply")

    ana.page.get_by_role("button", name="Behind the scenes").click()
    expect(replies).to_be_hidden()
    ana.last.get_by_role("button", name="1 reply").click()
    expect(reply).to_be_focused()
    expect(ana.page.get_by_role("heading", name="Clock")).to_be_hidden()


def test_people_are_chosen_in_an_order_and_found_as_one_types(desk):
    ana = desk()
    ana.types("/io page")
    people = ana.modal.locator(".external[data-things]")
    search = people.get_by_role("combobox")
    for typed in ("kim", "ben"):
        search.fill(typed)
        people.get_by_role("option").first.click()
    expect(people.locator(".chips button")).to_have_text(["Kim Park ×", "Ben Okafor ×"])


def test_a_channel_in_a_message_leads_there(desk):
    ana = desk()
    ana.types("/io incident INC-39")
    ana.last.locator("a.mention").first.click()

    expect(ana.page.locator("#where")).to_contain_text("inc-39")
