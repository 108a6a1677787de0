"""No text can mention, link, break its line, or be longer than Slack takes."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.kit import text
from blocks.kit.references import without_ids, write_out
from sandbox.slack.page.mrkdwn import MARKS

anything = st.text(max_size=500) | st.text(alphabet="<>&;!@#|*_`~\n ab", max_size=200)


@given(anything)
def test_escaped_text_comes_back_and_holds_no_control_sequence(words):
    escaped = text.escape(words)

    assert "<" not in escaped
    assert text.unescape(escaped) == words


@given(anything, st.integers(2, 60))
def test_clipping_keeps_to_the_limit_and_never_cuts_an_entity(words, limit):
    clipped = text.clip(text.escape(words), limit)

    assert len(clipped) <= limit
    assert not re.search(r"&(?:a|am|amp|l|lt|g|gt)?…?$", clipped)


@given(anything)
def test_plain_text_is_one_line_and_never_empty(words):
    shown = text.plain(words, 75)

    assert shown
    assert len(shown) <= 75
    assert "\n" not in shown


@given(anything, anything)
def test_a_link_has_one_target_and_one_label(url, label):
    drawn = text.link(f"https://example.com/{url}", label)

    assert drawn.count("<") == drawn.count(">") <= 1
    assert "<!" not in drawn


@given(st.timedeltas(timedelta(), timedelta(days=4000)))
def test_durations_are_said_in_words(span):
    assert re.fullmatch(r"\d+ min|\d+ h(?: \d+ min)?|[\d,]+ days?", text.duration(span))


SECONDS = {"day": 86_400, "days": 86_400, "h": 3_600, "min": 60, "s": 1}


@given(st.integers(0, 10**8))
def test_a_length_that_was_set_is_written_exactly_in_two_units_at_most(seconds):
    numbers = text.exact(timedelta(seconds=seconds)).replace(",", "").split()
    units = list(zip(numbers[::2], numbers[1::2], strict=True))
    assert sum(int(n) * SECONDS[unit] for n, unit in units) == seconds
    assert len(units) <= 2


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (90, "1 min 30 s"),
        (41_400, "11 h 30 min"),
        (47 * 3600, "1 day 23 h"),
        (36 * 3600, "1 day 12 h"),
        (26 * 3600 + 1800, "26 h 30 min"),
        (172_800, "2 days"),
        (45, "45 s"),
        (0, "0 s"),
    ],
)
def test_lengths_that_were_set(seconds, said):
    assert text.exact(timedelta(seconds=seconds)) == said


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_a_moment_is_shown_in_each_readers_zone(moment):
    aware = moment.replace(tzinfo=UTC)

    drawn = text.when(aware)

    assert drawn.startswith(f"<!date^{int(aware.timestamp())}^")
    assert "UTC" in text.unformatted(drawn)


@pytest.mark.parametrize(
    ("words", "listed"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_words_are_joined_as_a_sentence_does(words, listed):
    assert text.listed(words) == listed


class Named:
    def person(self, id_):
        return {"U1": "Ben Okafor"}.get(id_)

    def channel(self, id_):
        return {"C1": "ops"}.get(id_)

    def group(self, id_):
        return {"S1": "oncall"}.get(id_)


@pytest.mark.parametrize(
    ("sent", "known", "unknown"),
    [
        ("ask <@U1|ben>, <@U1>", "ask @ben, @Ben Okafor", "ask @ben, @someone"),
        ("<#C1|general> <#C1|> <#C1>", "#general #ops #ops", "#general a private"),
        ("<!subteam^S1> <!subteam^S2|@db>", "@oncall @db", "@group @db"),
        ("<!here> <!channel|channel>", "@here @channel", "@here @channel"),
        ("<!date^1^{date}|9 March>", "9 March", "9 March"),
        ("<mailto:a@b.c|a@b.c> <tel:1|1>", "a@b.c 1", "a@b.c 1"),
        ("<https://a.b/|a.b>", "https://a.b/", "https://a.b/"),
        ("<https://a.b|runbook>", "runbook (https://a.b)", "runbook (https://a.b)"),
        ("1 < 2 > 0 <b> <@> <#x>", "1 < 2 > 0 <b> <@> <#x>", "1 < 2"),
    ],
)
def test_what_slack_refers_to_is_written_out(sent, known, unknown):
    assert write_out(sent, Named()) == known
    assert write_out(sent).startswith(unknown)


def test_only_ids_are_taken_out_of_what_was_typed_as_it_is():
    kept = "<!here> <https://a.b|c> <!date^1^x|y>"
    assert without_ids(f"<@U1|ben> {kept}") == f"@ben {kept}"
    assert text.plain("<@U1|ben> <#C1> <!here>") == "@ben a private channel <!here>"
    assert text.quote("<@U1>") == "> @someone"


marked = st.text(alphabet="*_~` ab.:-é🔥", max_size=40)


@given(marked, marked)
def test_what_a_name_holds_formats_nothing_in_a_sentence(one, other):
    said = f"by {text.inline(one)} and {text.inline(other)}, twice"

    assert "`" not in said
    for mark, _ in MARKS:
        assert not mark.search(said)


@given(marked)
def test_a_bold_name_is_bold_as_a_whole(words):
    assert text.bold(words).count("*") == 2


@pytest.mark.parametrize("name", ["snake_case_name", "2*3", "5 * 3 ~ 15", "a-b.c"])
def test_what_formats_nothing_stays_as_it_was_written(name):
    assert text.inline(name) == name


def test_code_can_be_copied():
    assert text.code("__init__ <*>") == "`__init__ &lt;*&gt;`"


@pytest.mark.parametrize("name", ["👩‍🚒 on duty", "❤️‍🔥", "می‌خواهم"])
def test_joined_emoji_and_letters_stay_joined(name):
    assert text.plain(name) == name


@pytest.mark.parametrize(
    "name", ["", " \u200d ", "\u3164", "\u202e\u2066", "\u200d\u200d", "\u00ad"]
)
def test_what_nobody_can_see_is_no_name(name):
    assert text.plain(name) == "(no name)"


@given(st.text(max_size=300))
def test_plain_text_holds_nothing_that_turns_the_line_around(words):
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00]", text.plain(words))


def test_nobody_can_type_what_holds_a_place():
    assert text.BLANK not in text.typed(f"a {text.BLANK} b")
