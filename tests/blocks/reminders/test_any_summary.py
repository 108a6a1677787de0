"""Whatever people and the API write, Slack takes a weekly summary of it."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from blocks.kit import text
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
from tests.blocks.drawing import NOW, ids, links, moments, problems, some, words

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


@settings(max_examples=60)
@given(summaries)
def test_any_summary_is_drawn(summary):
    blocks = draw(summary, f"reminder show {'0' * 32}")
    assert problems(blocks) == []
    said = fallback_text(summary)
    assert 0 < len(said) <= text.MESSAGE
    assert "<!channel>" not in said


@settings(max_examples=60)
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
