"""Whatever a digest or a summary holds, it is drawn within Slack's limits."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.kit import outstanding, text
from blocks.kit.outstanding import MOST_SHOWN, ItemOutcome, OutstandingLine
from blocks.reminders.digest import Digest
from blocks.reminders.digest import message as channel_message
from blocks.reminders.owner_digest import DigestSection, OwnerDigest, message
from blocks.reminders.summary import (
    OLDEST,
    UNOWNED,
    OldestItem,
    OwnedItems,
    Summary,
    Week,
    draw,
    fallback_text,
)
from tests.blocks.drawing import (
    NOW,
    ids,
    links,
    moments,
    pages_nobody,
    problems,
    some,
    words,
)

EARLIER = 24
"""The most items that a message of an earlier version showed."""

became = st.builds(
    ItemOutcome,
    words=words.map(text.inline),
    undo=st.none() | ids.map(lambda id_: f"followup reopen {id_}"),
    settled=st.booleans(),
)
lines = st.builds(
    OutstandingLine,
    noun=st.sampled_from(["followup", "action"]),
    id=ids,
    title=words,
    since=st.none() | moments,
    reference=words,
    incident=words,
    url=st.none() | st.just("https://acme.example/a?b=c&d=<e>"),
    severity=st.none() | words,
    priority=st.none() | words,
    private=st.booleans(),
    target=st.none() | moments,
    is_due=st.booleans(),
    note=st.none() | words.map(text.inline),
    owner_id=st.just("") | ids,
    owner=st.just("") | st.just("<@U0BEN>"),
    became=st.none() | became,
)


def many(most):
    """A few different lines, again and again."""
    few = st.lists(lines, max_size=2)
    return few.map(lambda found: (found * most)[:most])


def shares(most):
    return st.builds(
        DigestSection,
        lines=many(most),
        total=st.integers(0, 10**6),
        late=st.integers(0, 10**6),
    )


@given(shares(MOST_SHOWN), shares(EARLIER))
def test_a_persons_digest(own, led):
    drawn = message(OwnerDigest(NOW, own, led), "0" * 32)
    assert len(drawn.blocks) < text.BLOCKS_IN_MESSAGE
    assert problems(drawn.blocks) == []
    assert pages_nobody(drawn.blocks)
    assert drawn.text
    assert len(drawn.text) <= text.MESSAGE
    assert not re.search("<!(channel|here)", drawn.text)


def test_the_longest_there_is_leaves_room_for_what_is_said_above_it():
    one = OutstandingLine(
        "followup", "1", "x" * 5000, NOW, "INC-1", "y" * 5000, "https://a.b/c"
    )
    own = DigestSection([one] * MOST_SHOWN, 10**6, 10**6)
    led = DigestSection([one] * EARLIER, 10**6)
    drawn = message(OwnerDigest(NOW, own, led), "0" * 32)
    assert len(drawn.blocks) < text.BLOCKS_IN_MESSAGE
    assert problems(drawn.blocks) == []


@given(many(EARLIER), words, st.integers(0, 10**6))
def test_a_channels_digest_in_which_some_is_dealt_with(found, name, total):
    drawn = channel_message(Digest(NOW, name, "item", total, 3, found), "0" * 32)
    assert len(drawn.blocks) < text.BLOCKS_IN_MESSAGE
    assert problems(drawn.blocks) == []
    assert pages_nobody(drawn.blocks)


counts = st.integers(0, 10**6)


weeks = st.lists(st.tuples(counts, counts, counts), min_size=8, max_size=8).map(
    lambda rows: [
        Week(date(2026, 1, 5) + timedelta(weeks=n), *row, running=n == 7)
        for n, row in enumerate(rows)
    ]
)


entries = st.builds(
    OldestItem,
    noun=st.sampled_from(["followup", "action"]),
    id=ids,
    title=words,
    since=st.none() | moments,
    reference=words,
    incident=words,
    url=links,
    owner=st.none() | words,
    overdue=st.booleans(),
    private=st.booleans(),
)


summaries = st.builds(
    Summary,
    at=st.just(NOW),
    name=st.none() | words,
    open=counts,
    overdue=counts,
    unowned=st.integers(UNOWNED, 10**6),
    weeks=weeks,
    shares=some(
        st.builds(OwnedItems, name=words, total=counts, overdue=counts), most=30
    ),
    oldest=some(entries, most=OLDEST),
    nobodys=some(entries, most=UNOWNED),
)


@given(summaries)
def test_any_summary_is_drawn(summary):
    blocks = draw(summary, f"reminder show {'0' * 32}")
    assert problems(blocks) == []
    said = fallback_text(summary)
    assert 0 < len(said) <= text.MESSAGE
    assert "<!channel>" not in said


@given(summaries.filter(lambda summary: not summary.empty))
def test_the_charts_of_any_summary_show_its_weeks(summary):
    charts = [
        block.to_dict()["chart"]
        for block in draw(summary, "summary now")
        if block.type == "data_visualization"
    ]
    days = ["5 Jan", "12 Jan", "19 Jan", "26 Jan", "2 Feb", "9 Feb", "16 Feb", "So far"]
    assert [chart["axis_config"]["categories"] for chart in charts] == [days, days]
    area, bars = (chart["series"] for chart in charts)
    rows = [[point["value"] for point in one["data"]] for one in (*bars, *area)]
    assert rows == [
        [week.opened for week in summary.weeks],
        [week.closed for week in summary.weeks],
        [week.open for week in summary.weeks],
    ]


@pytest.mark.parametrize(
    ("overdue", "total", "said"),
    [(0, 3, ""), (1, 1, ", 1 overdue"), (2, 3, ", 2 overdue"), (3, 3, ", all overdue")],
)
def test_a_number_is_not_said_twice(overdue, total, said):
    assert outstanding.late(overdue, total) == said
