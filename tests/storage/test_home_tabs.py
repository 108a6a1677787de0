"""Home tabs are published by one process at a time, and those that are old first."""

from datetime import timedelta

import pytest

from storage.home_tabs import LEASE, HomeTabs

MINUTE = timedelta(minutes=1)


@pytest.fixture
def tabs(database):
    return HomeTabs(database)


@pytest.fixture
def tab(tabs, now):
    tabs.record_opened("U1", now())
    return tabs.get("U1")


def draw(tabs, tab, now, **values):
    shown = {"fingerprint": "a", "view_hash": "h", "named": ["INC-1"], **values}
    return tabs.record_drawn(tab, tabs.claim(tab), now(), **shown)


def test_the_first_opening_is_remembered(tabs, tab, now):
    now.at += MINUTE
    tabs.record_opened("U1", now())
    again = tabs.get("U1")
    assert (again.first_opened_at, again.opened_at) == (tab.opened_at, now())


def test_one_process_publishes_a_tab(tabs, tab, now):
    assert tabs.claim(tab)
    assert tabs.claim(tab) is None
    now.at += LEASE
    assert tabs.claim(tab), "the other one is gone"


def test_what_another_has_published_meanwhile_is_read_again_first(tabs, tab, now):
    assert draw(tabs, tab, now)
    assert tabs.claim(tab) is None
    assert tabs.claim(tabs.get("U1"))


def test_the_one_drawn_longest_ago_comes_first(tabs, tab, now):
    draw(tabs, tab, now)
    now.at += MINUTE
    for person in ("U2", "U3"):
        tabs.record_opened(person, now())
    draw(tabs, tabs.get("U2"), now)
    opened = tabs.opened_since(now() - 2 * MINUTE, 9)
    assert [one.person for one in opened] == ["U3", "U1", "U2"]
    old = tabs.opened_since(now() - 2 * MINUTE, 9, drawn_by=now() - MINUTE)
    assert [one.person for one in old] == ["U3", "U1"]
    assert [t.person for t in tabs.opened_since(now() - MINUTE, 1)] == ["U3"]


def test_whose_tabs_name_an_incident_is_known(tabs, tab, now):
    draw(tabs, tab, now, named=["INC-12", "INC-3"])
    assert tabs.naming("INC-12") == ["U1"]
    assert tabs.naming("INC-1") == []
