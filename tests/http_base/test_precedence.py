"""Work gives way to acknowledgements for a while, but not to one that waits for it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from http_base.precedence import PRECEDENCE, Precedence

MOMENT = 0.02
"""Seconds in which nothing is to happen."""


@pytest.fixture
def worker():
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_work_begins_when_nothing_is_acknowledged_any_more(worker):
    precedence, begun = Precedence(), Event()
    with precedence.acknowledging():
        worker.submit(precedence.begin, 60).add_done_callback(lambda _: begun.set())
        assert not begun.wait(MOMENT)
    assert begun.wait(5)


def test_work_that_goes_on_gives_way_too(worker):
    precedence, gone_on = Precedence(), Event()
    worker.submit(precedence.begin, 60).result(5)
    with precedence.acknowledging():
        given = worker.submit(precedence.give_way)
        given.add_done_callback(lambda _: gone_on.set())
        assert not gone_on.wait(MOMENT)
    assert gone_on.wait(5)


def test_work_gives_way_for_a_while_only_all_in_all(worker):
    precedence = Precedence()
    with precedence.acknowledging():
        worker.submit(precedence.begin, MOMENT).result(5)
        worker.submit(precedence.give_way).result(5)


def test_what_is_no_work_gives_way_to_nobody():
    precedence = Precedence()
    with precedence.acknowledging():
        precedence.give_way()


def test_work_goes_on_while_an_acknowledgement_waits_for_it(worker):
    precedence = Precedence()
    with precedence.acknowledging(), precedence.waiting():
        worker.submit(precedence.begin, 60).result(5)
    assert precedence.under_way == 0


def test_a_form_is_answered_though_its_acknowledgement_is_under_way(
    ana, bot, monkeypatch
):
    dispatch = bot.bolt.dispatch

    def first(request):
        with PRECEDENCE.acknowledging():  # as gunicorn and the socket do it
            return dispatch(request)

    monkeypatch.setattr(bot.bolt, "dispatch", first)
    monkeypatch.setattr(bot.executors.writes, "_patience", 60)
    ana.types("/io declare Checkout is slow")
    ana.submits(severity="Low")
    assert ana.modal is None
