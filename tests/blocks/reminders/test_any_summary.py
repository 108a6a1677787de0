"""Whatever people and the API write, Slack takes a weekly summary of it."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from blocks.kit import text
from blocks.reminders.summary import (
    OLDEST,
    UNOWNED,
    Entry,
    Share,
    Summary,
    Week,
    described,
    draw,
    spoken,
)
from tests.blocks.drawing import NOW, ids, links, moments, problems, some, words

counts = st.integers(0, 10**6)
weeks = st.lists(st.tuples(counts, counts, counts), min_size=8, max_size=8).map(
    lambda rows: [
        Week(date(2026, 1, 5) + timedelta(weeks=n), *row) for n, row in enumerate(rows)
    ]
)
entries = st.builds(
    Entry,
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
    shares=some(st.builds(Share, name=words, total=counts, overdue=counts), most=30),
    oldest=some(entries, most=OLDEST),
    nobodys=some(entries, most=UNOWNED),
)


@settings(max_examples=60)
@given(summaries, st.none() | st.just("F0CHART0000"))
def test_any_summary_is_drawn(summary, file_id):
    blocks = draw(summary, f"reminder show {'0' * 32}", file_id)
    assert problems(blocks) == []
    said = spoken(summary)
    assert 0 < len(said) <= text.MESSAGE
    assert "<!channel>" not in said
    assert len(described(summary.weeks)) <= 1000
