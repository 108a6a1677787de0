"""What a workspace does not take yet is sent plainly: once, and remembered."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import AlertBlock, ContainerBlock, SectionBlock

from blocks.kit.newer import Newer
from slack.client import SlackClient
from slack.newer_blocks import VALID_FOR, BlockSupport
from storage.block_decisions import BlockDecisions
from storage.errors import DatabaseError, DatabaseUnreachable

HERE = "C0INCIDENTS"
FOLDED = Newer(
    ContainerBlock(title="Times", child_blocks=[SectionBlock(text="Inside")]),
    [SectionBlock(text="Outside")],
).to_dict()
WARNED = Newer(
    AlertBlock(text="Loud", level="warning"), [SectionBlock(text="Quiet")]
).to_dict()


@pytest.fixture
def slack(world):
    return world.slack


@pytest.fixture
def client(world, sqlite, clock):
    """Build the client of one more process."""
    made = []

    def build(failures=DatabaseError, decisions=None):
        blocks = BlockSupport(decisions or BlockDecisions(sqlite), clock, failures)
        url = world.settings["slack_api_url"]
        made.append(SlackClient("xoxb-sandbox", base_url=url, blocks=blocks))
        return made[-1]

    yield build
    for one in made:
        one.close()


@pytest.fixture
def post():
    def post(client, *blocks):
        client.chat_postMessage(channel=HERE, text="Words", blocks=[*blocks])

    return post


@pytest.fixture
def types(slack):
    """The types of the blocks of the newest message."""
    return lambda: [block["type"] for block in slack.messages(HERE)[-1].blocks]


@pytest.fixture
def errors(slack):
    return lambda: [call.error for call in slack.calls]


def opened(client, slack):
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "Delete"}}
    client.views_open(
        trigger_id=slack.triggers.issue("U0ANA"), view={**modal, "blocks": [WARNED]}
    )
    (block,) = slack.person("ana").modal.blocks
    slack.views.clear("U0ANA")
    return block["type"]


def test_a_workspace_that_takes_them_gets_them(client, post, types, slack):
    one = client()
    post(one, FOLDED)
    assert types() == ["container"]
    assert opened(one, slack) == "alert"


def test_one_that_does_not_gets_plain_ones_and_is_not_asked_again(
    client, post, types, slack, errors
):
    slack.workspace.unsupported_blocks |= {"container", "alert"}
    one = client()
    post(one, FOLDED)
    assert types() == ["section"]
    assert opened(one, slack) == "section"
    assert errors() == ["invalid_blocks", None, "invalid_arguments", None]
    post(one, FOLDED)
    assert opened(one, slack) == "section"
    assert errors()[4:] == [None, None]


def test_another_process_and_a_restart_know_it_too(
    client, post, types, slack, errors, clock
):
    other = client()
    post(other, SectionBlock(text="Nothing newer").to_dict())
    slack.workspace.unsupported_blocks.add("container")
    post(client(), FOLDED)
    post(client(), FOLDED)
    clock.advance(minutes=1)
    post(other, FOLDED)
    assert types() == ["section"]
    assert errors().count("invalid_blocks") == 1


def test_after_a_day_it_is_tried_again(client, post, types, slack, clock):
    slack.workspace.unsupported_blocks.add("container")
    one = client()
    post(one, FOLDED)
    slack.workspace.unsupported_blocks.clear()
    clock.advance(seconds=VALID_FOR.total_seconds() - 60)
    post(one, FOLDED)
    assert types() == ["section"]
    clock.advance(minutes=1)
    post(one, FOLDED)
    assert types() == ["container"]


def test_only_the_refused_type_becomes_plain(client, post, types, slack):
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    newer = {**table, "plain": {"without": "table", "blocks": []}}
    slack.workspace.unsupported_blocks.add("table")
    post(client(), FOLDED, newer)
    assert types() == ["container"]


def test_what_belongs_to_a_newer_block_goes_with_it(client, post, types, slack):
    menu = SectionBlock(text="Choose one of those above")
    belonging = Newer(menu, beside="container").to_dict()
    one = client()
    post(one, FOLDED, belonging)
    assert types() == ["container", "section"]
    slack.workspace.unsupported_blocks.add("container")
    post(client(), FOLDED, belonging)
    assert types() == ["section"]


def test_what_slack_refuses_for_another_reason_is_not_held_against_them(
    client, post, types, slack
):
    one = client()
    bad = {"type": "section", "text": {"type": "mrkdwn", "text": ""}}
    with pytest.raises(SlackApiError):
        post(one, FOLDED, bad)
    post(one, FOLDED)
    assert types() == ["container"]


def test_a_form_that_slack_does_not_open_for_its_trigger_is_not_sent_again(
    client, slack, errors
):
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "Delete"}}
    with pytest.raises(SlackApiError):
        client().views_open(trigger_id="1.2.3", view={**modal, "blocks": [WARNED]})
    assert errors() == ["invalid_arguments"]


def test_an_acknowledgement_has_only_what_slack_is_known_to_take(client, slack):
    one, view = client(), {"blocks": [WARNED]}
    assert one.blocks.certain(view)["blocks"][0]["type"] == "section"
    assert opened(one, slack) == "alert"
    assert one.blocks.certain(view)["blocks"][0]["type"] == "alert"
    assert client().blocks.certain(view)["blocks"][0]["type"] == "alert"


def test_without_the_database_a_message_arrives_all_the_same(
    client, post, types, slack
):
    class Down:
        def __getattr__(self, name):
            def fails(*_):
                raise DatabaseUnreachable

            return fails

    slack.workspace.unsupported_blocks.add("container")
    one = client(decisions=Down())
    post(one, FOLDED)
    assert types() == ["section"]
    assert one.blocks.certain({"blocks": [FOLDED]})["blocks"][0]["type"] == "section"


def test_plain_ones_never_make_a_message_too_long(client, post, types, slack):
    many = Newer(
        ContainerBlock(title="Times", child_blocks=[SectionBlock(text="Inside")]),
        [SectionBlock(text="Outside")] * 60,
    ).to_dict()
    slack.workspace.unsupported_blocks.add("container")
    post(client(), many)
    assert len(types()) == 50
