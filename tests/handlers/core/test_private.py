"""Whoever does not take part in a private incident never reads its name, anywhere."""

import json

import pytest

from handlers import GROUPS
from handlers.core.arguments.resolve import annotated
from handlers.core.context import Context
from handlers.core.pipeline.router import Router
from sandbox.company import PEOPLE

ROUTER = Router(GROUPS)
LOOKUPS = sorted(
    {
        command.phrase
        for command in ROUTER.commands.values()
        if not command.flags.writes and not command.flags.hidden
    }
)
NAMED = {
    "Incident": "39",
    "Schedule": "Payments",
    "Rest": "token",
    "Raw": "token",
    "Prose": "token",
    "Page": "page:1",
}


@pytest.fixture
def outsider(world, person):
    """Somebody who may do everything, and takes part in no private incident."""
    store = world.incidentio.store
    private = [i for i in store.incidents if i.visibility == "private"]
    inside = {id_ for i in private for id_ in i.members}
    who = next(p for p in PEOPLE if p.incidentio_id and p.incidentio_id not in inside)
    account = store.users.get(who.incidentio_id)
    account["base_role"] = {**account["base_role"], "slug": "owner"}
    return person(who.handle)


@pytest.fixture
def secrets(world):
    """Words of private incidents that stand nowhere else."""
    store = world.incidentio.store
    private = {row.id: row for row in store.incidents if row.visibility == "private"}
    for number, action in enumerate(store.actions):
        if action.incident_id in private:
            action.description = f"Hidden action {number}"
    for number, item in enumerate(store.follow_ups):
        if item.incident_id in private:
            item.title = f"Hidden follow-up {number}"
            item.labels = [f"Hidden label {number}"]
    told = [word for row in private.values() for word in (row.name, row.summary)]
    return [*told, "Hidden action", "Hidden follow-up", "Hidden label"]


def lines(phrase):
    parameters = ROUTER.commands[phrase].parameters.values()
    kinds = [getattr(annotated(p), "__name__", "") for p in parameters]
    words = [NAMED[kind] for kind in kinds if kind in NAMED]
    return dict.fromkeys([phrase, " ".join([phrase, *words])])


@pytest.mark.parametrize("phrase", LOOKUPS, ids=lambda p: p or "bare")
def test_no_lookup_tells_an_outsider(outsider, secrets, world, phrase, caplog):
    caplog.set_level("DEBUG")
    for line in lines(phrase):
        outsider.types(f"/io {line}", channel="general")

    sent = [c.args for c in world.slack.calls]
    shown = [(m.text, m.blocks) for m in outsider.sees("general")]
    said = json.dumps([sent, shown], ensure_ascii=False)
    assert shown or outsider.modal
    for secret in secrets:
        assert secret not in said
        assert secret not in caplog.text


def test_labels_of_private_incidents_are_neither_offered_nor_matched(outsider, secrets):
    outsider.types("/io remind label:hidden", channel="general")
    assert "Hidden label" not in outsider.modal.words
    assert "hidden" in outsider.modal.words

    offered = outsider.suggests("labels", "hidden")
    assert not any("Hidden label" in str(option) for option in offered)


@pytest.mark.parametrize("source", sorted(ROUTER.sources))
def test_no_list_of_options_tells_an_outsider(outsider, secrets, bot, source):
    ctx = Context(
        services=bot.services,
        user=outsider.user.id,
        channel="C0GENERAL",
        key="options",
        ref="options",
        memory={"field": bot.services.catalog.custom_fields()[0].id},
    )
    for query in ["", "hidden", *secrets]:
        offered = ROUTER.sources[source](ctx, query)
        said = [f"{option.label} {option.value}" for option in offered]
        typed = query if source == "labels" else ""
        assert not [s for s in secrets if s != typed and any(s in one for one in said)]
