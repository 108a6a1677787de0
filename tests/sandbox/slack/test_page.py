"""The page, its endpoints, and how markup is drawn."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.slack.page.mrkdwn import Renderer
from sandbox.slack.workspace.store import visitors


@pytest.fixture
def draw(slack):
    def drawn(words, zone="UTC", who="ana"):
        reader = replace(slack.workspace.user(who), timezone=zone)
        return str(Renderer(slack.workspace, reader).mrkdwn(words))

    return drawn


@pytest.fixture
def page(slack):
    """Do something on the page as somebody."""

    def act(deed, who="ana", **said):
        url = f"{slack.url}/sandbox/{deed}"
        return requests.post(url, json={"as": who, **said}, timeout=30).json()

    return act


@pytest.fixture
def look(slack):
    def get(path="page", who="ana", channel="incidents", **more):
        query = {"as": who, "channel": channel, **more}
        return requests.get(f"{slack.url}/{path}", params=query, timeout=30).json()

    return get


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("*bold* _italic_ ~gone~", "<b>bold</b> <i>italic</i> <s>gone</s>"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("`*code*` <x", "<code>*code*</code> &lt;x"),
        ("```a\n<b>```", "<pre>a\n&lt;b&gt;</pre>"),
        ("&gt; quoted\nnot", "<q>quoted</q><br>not"),
        ("&lt;!channel&gt; &amp;amp;", "&lt;!channel&gt; &amp;amp;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<javascript:alert(1)|go>", "&lt;javascript:alert(1)|go&gt;"),
        (":fire: :unknown:", '<span title=":fire:">🔥</span> :unknown:'),
        ("<@U0ANA> <#C0GENERAL|x>", '>@Ana Ferreira</span> <a class="mention"'),
        ("<#C0GENERAL>", 'data-channel="C0GENERAL">#general</a>'),
        ("<#C0GONE|gone>", '<span class="mention">#gone</span>'),
        ("<!channel>", '<span class="mention paging">@channel</span>'),
        ("<!subteam^S1|@oncall>", '<span class="mention">@oncall</span>'),
    ],
)
def test_markup_is_drawn(draw, words, shown):
    assert shown in draw(words)


def test_links_are_drawn_and_escaped(draw):
    shown = draw('<https://x.example/?a=1&amp;b="|A &lt;b&gt;>')
    assert 'href="https://x.example/?a=1&amp;b=&quot;"' in shown
    assert ">A &lt;b&gt;</a>" in shown


@pytest.mark.parametrize(
    ("form", "zone", "shown"),
    [
        ("{date_num} {time}", "UTC", "2026-03-01 11:30 PM"),
        ("{date_num} {time}", "Asia/Tokyo", "2026-03-02 8:30 AM"),
        ("{date_short_pretty}", "UTC", "yesterday"),
        ("{date_short_pretty}", "Asia/Tokyo", "today"),
        ("{date_long}", "UTC", "Sunday, March 1, 2026"),
        ("{date_slash}", "UTC", "01/03/2026"),
        ("{date_long_full}", "UTC", "March 1, 2026"),
        ("{day_divider_pretty}", "UTC", "yesterday"),
        ("{day_divider_pretty}", "Asia/Tokyo", "today"),
        ("{ago}", "UTC", "9 hours ago"),
    ],
)
def test_dates_are_the_readers(draw, form, zone, shown):
    stamp = int(datetime(2026, 3, 1, 23, 30, tzinfo=UTC).timestamp())
    drawn = draw(f"<!date^{stamp}^{form}|then>", zone)
    assert f'<time title="then">{shown}</time>' in drawn


@pytest.fixture
def secret(slack):
    return slack.add_channel("C0SECRET", "layoffs", private=True, members=["ana"])


@pytest.mark.parametrize("words", ["<#C0SECRET>", "<#C0SECRET|layoffs>"])
def test_a_private_channel_has_a_name_only_for_its_members(draw, secret, words):
    assert 'data-channel="C0SECRET">#layoffs</a>' in draw(words)
    hidden = draw(words, who="ben")
    assert hidden == '<span class="mention">🔒 private channel</span>'


def test_a_private_channel_is_not_named_anywhere_on_the_page(
    secret, web, ana, ben, look
):
    written = ben.writes("See https://app.incident.io/x and #layoffs", "incidents")
    assert written.text.endswith("and #layoffs"), "he could not mean that channel"
    mention = {"type": "mrkdwn", "text": "In <#C0SECRET|layoffs>"}
    card = {"blocks": [{"type": "section", "text": mention}]}
    link = "https://app.incident.io/x"
    web.chat_unfurl(channel=written.channel, ts=written.ts, unfurls={link: card})
    leaf = {"type": "channel", "channel_id": "C0SECRET"}
    rich = {"type": "rich_text_section", "elements": [leaf]}
    blocks = [{"type": "rich_text", "elements": [rich]}]
    web.chat_postMessage(channel="C0INCIDENTS", text="<#C0SECRET>", blocks=blocks)
    chosen = {"type": "multi_channels_select", "initial_channels": ["C0SECRET"]}
    entry = {"type": "input", "label": mention | {"type": "plain_text", "text": "In"}}
    web.views_publish(
        user_id="U0BEN", view={"type": "home", "blocks": [entry | {"element": chosen}]}
    )
    ana.writes("Go to #layoffs", "incidents")

    assert "layoffs" in str(look())
    seen = str(look(who="ben")) + str(look(who="ben", channel="home"))
    assert "layoffs" not in seen.replace("and #layoffs", "")
    assert seen.count("private channel") == 4


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen, self.links = set(), []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.links += [value for name, value in attrs if name == "href"]


PIECES = ["<", ">", "|", "&", "*", "_", "`", "```", "!date^1^", "https://x", '"', "'"]
MARKUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=MARKUP)
def test_no_text_becomes_other_html_than_ours(draw, words):
    tags = Tags()
    tags.feed(draw(words))
    ours = {"a", "b", "i", "s", "q", "br", "code", "pre", "span", "time"}
    assert tags.seen <= ours
    assert all(link.startswith(("http", "mailto:")) for link in tags.links)


def test_the_page_is_served_with_its_people(slack):
    answer = requests.get(slack.url, timeout=30)
    assert "Ana Ferreira" in answer.text
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for name in ("main.js", "vendor/idiomorph.js", "page.css", "blocks.css"):
        assert requests.get(f"{slack.url}/static/{name}", timeout=30).ok


def test_people_are_grouped_by_what_they_may_do(slack):
    text = requests.get(f"{slack.url}/", timeout=30).text
    for role in ("Owner", "Administrator", "Responder", "Viewer", "Without an account"):
        assert f'<optgroup label="{role}' in text


def test_a_channel_or_person_that_is_gone_gives_way_to_the_first(look):
    assert look(channel="C0GONE")["channel"] == "C0INCIDENTS"
    assert look(who="nobody")["channel"] == "C0INCIDENTS"


def test_guests_and_other_companies_see_their_channels_alone(slack, look, draw):
    for visitor in visitors():
        slack.workspace.users[visitor.id] = visitor
    slack.channel("general").members.add("U0GIA")
    slack.add_channel("C0GLOBEX", "shared", members=["ana", "ole"])

    def places(who):
        shown = look(who=who)
        names = [one["name"] for one in shown["channels"] if one["mark"] == "#"]
        return shown["channel"], names

    assert places("gia") == ("C0GENERAL", ["general"])
    assert places("ole") == ("C0GLOBEX", ["shared"])
    assert "incidents" in places("ana")[1]
    assert "private channel" in draw("<#C0INCIDENTS>", who="gia")


def test_a_thread_stands_beside_the_messages(ana, look):
    first = ana.writes("It burns", "incidents")
    ana.writes("I look", "incidents", first.ts)

    shown = look(thread=first.ts)
    assert "I look" in shown["thread"]
    assert "It burns" in shown["thread"]
    assert "I look" not in shown["main"]
    assert "1 reply" in shown["main"]
    assert look(thread="1.1")["thread"] is None


def test_each_channel_says_when_something_was_said_there(ana, look):
    said = ana.writes("Hello", "general")
    channels = {one["name"]: one for one in look(who="ben")["channels"]}
    assert channels["general"]["said"] == [said.ts]


def test_what_apps_say_of_the_first_day_is_no_news(web, ana, look, clock):
    def said(place):
        found = {one["id"]: one["said"] for one in look(who="ben")["channels"]}
        return len(found[place])

    def post():
        web.chat_postMessage(channel="C0GENERAL", text="INC-1")
        web.chat_postMessage(channel="U0BEN", text="Psst")
        return said("C0GENERAL"), said("dm")

    assert post() == (0, 0)
    ana.writes("Hello", "incidents")
    assert post() == (0, 1)
    clock.advance(minutes=1)
    assert post() == (1, 2)


def test_somebody_writes_and_others_read(page, look):
    assert page("type", channel="incidents", text="Hello @ben <b>")["ok"]
    drawn = look(who="ben")["main"]
    assert 'Hello <span class="mention">@Ben Okafor</span> &lt;b&gt;' in drawn


def test_a_command_a_modal_and_its_errors(declares, page, look):
    page("type", channel="incidents", text="/io declare")
    assert "Severity" in look()["modal"]
    assert look(who="ben")["modal"] is None

    assert page("submit")["errors"] == {"title": "Please complete this required field."}
    assert "Please complete this required field." in look()["modal"]

    element = {"block_id": "title", "action_id": "title"}
    page("choose", element=element, value="It burns")
    assert look("sandbox/screen")["modal"]["state"]["values"]["title"]["title"] == {
        "type": "plain_text_input",
        "value": "It burns",
    }
    page("close")
    assert look()["modal"] is None


def test_a_picked_moment_is_in_the_persons_zone(page, look, slack, web):
    element = {"type": "datetimepicker", "action_id": "at"}
    label = {"type": "plain_text", "text": "At"}
    block = {"type": "input", "block_id": "at", "label": label, "element": element}
    view = {"type": "modal", "title": label, "submit": label, "blocks": [block]}
    web.views_open(trigger_id=slack.triggers.issue("U0HANA"), view=view)

    at = {"block_id": "at", "action_id": "at", "type": "datetimepicker"}
    page("choose", "hana", element=at, value="2026-03-02T09:00")

    stamp = slack.person("hana").modal.fields["at"].value
    assert datetime.fromtimestamp(stamp, UTC).hour == 0
    slack.views.clear("U0HANA")


def test_the_zone_and_the_days_are_those_of_who_looks(look, slack, ana, clock):
    ana.writes("Late", "incidents")
    clock.advance(hours=12)
    ana.writes("Later", "incidents")

    at_home, in_tokyo = look(), look(who="hana")

    assert at_home["zone"] == "Times in Europe/Lisbon, UTC+0"
    assert in_tokyo["zone"] == "Times in Asia/Tokyo, UTC+9"
    assert at_home["main"].count('class="day"') == 1
    assert ">Today</time>" in at_home["main"]
    assert ">9:00 AM</time>" in at_home["main"]
    assert ">Yesterday</time>" in in_tokyo["main"]
    assert ">6:00 PM</time>" in in_tokyo["main"]


def test_a_view_that_was_pushed_leads_back_to_what_was_typed(
    declares, page, look, slack, web, form
):
    page("type", channel="incidents", text="/io declare")
    element = {"block_id": "title", "action_id": "title"}
    page("choose", element=element, value="It burns")
    trigger = slack.triggers.issue("U0ANA")
    on_top = form(title={"type": "plain_text", "text": "Severities"})
    web.views_push(trigger_id=trigger, view=on_top)
    assert "Severities" in look()["modal"]
    assert 'aria-label="Back to Declare"' in look()["modal"]

    page("close")
    assert 'value="It burns"' in look()["modal"]
    assert "Back to" not in look()["modal"]

    web.views_push(trigger_id=slack.triggers.issue("U0ANA"), view=form())
    assert page("dismiss")["ok"]
    assert look()["modal"] is None
    assert page("dismiss")["error"] == "ana has no modal open"


def test_feedback_and_icon_buttons_are_pressed(app, page, look, web, slack):
    told = []
    app.action("rate")(lambda ack, action: (ack(), told.append(action)))
    app.action("drop")(lambda ack, action: (ack(), told.append(action)))

    def half(words, value):
        return {"text": {"type": "plain_text", "text": words}, "value": value}

    rate = {"type": "feedback_buttons", "action_id": "rate"}
    rate |= {"positive_button": half("Good", "1"), "negative_button": half("Bad", "0")}
    drop = {"type": "icon_button", "action_id": "drop", "icon": "trash"}
    drop |= half("Delete", "all") | {"visible_to_user_ids": ["U0ANA"]}
    row = {"type": "context_actions", "block_id": "row", "elements": [rate, drop]}
    ts = web.chat_postMessage(channel="C0INCIDENTS", text="Answer", blocks=[row])["ts"]
    place = {"channel": "incidents", "message": ts, "block_id": "row"}

    assert page("press", element=place | {"action_id": "rate"}, value="0")["ok"]
    assert page("press", element=place | {"action_id": "drop"})["ok"]
    slack.person("ben").presses("Good")

    assert "Delete" in look()["main"]
    assert "Delete" not in look(who="ben")["main"]
    with pytest.raises(LookupError, match="Delete"):
        slack.person("ben").presses("Delete")
    assert [(one["type"], one["value"]) for one in told] == [
        ("feedback_buttons", "0"),
        ("icon_button", "all"),
        ("feedback_buttons", "1"),
    ]
    assert told[1]["icon"] == "trash"
    assert set(told[0]) == {
        *("type", "action_id", "block_id", "action_ts", "text", "value"),
    }


def test_cards_tasks_and_plans_are_drawn(app, web, look, page, slack):
    def words(text):
        return {"type": "mrkdwn", "text": text}

    label = {"type": "plain_text", "text": "Open"}
    go = {"type": "button", "action_id": "go", "text": label}
    card = {"type": "card", "title": words("*Checkout*"), "body": words("It is slow")}
    card |= {"subtitle": words("Major"), "subtext": words("2 h ago"), "actions": [go]}
    card |= {"slack_icon": {"type": "icon", "name": "warning"}}
    text = {"type": "text", "text": "Read 12 logs", "style": {"italic": True}}
    section = {"type": "rich_text_section", "elements": [text]}
    done = {"type": "rich_text", "elements": [section]}
    source = {"type": "url", "url": "https://x.example", "text": "x.example"}
    task = {"task_id": "1", "title": "Look", "status": "complete", "output": done}
    blocks = [
        {"type": "carousel", "elements": [card, {"type": "card", "body": words("B")}]},
        {"type": "task_card", **task, "sources": [source]},
        {
            "type": "plan",
            "title": "Plan",
            "tasks": [task, {"task_id": "2", "title": "Wait"}],
        },
    ]
    pressed = []
    app.action("go")(lambda ack, action: (ack(), pressed.append(action["type"])))
    web.chat_postMessage(channel="C0INCIDENTS", text="Work", blocks=blocks)

    drawn = look()["main"]
    assert "<b>Checkout</b>" in drawn
    assert 'aria-label="complete"' in drawn
    assert 'aria-label="pending"' in drawn
    assert "<i>Read 12 logs</i>" in drawn
    assert ">x.example</a>" in drawn
    message = slack.person("ana").last
    assert message.buttons == ["Open"]
    assert message.words.splitlines()[:6] == [
        *("*Checkout*", "Major", "It is slow", "2 h ago", "Open", "B"),
    ]
    slack.person("ana").presses("Open")
    assert pressed == ["button"]


def test_buttons_and_ephemerals_on_the_page(app, page, look, web, slack):
    pressed = []
    app.action("go")(lambda ack, body: (ack(), pressed.append(body["user"]["id"])))
    label = {"type": "plain_text", "text": "Go"}
    button = {"type": "button", "text": label, "action_id": "go"}
    blocks = [{"type": "actions", "block_id": "row", "elements": [button]}]
    web.chat_postEphemeral(
        channel="C0INCIDENTS", user="U0ANA", text="For you", blocks=blocks
    )
    ts = slack.person("ana").last.ts
    element = {"channel": "incidents", "message": ts, "block_id": "row"}
    element["action_id"] = "go"

    assert "Only visible to you" in look()["main"]
    assert "Only visible to you" not in look(who="ben")["main"]
    assert page("press", element=element)["status"] == 200
    assert page("press", "ben", element=element)["error"] == "the message is gone"
    assert pressed == ["U0ANA"]


def test_a_reaction_is_an_emoji(ana, look, web):
    said = ana.writes("It burns", "incidents")
    web.reactions_add(channel="C0INCIDENTS", timestamp=said.ts, name="fire")
    assert '<span title=":fire:">🔥</span> 1' in look()["main"]


def test_a_failure_is_shown(page, look):
    assert page("type", channel="dm", text="/io")["error"] == "dispatch_failed"
    assert look()["toasts"] == ['/io failed with the error "dispatch_failed"']


def test_what_changes_arrives_without_asking_again(look, slack, ana):
    seen = look()
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(look, since=seen["version"], begun=seen["begun"])
        slack.person("ben").says("News", "incidents")
        assert "News" in waiting.result(timeout=10)["main"]


def test_direct_messages_and_home_have_their_places(look, web):
    web.chat_postMessage(channel="U0ANA", text="Psst")
    assert "Psst" in look(channel="dm")["main"]
    assert "Psst" not in look(channel="incidents")["main"]
    assert "has not shown anything" in look(channel="home")["main"]


def test_tables_containers_and_alerts_are_drawn(look, web, slack):
    def words(text):
        return {"type": "plain_text", "text": text}

    def cell(text):
        return {"type": "raw_text", "text": text}

    link = {"type": "link", "url": "https://x.example", "text": "INC-1"}
    date = {"type": "date", "timestamp": 0, "format": "{date_num}", "fallback": "then"}
    section = {"type": "rich_text_section", "elements": [link, date]}
    rich = {"type": "rich_text", "elements": [section]}
    rows = [[cell("Incident")], [rich], [cell("INC-2")], [cell("INC-3")]]
    table = {"type": "data_table", "caption": "Live", "rows": rows, "page_size": 2}
    button = {"type": "button", "text": words("Go"), "action_id": "go"}
    folded = {
        "type": "container",
        "title": words("Details"),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": [{"type": "actions", "elements": [button]}],
    }
    web.chat_postMessage(channel="C0INCIDENTS", text="Live", blocks=[table, folded])
    drawn = look()["main"]
    assert "<caption>Live</caption>" in drawn
    assert "<th>Incident</th>" in drawn
    assert ">INC-1</a>" in drawn
    assert drawn.count("<tbody hidden>") == 1
    assert "of 2" in drawn
    assert "<details ><summary><b>Details</b></summary>" in drawn
    message = slack.person("ana").last
    assert message.buttons == ["Go"]
    assert "INC-2" in message.words

    alert = {"type": "alert", "text": words("It is gone for ever"), "level": "warning"}
    view = {"type": "modal", "title": words("Delete"), "blocks": [alert]}
    web.views_open(trigger_id=slack.triggers.issue("U0ANA"), view=view)
    assert 'class="mrkdwn warning" role="alert">It is gone for ever' in look()["modal"]
    slack.views.clear("U0ANA")


def test_another_site_may_not_drive_it(slack):
    url, said = f"{slack.url}/sandbox/home", {"as": "ana"}
    evil = {"Origin": "https://evil.example"}
    assert requests.post(url, json=said, headers=evil, timeout=30).status_code == 403
    assert requests.post(url, data="as=ana", timeout=30).status_code == 415
    assert requests.post(url, json={"as": "eva"}, timeout=30).status_code == 404


def test_another_program_on_this_machine_can_be_the_app(slack):
    at = f"{slack.url}/sandbox/app"

    taken = requests.put(
        at, json={"request_url": "http://127.0.0.1:9/events"}, timeout=5
    )
    refused = requests.put(at, json={"request_url": "http://10.0.0.1/x"}, timeout=30)

    assert (taken.status_code, refused.status_code) == (200, 400)
    assert slack.courier.takers == {"": "http://127.0.0.1:9/events"}


def test_another_program_can_take_blocks_from_the_workspace(slack):
    at = f"{slack.url}/sandbox/blocks"
    assert requests.put(at, json={"unsupported": ["alert"]}, timeout=30).ok
    assert slack.workspace.unsupported_blocks == {"alert"}
    assert requests.put(at, json={"unsupported": []}, timeout=30).ok
    assert slack.workspace.unsupported_blocks == set()


def test_whoever_waits_for_a_change_sees_a_new_start(slack, look):
    seen = look()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(look, since=seen["version"], begun=seen["begun"])
        slack.reset()
        anew = waiting.result(5)
    assert anew["version"] > seen["version"]
    assert anew["begun"] != seen["begun"]


def test_a_page_of_an_earlier_start_waits_for_nothing(look):
    seen = look()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(look, since=seen["version"], begun="an earlier one")
        assert asked.result(timeout=10)["begun"] == seen["begun"]
