"""To whoever takes part in no private incident, none exists.

What they do and what they are told is played twice: where there are private incidents,
and where there are none. Both must read the same, to the last number. The phrases, the
lists of options and the kinds of reminders are those that there are.
"""

import json
import re
from datetime import time, timedelta
from itertools import takewhile

import pytest
from prometheus_client import generate_latest

from handlers import ROUTER
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.resolve import RESOLVERS, annotated
from handlers.core.context import Context
from handlers.core.pipeline.router import Invocation
from handlers.escalations.lookup import SeenEscalation
from reminders.calendar.schedule import Recurrence
from reminders.engine.kinds import Kind
from reminders.items.filters import DigestOptions
from reminders.ladder.ladder import LadderOptions
from reminders.on_call.cover import notices
from reminders.on_call.handovers import HandoverOptions
from sandbox.incidentio.state.ids import fixed_id
from storage.covers import OPEN, CoverRequest
from storage.slot import SENT
from telemetry.logs import CHATTY, LogfmtFormatter
from tests.databases import emptied
from tests.fixtures import START, User
from tests.handlers.core.outsiders import Secrets

COMMANDS = {c.phrase: c for c in ROUTER.commands.values()}
PUBLIC = {
    "Incident": "39",
    "Schedule": "Payments",
    "EscalationPath": "Payments",
    "CustomField": "Regions",
    "Severity": "minor",
    "Status": "monitoring",
    "Span": "1h",
    "NudgeKind": "no_lead",
    "User": "gus",
    "Role": "Communications",
    "Timestamp": "Reported",
    "WorkflowSlim": "Hand over",
    "Day": "tomorrow",
    "Page": "page:1",
}
"""What names something that everybody may see, by the type of the parameter."""
TEXTS = dict.fromkeys(("Prose", "Raw", "Rest", "str", "Rule"), "Hidden")
"""The same, where any words may stand: these are secret."""
SECRET = {
    "Incident": lambda secrets, _: str(secrets.incidents[-1].number),
    "Placed": lambda _, items: items[-1].id,
    "SeenEscalation": lambda secrets, _: secrets.hidden_page,
    "Anybody": lambda secrets, _: secrets.insider.name,
}
"""What names something of a private incident, or one of its people."""
MOST_CHOSEN = 2
HERE = "general"
MADE_UP = re.compile(
    r"\b(?:[0-9a-f]{8}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f-]{36})\b"
    r"|(?<=\"block_id\": \")[^ \"]{5,6}(?=\")"
)


def steady(said):
    """Return it as text, without what is different each time."""
    return MADE_UP.sub("…", json.dumps(said, ensure_ascii=False, default=str))


def differences(without, told):
    """Where two tellings part, by what was done: how it goes on in each."""
    found = {}
    for act in without.keys() | told.keys():
        one, other = without.get(act, ""), told.get(act, "")
        if one != other:
            pairs = zip(one, other, strict=False)
            at = max(sum(1 for _ in takewhile(lambda p: p[0] == p[1], pairs)) - 60, 0)
            found[act] = one[at : at + 120], other[at : at + 120]
    return found


class Stage:
    """One telling: a world, a bot, and somebody who looks at what they are shown."""

    def __init__(self, world, bot, secrets):
        self.world, self.bot, self.secrets = world, bot, secrets
        self.user = User(world.slack.person(secrets.outsider.handle), bot)
        self.pressed = set()
        self._looked = 0

    def context(self):
        """A context of theirs in a public channel, with the form of a field."""
        services = self.bot.services
        memory = {"field": services.catalog.custom_fields()[0].id}
        return Context(services, self.user.id, "C0GENERAL", "x", "x", memory=memory)

    def shown(self, *, in_order=True):
        """What is new on their screen."""
        seen = self.user.sees()
        new, self._looked = seen[self._looked :], len(seen)
        modal = self.user.modal
        view = modal and {"words": modal.words, "blocks": modal.blocks}
        said = [(m.text, m.blocks) for m in new]
        return new, [said if in_order else sorted(said, key=str), view]

    def types(self, line, channel=HERE):
        """What somebody is shown who types a line, and who presses what that shows."""
        self.user.types(f"/io {line}", channel=channel)
        new, shown = self.shown()
        while self.user.modal:
            self.user.closes()
        told = {line: steady(shown)}
        for message in new if channel == HERE else ():
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

    def telling(script, *, private, few):
        clock.at = START
        world.reset()
        emptied(sqlite)
        secrets = Secrets(world.incidentio.store)
        if few:
            secrets.remove(secrets.in_progress[:-2])
        if not private:
            secrets.remove(secrets.incidents)
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

    def both(script, *, few=False):
        without, _ = telling(script, private=False, few=few)
        return without, *telling(script, private=True, few=few)

    return both


def named(kind):
    return getattr(kind, "__name__", str(kind))


def test_it_is_known_what_to_type_for_each_parameter():
    for phrase, command in COMMANDS.items():
        for name, parameter in command.parameters.items():
            kind = named(annotated(parameter))
            assert kind in PUBLIC | TEXTS | SECRET, f"{name} of {phrase!r} is a {kind}"


def chosen(kind, ctx):
    """The names of some things that can be chosen, of whatever resource."""
    resource = getattr(RESOLVERS.get(kind), "__self__", None)
    if not isinstance(resource, Catalogued) or kind is SeenEscalation:
        return []
    return [one.name for one in resource.candidates(ctx)[:MOST_CHOSEN]]


def lines(command, secrets, ctx):
    """What somebody may type after a phrase: nothing, what is public, what is not."""
    kinds = [annotated(p) for p in command.parameters.values()]
    items = secrets.rows("follow_ups" if "follow" in command.phrase else "actions")
    hidden = {name: find(secrets, items) for name, find in SECRET.items()}
    known = PUBLIC | TEXTS | hidden
    names = [named(kind) for kind in kinds]
    words = [known[name] for name in names]
    yield command.phrase
    if not command.flags.writes:
        for name in chosen(kinds[0], ctx) if kinds else ():
            yield f"{command.phrase} {name}"
        public = [PUBLIC[name] for name in names if name in PUBLIC]
        yield " ".join([command.phrase, *public])
    yield " ".join([command.phrase, *words])


def nearly():
    """For each kind of thing that can be named, words that nearly name a secret one."""
    first = {}
    for command in COMMANDS.values():
        for parameter in command.parameters.values():
            first.setdefault(annotated(parameter), command)
    return [f"{command.phrase} Hiden nam" for command in first.values()]


@pytest.mark.prove
def test_whatever_they_type_and_press(play, caplog):
    caplog.set_level("DEBUG")

    def script(stage):
        told_of = stage.secrets, stage.context()
        typed = [x for c in COMMANDS.values() for x in lines(c, *told_of)]
        told = {}
        for line in dict.fromkeys([*typed, *nearly(), "audit refused"]):
            told |= stage.types(line)
        return told

    without, told, stage = play(script)
    assert differences(without, told) == {}
    secrets = stage.secrets
    assert secrets.told(written(caplog, stage.bot), secrets.opaque) == []


def test_the_channel_of_one_is_no_incidents_channel(play):
    def script(stage):
        hidden = stage.secrets.incidents[-1].channel_id
        return stage.types(f"incident <#{hidden}>")

    _, told, _ = play(script)
    (said,) = told.values()
    assert "That is no incident's channel" in said
    assert "36" not in said


def written(caplog, bot):
    """What is in the log at DEBUG, as it is written, and in the metrics."""
    others = {"sandbox", *CHATTY}
    style = LogfmtFormatter()
    said = [
        style.format(record)
        for record in caplog.records
        if not others & {record.name, record.name.partition(".")[0]}
    ]
    return "\n".join([*said, generate_latest(bot.metrics.registry).decode()])


@pytest.mark.prove
def test_neither_log_nor_metrics_hold_what_insiders_are_shown(play, caplog):
    caplog.set_level("DEBUG")

    def script(stage):
        stage.user = User(
            stage.world.slack.person(stage.secrets.insider.handle), stage.bot
        )
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
        ctx = stage.context()
        queries = ["", "hidden", str(stage.secrets.incidents[-1].number)]
        return {
            f"{name} {query}": [(o.label, o.value) for o in source(ctx, query)]
            for name, source in ROUTER.sources.items()
            for query in queries
        }

    without, told, _ = play(script)
    assert told == without


def test_what_their_home_tab_shows(play):
    def script(stage):
        stage.user.opens_home()
        return {"home": steady(stage.user.home.blocks)}

    without, told, _ = play(script)
    assert "Live incidents" in told["home"]
    assert differences(without, told) == {}


PAYMENTS = HandoverOptions(schedule_id=fixed_id("schedule", "Payments", 2))
PLATFORM = HandoverOptions(schedule_id=fixed_id("schedule", "Platform", 1))


def remind(stage):
    """Set what a channel can be reminded of, by each kind that is not always there."""
    rules, zone = stage.bot.services.rules, "UTC"
    platform = stage.world.incidentio.store.schedules.get(PLATFORM.schedule_id)
    for new in (stage.secrets.in_progress[-1], stage.secrets.incidents[-1]):
        new.created_at, new.roles = START, {}
    for rotation in platform["config"]["rotations"]:
        rotation["users"] = []
    items = DigestOptions(item_kinds=("follow_ups", "actions"))
    steps = [
        {"to": "channel", "days": 0, "id": "C0GENERAL"},
        {"to": "person", "days": 1, "id": stage.user.id},
    ]
    rules.create(kind="ladder", options=LadderOptions(steps=steps))
    for kind, recurrence, options in [
        ("channel", Recurrence.daily(time(12), zone), items),
        ("summary", Recurrence.weekly(1, time(13), zone), items),
        ("gaps", Recurrence.weekly(1, time(14), zone), PLATFORM),
        ("handover", None, PAYMENTS),
    ]:
        when = str(recurrence) if recurrence else None
        rules.create(kind=kind, channel="C0GENERAL", options=options, recurrence=when)


def ask_for_cover(stage):
    """Ask the outsider to be on call for somebody."""
    now, end = START, START + timedelta(hours=26)
    request = CoverRequest(
        id="asked",
        asker=stage.secrets.insider.slack_id,
        schedule_id=PAYMENTS.schedule_id,
        rotation_id="R",
        layer_id="L",
        start_at=end,
        end_at=end + timedelta(hours=1),
        created_at=now,
        expires_at=end,
        state=OPEN,
        people={stage.user.id: {"user_id": "U", "busy": []}},
        takes=[],
        version=1,
    )
    stage.bot.services.covers.ask(request, [*notices(request)], now)


def kinds(base=Kind):
    """The names of all kinds of reminders."""
    for kind in base.__subclasses__():
        if hasattr(kind, "name") and kind.__module__.startswith("reminders."):
            yield kind.name
        yield from kinds(kind)


def sent(rules):
    """The kinds of what was sent to anybody."""
    return {
        rule.kind
        for rule in rules.list()
        if any(slot.state == SENT for slot in rules.history(rule.id, 100))
    }


HOURS = [1, 2, 3, 4, 21, 23, 24, 25, 26, 27]
"""After the start, a Monday at ten: digests, summaries, shifts and handovers."""


@pytest.mark.prove
@pytest.mark.settings(
    update_cadence="Critical=45m,Major=45m,Minor=45m",
    nudges="no_lead",
    incident_cards=True,
)
def test_whatever_they_are_told_unasked(play, clock):
    def script(stage):
        remind(stage)
        ask_for_cover(stage)
        told = {}
        for hour in HOURS:
            clock.at = START + timedelta(hours=hour)
            for _ in range(3):  # one message at a time for each conversation
                stage.bot.reminders.tick()
                clock.advance(seconds=10)
            told[str(clock())] = steady(stage.shown(in_order=False)[1])
        return told

    without, told, stage = play(script, few=True)
    assert differences(without, told) == {}
    assert sent(stage.bot.services.rules) == {*kinds()} - {"enrolment", "outcomes"}
    assert named_after_becoming_private(stage) == []


def named_after_becoming_private(stage):
    """The incidents in progress that are still named in what everybody can read."""
    left, rules = stage.secrets.in_progress[-2:], stage.bot.services.rules
    for slot in [s for rule in rules.list() for s in rules.history(rule.id, 5)]:
        stage.bot.reminders.show(slot.id, slot.channel)  # what was read is recent
    for incident in left:
        incident.roles, incident.members = {}, {}
        stage.world.incidentio.make_private(incident.number)
    for item in stage.world.incidentio.store.follow_ups:
        if item.incident_id in {incident.id for incident in left}:
            item.assignee_id = None
    own = {incident.channel_id for incident in left}
    before = readable(stage, own)
    assert any(incident.name in before for incident in left)
    stage.bot.veil.tick()
    after = readable(stage, own)
    return [i.name for i in left if i.name in after or f"INC-{i.number}" in after]


def readable(stage, besides):
    seen = [m for m in stage.user.sees() if m.channel not in besides]
    return str([(m.text, m.blocks) for m in seen])
