"""The manifest, held to Slack's limits and to what the bot really does."""

import json
import re
from pathlib import Path

import pytest

import handlers
from admin import manifest as module
from admin.manifest import manifest
from admin.scopes import EVENTS, METHODS, OPTIONAL, SCOPES
from handlers.core.command import Group, Modal

ROOT = Path(__file__).parents[2]
CALL = re.compile(
    r"\.((?:auth|chat|conversations|files|pins|users|views|usergroups|reactions|dnd)_[a-zA-Z_]+)\("
)

NESTED = {"usergroups_users_list": "usergroups.users.list"}


@pytest.fixture
def made(configured):
    def make(*groups, **changes):
        return manifest(configured(**changes), groups or handlers.GROUPS)

    return make


def test_socket_mode_needs_no_address(made):
    text = json.dumps(made())
    assert '"socket_mode_enabled": true' in text
    assert '_url"' not in text
    assert '"url"' not in text


@pytest.mark.parametrize("url", ["https://bot.example.com", "https://bot.example.com/"])
def test_in_http_mode_everything_comes_to_one_address(made, url):
    app = made(public_url=url)
    events = "https://bot.example.com/slack/events"
    assert app["settings"]["socket_mode_enabled"] is False
    assert app["settings"]["event_subscriptions"]["request_url"] == events
    assert app["settings"]["interactivity"] == {
        "is_enabled": True,
        "request_url": events,
        "message_menu_options_url": events,
    }
    assert app["features"]["slash_commands"][0]["url"] == events


def test_it_keeps_to_slacks_limits(made):
    app = made()
    about, features = app["display_information"], app["features"]
    (command,) = features["slash_commands"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000
    assert len(features["shortcuts"]) <= 10


def test_the_slash_command_is_the_one_of_the_settings(made):
    (command,) = made(slash_command="/ops")["features"]["slash_commands"]
    assert command["command"] == "/ops"
    assert command["should_escape"] is True
    assert command["usage_hint"].startswith("[declare | ")
    assert command["usage_hint"].endswith(" | help]")


def test_people_can_write_to_the_bot(made):
    home = made()["features"]["app_home"]
    assert home["messages_tab_enabled"] is True
    assert home["messages_tab_read_only_enabled"] is False


def test_every_declared_shortcut_is_in_it(made):
    drawn = {s["callback_id"]: s for s in made()["features"]["shortcuts"]}
    assert drawn.keys() == handlers.ROUTER.shortcuts.keys()
    assert drawn["declare"]["type"] == "global"
    assert drawn["declare.from_message"]["type"] == "message"
    assert all(s["description"] and s["name"] for s in drawn.values())


def shortcut_group(*labels):
    group = Group("tea", "Tea")
    for number, label in enumerate(labels):

        @group.shortcut(f"tea.{number}", label=label, of="tea")
        def make(ctx) -> Modal:
            """Make tea."""

    return group


@pytest.mark.parametrize("label", ["", "Make a large pot of tea, now"])
def test_a_label_that_slack_would_refuse_is_refused_here(made, label):
    with pytest.raises(ValueError, match=r"tea\.0: a label has 1 to 24 characters"):
        made(shortcut_group(label))


def test_more_shortcuts_than_slack_allows_are_refused_here(made):
    with pytest.raises(ValueError, match="Slack allows 10 shortcuts, not 11"):
        made(shortcut_group(*["Tea"] * 11))


def methods_called():
    packages = ("admin", "handlers", "reminders", "slack", "web")
    paths = [p for package in packages for p in (ROOT / package).rglob("*.py")]
    found = {name for p in paths for name in CALL.findall(p.read_text())}
    return {NESTED.get(name, name.replace("_", ".", 1)) for name in found}


def test_what_every_called_method_needs_is_known():
    assert methods_called() <= METHODS.keys()


def test_it_asks_for_what_is_called_and_heard_and_for_no_more(made):
    needed = {scope for name in methods_called() for scope in METHODS[name]}
    needed |= {scope for scopes in EVENTS.values() for scope in scopes} | {"commands"}
    assert set(SCOPES) == needed
    scopes = made()["oauth_config"]["scopes"]
    assert scopes == {"bot": sorted(SCOPES), "bot_optional": sorted(OPTIONAL)}


def test_the_process_prints_it_as_json(configured, capsys):
    settings = configured()
    module.run(settings)
    assert json.loads(capsys.readouterr().out) == manifest(settings, handlers.GROUPS)
