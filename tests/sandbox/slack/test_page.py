"""The page, its endpoints, and how markup is drawn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.slack.page.mrkdwn import Renderer


@pytest.fixture
def draw(slack):
    return lambda words, zone="UTC": str(Renderer(slack.workspace, zone).mrkdwn(words))


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
        ("{ago}", "UTC", "9 hours ago"),
    ],
)
def test_dates_are_the_readers(draw, form, zone, shown):
    stamp = int(datetime(2026, 3, 1, 23, 30, tzinfo=UTC).timestamp())
    drawn = draw(f"<!date^{stamp}^{form}|then>", zone)
    assert f'<time title="then">{shown}</time>' in drawn


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
    assert slack.courier.request_url == "http://127.0.0.1:9/events"


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
