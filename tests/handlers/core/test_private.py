"""To whoever takes part in no private incident, none exists.

What they do and what they are told is played twice: where there are private incidents,
and where there are none. Both must read the same, to the last number. The phrases, the
lists of options and the kinds of reminders are those that there are.
"""

import json
import re
from datetime import timedelta

import pytest
from prometheus_client import generate_latest

from handlers import GROUPS
from handlers.core.arguments.resolve import annotated
from handlers.core.context import Context
from handlers.core.pipeline.router import Invocation, Router
from reminders.ladder.ladder import LadderOptions
from reminders.on_call.handovers import HandoverOptions
from telemetry.logs import CHATTY, Logfmt
from tests.conftest import START, User
from tests.databases import emptied
from tests.handlers.core.outsiders import Secrets

ROUTER = Router(GROUPS)
COMMANDS = {c.phrase: c for c in ROUTER.commands.values()}
PUBLIC = {
    "Incident": "39",
    "Schedule": "Payments",
    "EscalationPath": "Payments",
    "CustomField": "Regions",
    "Severity": "minor",
    "Status": "monitoring",
    "Span": "1h",
    "What": "no_lead",
    "User": "gus",
}
HERE = "general"
MADE_UP = re.compile(
    r"\b(?:[0-9a-f]{8}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f-]{36})\b"
    r"|(?<=\"block_id\": \")[^ \"]{5,6}(?=\")"
)
"""Ids that are different each time."""


def steady(said):
    return MADE_UP.sub("…", json.dumps(said, ensure_ascii=False, default=str))


def differences(without, told):
    """Where two tellings part, by what was done: how it goes on in each."""
    found = {}
    for act in without.keys() | told.keys():
        one, other = without.get(act, ""), told.get(act, "")
        if one != other:
            at = next(n for n in range(len(other) + 1) if one[:n] != other[:n]) - 1
            found[act] = one[max(at - 60, 0) : at + 60], other[max(at - 60, 0) : at + 90]
    return found


class Stage:
    """One telling: a world, a bot, and somebody who looks at what they are shown."""

    def __init__(self, world, bot, secrets):
        self.world, self.bot, self.secrets = world, bot, secrets
        self.user = User(world.slack.person(secrets.outsider.handle), bot)
        self.pressed = set()
        self._looked = 0

    def shown(self):
        """What is new on their screen."""
        seen = self.user.sees()
        new, self._looked = seen[self._looked :], len(seen)
        modal = self.user.modal
        view = modal and {"words": modal.words, "blocks": modal.blocks}
        return new, [[(m.text, m.blocks) for m in new], view]

    def types(self, line, channel=HERE):
        """What somebody is shown who types a line, and who presses what that shows."""
        self.user.types(f"/io {line}", channel=channel)
        new, shown = self.shown()
        while self.user.modal:
            self.user.closes()
        told = {line: steady(shown)}
        for message in new:
            for value in self._buttons(message):
                self.user.presses(value["action_id"], message, block=value["block"])
                told[f"{line} > {value['value']}"] = steady(self.shown()[1])
                while self.user.modal:
                    self.user.closes()
        return told

    def _buttons(self, message):
        """One button for each phrase that looks something up."""
        for block in message.blocks:
            for element in block.get("elements", ()):
                meant = ROUTER.route(element.get("value") or "")
                if element["type"] != "button" or not isinstance(meant, Invocation):
                    continue
                phrase = meant.command.phrase
                if not element.get("value") or meant.writes or phrase in self.pressed:
                    continue
                self.pressed.add(phrase)
                yield {**element, "block": block["block_id"]}


@pytest.fixture
def play(world, clock, start, sqlite, _front):
    """Play something without and with private incidents."""

    def telling(script, *, private):
        clock.at = START
        world.reset()
        emptied(sqlite)
        secrets = Secrets(world.incidentio.store)
        if not private:
            secrets.remove()
        account = world.incidentio.store.users.get(secrets.outsider.incidentio_id)
        account["base_role"] = {**account["base_role"], "slug": "owner"}
        bot = start()
        _front.app = bot.wsgi
        world.slack.deliver_to(_front.url)
        stage = Stage(world, bot, secrets)
        told = script(stage)
        assert world.slack.violations == []
        bot.close()
        return told, stage

    def both(script):
        without, _ = telling(script, private=False)
        return without, *telling(script, private=True)

    return both


def lines(command, secrets):
    """What somebody may type after a phrase: nothing, what is public, what is not."""
    kinds = [annotated(p) for p in command.parameters.values()]
    names = [getattr(kind, "__name__", str(kind)) for kind in kinds]
    items = secrets.rows("follow_ups" if "follow" in command.phrase else "actions")
    hidden = {
        "Incident": str(secrets.incidents[-1].number),
        "Placed": items[-1].id,
        "Chosen": secrets.hidden_page,
        "Anybody": secrets.insider.name,
    }
    words = [hidden.get(name) or PUBLIC.get(name) or "Hidden" for name in names]
    yield command.phrase
    if not command.flags.writes:
        public = [PUBLIC[name] for name in names if name in PUBLIC]
        yield " ".join([command.phrase, *public])
    yield " ".join([command.phrase, *words])


def test_whatever_they_type_and_press(play, caplog):
    caplog.set_level("DEBUG")

    def script(stage):
        told = {}
        for command in COMMANDS.values():
            for line in dict.fromkeys(lines(command, stage.secrets)):
                told |= stage.types(line)
        return told

    without, told, stage = play(script)
    assert differences(without, told) == {}
    secrets = stage.secrets
    assert secrets.told(written(caplog, stage.bot), secrets.opaque) == []


def written(caplog, bot):
    """What is in the log at DEBUG, as it is written, and in the metrics."""
    others = {"sandbox", *CHATTY}
    style = Logfmt()
    said = [
        style.format(record)
        for record in caplog.records
        if not others & {record.name, record.name.partition(".")[0]}
    ]
    return "\n".join([*said, generate_latest(bot.metrics.registry).decode()])


def test_neither_log_nor_metrics_hold_what_insiders_are_shown(play, caplog):
    caplog.set_level("DEBUG")

    def script(stage):
        stage.user = User(stage.world.slack.person(stage.secrets.insider.handle), stage.bot)
        here = stage.secrets.incidents[-1].channel_id
        told = {}
        for command in COMMANDS.values():
            if not command.flags.writes:
                told |= stage.types(command.phrase, here)
        return told

    _, told, stage = play(script)
    assert stage.secrets.told(str(told))
    assert stage.secrets.told(written(caplog, stage.bot)) == []


def test_whatever_menus_offer_them(play):
    def script(stage):
        fields = stage.bot.services.catalog.custom_fields()
        ctx = Context(
            services=stage.bot.services,
            user=stage.user.id,
            channel=stage.world.slack.workspace.channel(HERE).id,
            key="options",
            ref="options",
            memory={"field": fields[0].id},
        )
        queries = ["", "hidden", str(stage.secrets.incidents[-1].number)]
        return {
            f"{name} {query}": [(o.label, o.value) for o in source(ctx, query)]
            for name, source in ROUTER.sources.items()
            for query in queries
        }

    without, told, _ = play(script)
    assert told == without
