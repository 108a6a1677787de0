"""The Web API, with Slack's own client."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox.slack.asking import refusal

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "*INC-12*"}}]


def test_the_bot_is_told_who_it_is_and_what_it_may(web):
    answer = web.auth_test()

    assert answer["user_id"] == "U0BOT"
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("token", "error"),
    [
        (None, "not_authed"),
        ("xoxb-other", "invalid_auth"),
        ("xapp-sandbox", "not_allowed_token_type"),
    ],
)
def test_a_wrong_token_is_refused(slack, token, error):
    web = WebClient(token, base_url=f"{slack.url}/api/")
    assert refusal(web.auth_test)["error"] == error


def test_a_token_may_come_in_the_body(slack):
    form = {"token": "xoxb-sandbox", "user": "U0ANA"}
    answer = requests.post(f"{slack.url}/api/users.info", data=form, timeout=30)
    assert answer.json()["user"]["profile"]["email"] == "ana@acme.example"


def test_an_app_is_told_which_bot_it_is(web):
    bot = web.bots_info(bot=web.auth_test()["bot_id"])["bot"]
    assert (bot["user_id"], bot["name"]) == ("U0BOT", "incidentio-bot")
    assert refusal(web.bots_info, bot="B0OTHER")["error"] == "bot_not_found"


def test_an_unknown_method_is_unknown(web):
    assert refusal(web.api_call, "chat.shout")["error"] == "unknown_method"


def test_a_missing_scope_is_named(slack, web):
    slack.scopes.discard("chat:write")
    answer = refusal(web.chat_postMessage, channel="C0INCIDENTS", text="Hello")
    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "chat:write"
    assert "users:read" in answer["provided"]


def test_an_email_takes_a_scope_of_its_own(slack, web):
    slack.scopes.discard("users:read.email")
    assert "email" not in web.users_info(user="U0ANA")["user"]["profile"]
    answer = refusal(web.users_lookupByEmail, email="ana@acme.example")
    assert answer["needed"] == "users:read.email"


def test_a_person_has_a_time_zone(web, clock):
    kim = web.users_info(user="U0KIM")["user"]
    assert kim["tz"] == "America/Los_Angeles"
    assert kim["tz_offset"] == -8 * 3600


def test_people_and_channels_have_what_other_frameworks_require(web):
    user = web.users_info(user="U0KIM")["user"]
    assert {"is_owner", "is_primary_owner", "updated", "is_app_user"} <= user.keys()
    required = {"avatar_hash", "real_name_normalized", "display_name_normalized"}
    assert {*required, "team", "status_text"} <= user["profile"].keys()
    channels = web.conversations_list(types="public_channel,im")["channels"]
    assert all({"id", "created", "is_archived"} <= one.keys() for one in channels)


def test_people_are_listed_in_pages(web):
    found = [user["id"] for page in web.users_list(limit=5) for user in page["members"]]
    assert len(found) == len(set(found)) == 15
    assert refusal(web.users_info, user="U0NOBODY")["error"] == "user_not_found"


def test_a_message_is_posted_edited_and_deleted(web, ana):
    posted = web.chat_postMessage(channel="C0INCIDENTS", text="One", blocks=BLOCKS)
    assert ana.last.words == "*INC-12*"

    web.chat_update(channel="C0INCIDENTS", ts=posted["ts"], text="Two")
    assert ana.last.text == "Two"
    assert ana.last.edited
    assert ana.last.blocks, "blocks that are not mentioned stay"

    web.chat_update(channel="C0INCIDENTS", ts=posted["ts"], text="Two", blocks=[])
    assert ana.last.words == "Two"

    web.chat_delete(channel="C0INCIDENTS", ts=posted["ts"])
    assert ana.sees() == []
    answer = refusal(web.chat_update, channel="C0INCIDENTS", ts=posted["ts"], text="x")
    assert answer["error"] == "message_not_found"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
        ({"channel": "U0LEE"}, "channel_not_found"),
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"blocks": "[{"}, "invalid_blocks_format"),
        ({"metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"thread_ts": "1.000000"}, "thread_not_found"),
    ],
)
def test_what_cannot_be_posted(web, changes, error):
    message = {"channel": "C0INCIDENTS", "text": "Hello"} | changes
    answer = refusal(web.api_call, "chat.postMessage", json=message)
    assert answer["error"] == error


def test_broken_blocks_are_refused_with_a_pointer(web):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    answer = refusal(
        web.chat_postMessage, channel="C0INCIDENTS", text="x", blocks=blocks
    )
    said = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [said]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {said}"]


def test_the_bot_posts_where_it_is_no_member_only_with_the_scope(slack, web):
    web.chat_postMessage(channel="C0NOBOT", text="Hello")
    slack.scopes.discard("chat:write.public")
    answer = refusal(web.chat_postMessage, channel="C0NOBOT", text="Hello")
    assert answer["error"] == "not_in_channel"


def test_a_private_channel_without_the_bot_does_not_exist_for_it(slack, web):
    slack.add_channel("C0HR", "hr", private=True, members=["ana"], has_bot=False)
    answer = refusal(web.chat_postMessage, channel="C0HR", text="Hello")
    assert answer["error"] == "channel_not_found"


def test_an_archived_channel_takes_no_messages(slack, web):
    slack.channel("general").archived = True
    answer = refusal(web.chat_postMessage, channel="C0GENERAL", text="Hello")
    assert answer["error"] == "is_archived"


def test_a_message_to_a_person_opens_a_direct_message(web, ana, ben):
    dm = web.conversations_open(users="U0ANA")["channel"]["id"]
    assert web.chat_postMessage(channel="U0ANA", text="Psst")["channel"] == dm
    assert [message.text for message in ana.dm] == ["Psst"]
    assert ben.sees() == []
    assert refusal(web.conversations_open, users="U0LEE")["error"] == "user_disabled"


def test_an_ephemeral_message_is_for_one_person_who_is_there(slack, web, ana, ben):
    web.chat_postEphemeral(channel="C0INCIDENTS", user="U0ANA", text="Psst")
    assert ana.last.ephemeral
    assert ben.sees() == []

    slack.channel("incidents").members.discard("U0BEN")
    answer = refusal(
        web.chat_postEphemeral, channel="C0INCIDENTS", user="U0BEN", text="Psst"
    )
    assert answer["error"] == "user_not_in_channel"
    assert (
        refusal(web.chat_update, channel="C0INCIDENTS", ts=ana.last.ts, text="Never")[
            "error"
        ]
        == "message_not_found"
    )


def test_replies_stay_in_their_thread(web, ana):
    parent = web.chat_postMessage(channel="C0INCIDENTS", text="Parent")["ts"]
    web.chat_postMessage(channel="C0INCIDENTS", text="Reply", thread_ts=parent)

    history = web.conversations_history(channel="C0INCIDENTS")["messages"]
    replies = web.conversations_replies(channel="C0INCIDENTS", ts=parent)["messages"]

    assert [message["text"] for message in history] == ["Parent"]
    assert [message["text"] for message in replies] == ["Parent", "Reply"]


def test_metadata_is_found_again_in_the_history(web, clock):
    metadata = {"event_type": "reminder", "event_payload": {"slot": "7"}}
    web.chat_postMessage(channel="C0INCIDENTS", text="Due", metadata=metadata)
    clock.advance(minutes=1)
    web.chat_postMessage(channel="C0INCIDENTS", text="Later")

    since = str((clock() - timedelta(seconds=90)).timestamp())
    found = web.conversations_history(
        channel="C0INCIDENTS", oldest=since, include_all_metadata=True
    )["messages"]

    assert [message["text"] for message in found] == ["Later", "Due"]
    assert found[1]["metadata"] == metadata
    plain = web.conversations_history(channel="C0INCIDENTS", limit=1)
    assert plain["has_more"]
    assert "metadata" not in plain["messages"][0]


def test_only_the_bots_own_messages_can_be_changed(slack, web):
    theirs = slack.person("ana").says("Mine", "incidents")
    answer = refusal(web.chat_update, channel="C0INCIDENTS", ts=theirs.ts, text="x")
    assert answer["error"] == "cant_update_message"


def test_a_permalink_names_channel_and_moment(web):
    ts = web.chat_postMessage(channel="C0INCIDENTS", text="Hello")["ts"]
    link = web.chat_getPermalink(channel="C0INCIDENTS", message_ts=ts)["permalink"]
    assert link.endswith(f"/archives/C0INCIDENTS/p{ts.replace('.', '')}")


def test_a_reaction_is_added_once(web, ana):
    ts = web.chat_postMessage(channel="C0INCIDENTS", text="Hello")["ts"]
    said = {"channel": "C0INCIDENTS", "timestamp": ts, "name": "eyes"}
    web.reactions_add(**said)
    assert ana.last.reactions == {"eyes": ["U0BOT"]}
    assert refusal(web.reactions_add, **said)["error"] == "already_reacted"


def test_a_message_is_pinned_once(web, ana, slack):
    ts = web.chat_postMessage(channel="C0INCIDENTS", text="Hello")["ts"]
    web.pins_add(channel="C0INCIDENTS", timestamp=ts)
    assert ana.last.pinned_by == "U0BOT"
    (shown,) = web.conversations_history(channel="C0INCIDENTS")["messages"]
    assert shown["pinned_to"] == ["C0INCIDENTS"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({}, "already_pinned"),
        ({"timestamp": ""}, "no_item_specified"),
        ({"timestamp": "yesterday"}, "bad_timestamp"),
        ({"timestamp": "1.000000"}, "message_not_found"),
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
        ({"channel": "C0NOBOT"}, "not_in_channel"),
    ],
)
def test_what_cannot_be_pinned(web, changes, error):
    ts = web.chat_postMessage(channel="C0INCIDENTS", text="Hello")["ts"]
    web.pins_add(channel="C0INCIDENTS", timestamp=ts)
    asked = {"channel": "C0INCIDENTS", "timestamp": ts, **changes}
    assert refusal(web.pins_add, **asked)["error"] == error


def test_a_channel_holds_a_hundred_pins(web, slack):
    slack.limits.off()
    for number in range(101):
        ts = web.chat_postMessage(channel="C0INCIDENTS", text=str(number))["ts"]
        slack.channel("C0INCIDENTS").find(ts).pinned_by = "U0BOT"
    slack.channel("C0INCIDENTS").find(ts).pinned_by = None
    asked = {"channel": "C0INCIDENTS", "timestamp": ts}
    assert refusal(web.pins_add, **asked)["error"] == "too_many_pins"


def test_pinning_takes_a_scope(web, slack):
    ts = web.chat_postMessage(channel="C0INCIDENTS", text="Hello")["ts"]
    slack.scopes.discard("pins:write")
    asked = {"channel": "C0INCIDENTS", "timestamp": ts}
    assert refusal(web.pins_add, **asked)["error"] == "missing_scope"


def test_channels_and_their_members(slack, web):
    slack.open_incident_channel(12, "Database: écrans noirs & more", False, ["U0ANA"])

    names = {channel["name"] for channel in web.conversations_list()["channels"]}
    inside = web.conversations_members(channel="C0INC12")["members"]

    assert {"general", "inc-12-database-ecrans-noirs-more"} <= names
    assert inside == ["U0ANA", "U0BOT"]
    assert not web.conversations_info(channel="C0NOBOT")["channel"]["is_member"]
    assert web.conversations_join(channel="C0NOBOT")["channel"]["is_member"]


def test_groups_and_quiet_hours(slack, web, clock):
    slack.usergroups["S0ONCALL"] = ("oncall", ["U0ANA"])
    slack.dnd["U0ANA"] = (clock(), clock() + timedelta(hours=8))

    groups = web.usergroups_list(include_users=True)["usergroups"]

    assert groups[0]["users"] == ["U0ANA"]
    assert web.usergroups_users_list(usergroup="S0ONCALL")["users"] == ["U0ANA"]
    assert web.dnd_info(user="U0ANA")["dnd_enabled"]
    assert not web.dnd_info(user="U0BEN")["dnd_enabled"]


def test_quiet_hours_of_many_are_told_at_once(slack, web, clock):
    slack.dnd["U0ANA"] = (clock(), clock() + timedelta(hours=8))

    told = web.dnd_teamInfo(users=["U0ANA", "U0BEN", "U0NOBODY"])["users"]

    assert {id_: each["dnd_enabled"] for id_, each in told.items()} == {
        "U0ANA": True,
        "U0BEN": False,
    }
    assert refusal(web.dnd_teamInfo, users=["U0ANA"] * 51)["error"] == "too_many_users"


def test_who_left_is_listed_and_takes_no_messages(slack, web):
    slack.deactivate("ben")

    left = {user["id"] for user in web.users_list()["members"] if user["deleted"]}

    assert left == {"U0BEN", "U0LEE"}
    assert refusal(web.chat_postMessage, channel="U0BEN", text="Hello")


def test_blocks_can_be_validated_without_being_posted(web):
    assert web.blocks_validate(blocks=BLOCKS)["ok"]
    broken = [{"type": "section", "text": {"type": "invalid", "text": "x"}}]
    answer = refusal(web.blocks_validate, blocks=broken)
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][0] == {
        "code": "failed_constraint",
        "message": "unsupported type: invalid",
        "pointer": "/0/text/type",
        "constraint": {"type": "enum", "expected": ["plain_text", "mrkdwn"]},
    }
    assert refusal(web.blocks_validate)["error"] == "invalid_arguments"


def test_a_channel_takes_a_burst_and_then_a_message_a_second(web, clock):
    for number in range(5):
        web.chat_postMessage(channel="C0INCIDENTS", text=str(number))
    answer = refusal(web.chat_postMessage, channel="C0INCIDENTS", text="6")
    assert answer.status_code == 429
    assert answer["error"] == "ratelimited"
    assert answer.headers["Retry-After"] == "1"

    web.chat_postMessage(channel="C0GENERAL", text="another channel")
    clock.advance(seconds=1)
    web.chat_postMessage(channel="C0INCIDENTS", text="6")


def test_methods_have_tiers(slack, web, clock):
    for _ in range(20):
        web.users_list(limit=1)
    assert refusal(web.users_list).headers["Retry-After"] == "3"

    slack.limits.off()
    web.users_list()


def test_faults_come_when_asked_for(slack, web):
    slack.fail("chat.*", error="internal_error", times=1)
    slack.fail("users.info", status=503)
    slack.fail("auth.test", retry_after=30)

    message = {"channel": "C0INCIDENTS", "text": "Hello"}
    assert refusal(web.chat_postMessage, **message)["error"] == "internal_error"
    assert web.chat_postMessage(**message)["ok"]
    assert refusal(web.users_info, user="U0ANA").status_code == 503
    assert refusal(web.auth_test).headers["Retry-After"] == "30"

    slack.clear_faults()
    assert web.auth_test()["ok"]


def test_clearing_faults_lets_delayed_calls_go_on(slack, web):
    slack.fail("auth.test", delay=30)
    slack.fail("users.info", delay=30)
    with ThreadPoolExecutor() as pool:
        waiting = [
            pool.submit(web.auth_test),
            pool.submit(web.users_info, user="U0ANA"),
        ]
        assert not wait(waiting, timeout=0.1).done
        slack.clear_faults()
        assert all(call.result(timeout=30)["ok"] for call in waiting)


def test_an_answer_can_be_lost_after_the_message_was_posted(slack, ana):
    slack.fail("chat.postMessage", drop="after", times=1)
    web = WebClient("xoxb-sandbox", base_url=f"{slack.url}/api/", retry_handlers=[])

    with pytest.raises(OSError, match="Remote end closed"):
        web.chat_postMessage(channel="C0INCIDENTS", text="Hello")

    assert ana.last.text == "Hello"
    assert slack.calls[-1].error == "dropped"


def test_a_message_can_be_posted_and_answered_with_a_failure(slack, web, ana):
    slack.fail("chat.postMessage", status=500, after=True, times=1)

    with pytest.raises(SlackApiError) as failed:
        web.chat_postMessage(channel="C0INCIDENTS", text="Hello")

    assert failed.value.response.status_code == 500
    assert ana.last.text == "Hello"


def test_calls_are_recorded(slack, web, clock):
    web.chat_postMessage(channel="C0INCIDENTS", text="Hello")
    call = slack.calls[-1]
    assert (call.method, call.error, call.at) == ("chat.postMessage", None, clock())
    assert call.args["text"] == "Hello"


def test_a_reset_forgets_everything(slack, web, ana):
    web.chat_postMessage(channel="C0INCIDENTS", text="Hello")
    slack.reset()
    assert ana.sees() == slack.calls == []


def test_only_this_machine_is_served(slack):
    answer = requests.get(slack.url, headers={"Host": "evil.example"}, timeout=30)
    assert answer.status_code == 403


LINK = "https://app.incident.io/acme/incidents/12"


@pytest.fixture
def linked(slack):
    return slack.person("ana").says(
        f"See <{LINK}> and <https://example.com>", "incidents"
    )


def test_a_card_is_attached_to_a_link_and_replaced(web, linked):
    for words in ("*first*", "*second*"):
        card = {
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": words}}]
        }
        web.chat_unfurl(channel=linked.channel, ts=linked.ts, unfurls={LINK: card})
    (blocks,) = linked.unfurls.values()
    assert blocks[0]["text"]["text"] == "*second*"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"unfurls": {}}, "missing_unfurls"),
        ({"unfurls": [1]}, "invalid_unfurls_format"),
        ({"unfurls": {"https://example.com": {"blocks": BLOCKS}}}, "cannot_unfurl_url"),
        ({"unfurls": {LINK: {"blocks": [{"type": "poem"}]}}}, "invalid_blocks"),
        ({"ts": "1.1"}, "cannot_find_message"),
        ({"channel": None, "ts": None}, "missing_channel"),
        ({"unfurl_id": "C.1"}, "missing_source"),
        ({"unfurl_id": "C.1", "source": "elsewhere"}, "invalid_source"),
    ],
)
def test_a_card_that_slack_would_refuse_is_refused(web, linked, changed, error):
    given = {
        "channel": linked.channel,
        "ts": linked.ts,
        "unfurls": {LINK: {"blocks": BLOCKS}},
    }
    answer = refusal(web.api_call, "chat.unfurl", json={**given, **changed})
    assert answer["error"] == error


def test_a_card_takes_a_scope(slack, web, linked):
    slack.scopes.discard("links:write")
    given = {"channel": linked.channel, "ts": linked.ts, "unfurls": {LINK: {}}}
    assert refusal(web.api_call, "chat.unfurl", json=given)["needed"] == "links:write"
