"""Faults put into the engine on purpose, and the plays that must catch them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from reminders.engine import deliver, duplicates, post
from reminders.engine.deliver import Deliverer
from reminders.engine.duplicates import Duplicates
from reminders.engine.post import Poster
from slack.client import SlackUnreachable
from storage import notices, slots
from storage.lease import Lease
from storage.slots import Slots
from storage.tables import SlotRow
from tests.reminders.crews import Mortal
from tests.reminders.plays import Play, faults, freezes, kills, races

MUTATIONS: dict[str, Mutation] = {}


@dataclass(frozen=True)
class Mutation:
    """A fault, and the plays in which it must show."""

    put: Callable[[pytest.MonkeyPatch], None]
    plays: Callable[[Any], Iterable[Play]]


def mutation(plays):
    """Add a fault to the list, under what it does."""

    def add(put):
        MUTATIONS[put.__name__] = Mutation(put, plays)
        return put

    return add


def wrapped(patch, owner, name, around):
    """Replace a method by ``around(original, *arguments)``."""
    original = getattr(owner, name)
    patch.setattr(owner, name, lambda *a, **k: around(original, *a, **k))


@mutation(freezes)
def no_longer_ours_is_ignored_before_sending(patch):
    def around(original, *given, **named):
        ours = SimpleNamespace(lasts=lambda: True)
        return original(*given, **named) or ours

    wrapped(patch, Slots, "begin_sending", around)


@mutation(freezes)
def the_age_of_the_lease_is_not_looked_at(patch):
    patch.setattr(Lease, "lasts", lambda _: True)


@mutation(freezes)
def no_second_message_is_taken_back(patch):
    patch.setattr(Duplicates, "take_back", lambda _: None)


@mutation(freezes)
def a_message_that_another_counts_on_is_taken_back(patch):
    patch.setattr(duplicates, "_is_second", lambda *_: True)


@mutation(freezes)
def no_longer_ours_is_ignored_after_sending(patch):
    patch.setattr(slots, "_held", lambda slot: (SlotRow.id == slot.id,))


@mutation(kills)
def a_lapsed_lease_is_never_taken_over(patch):
    lease = timedelta(days=1)
    wrapped(patch, Slots, "__init__", lambda o, s, d, w, _, k: o(s, d, w, lease, k))


@mutation(races)
def leases_are_on_the_clocks_of_machines(patch):
    patch.setattr(Mortal, "server", Mortal.own)


@mutation(kills)
def that_sending_begins_is_not_noted(patch):
    def around(original, self, slot, *given, **named):
        lease = original(self, slot, *given, **named)
        with self._database.write() as session:
            unnoted = update(SlotRow).where(SlotRow.id == slot.id)
            session.execute(unnoted.values(sending_at=None))
        return lease

    wrapped(patch, Slots, "begin_sending", around)


@mutation(faults)
def nobody_looks_after_a_doubt(patch):
    patch.setattr(Deliverer, "_was_sent", lambda *_: False)


@mutation(faults)
def not_finding_it_is_believed_at_once(patch):
    patch.setattr(deliver, "SHOWN_AFTER", timedelta(0))


@mutation(faults)
def a_doubt_is_forgotten_when_it_is_tried_again(patch):
    def around(original, *given, maybe_sent=False):
        del maybe_sent
        return original(*given, maybe_sent=False)

    wrapped(patch, Slots, "retry", around)


@mutation(faults)
def nothing_is_ever_found(patch):
    patch.setattr(Poster, "find", lambda *_, **__: None)


@mutation(faults)
def another_message_is_taken_for_it(patch):
    patch.setattr(Poster, "_slot_of", lambda _, __: None)
    wrapped(
        patch,
        Poster,
        "find",
        lambda _, __, channel, *___, **____: post.Posted(channel, "1.0"),
    )


@mutation(faults)
def a_server_error_of_slack_counts_as_not_sent(patch):
    def around(original, error):
        failed = original(error)
        if failed.reason.startswith("Slack failed"):
            failed.maybe_sent = False
        return failed

    wrapped(patch, post, "delivery_error", around)


@mutation(faults)
def no_answer_counts_as_not_sent(patch):
    def around(original, self, method, *, sent):
        del sent
        original(self, method, sent=False)

    wrapped(patch, SlackUnreachable, "__init__", around)


@mutation(faults)
def an_error_within_slack_counts_as_refused(patch):
    patch.setattr(post, "UNSURE", frozenset())


@mutation(faults)
def a_passing_refusal_counts_as_one_for_good(patch):
    patch.setattr(post, "PASSING", frozenset())


@mutation(faults)
def a_failure_counts_as_sent(patch):
    def around(original, self, slot, rule, error):
        del original, error
        self._finish(slot, rule, "sent")

    wrapped(patch, Deliverer, "_failed", around)


@mutation(faults)
def a_doubt_is_given_up_at_once(patch):
    patch.setattr(Deliverer, "_too_late", lambda *_: True)


@mutation(faults)
def the_result_is_not_recorded(patch):
    patch.setattr(Slots, "finish", lambda *_, **__: True)


@mutation(faults)
def what_failed_is_not_let_go(patch):
    def around(original, self, *given, **named):
        del original, self, given, named
        return True

    wrapped(patch, Slots, "retry", around)
    patch.setattr(Deliverer, "_was_sent", lambda *_: False)


@mutation(faults)
def what_is_due_has_no_key_of_its_own(patch):
    def around(original, session, rule, now, send_at, **values):
        values["key"] = uuid4().hex
        return original(session, rule, now, send_at, **values)

    wrapped(patch, notices, "_enter", around)


@mutation(faults)
def a_kind_that_this_version_does_not_know_is_claimed(patch):
    def around(original, self, due_by):
        return list(original(self, due_by))[1:]

    wrapped(patch, Slots, "_claimable", around)


__all__: list[Any] = ["MUTATIONS", "Mutation"]
