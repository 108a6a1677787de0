"""A form reads back what it drew, whatever is in it."""

from datetime import UTC, date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from blocks.kit.boxes import LONGEST_TEXT, headline, length
from blocks.kit.fields import (
    MOST_OPTIONS,
    Choice,
    Choices,
    Choosable,
    Day,
    Field,
    Link,
    Moment,
    Number,
    PeoplePicker,
    PersonPicker,
    Text,
    Ticks,
    TimeOfDay,
)
from blocks.kit.form import Form, Note, memory, read_view, refill
from sandbox.slack.block_kit.input_state import values_of
from sandbox.slack.block_kit.views import check_view

OPTIONS = [Choosable(f"Option {n}", f"id-{n}") for n in range(5)]
VALUES = [option.value for option in OPTIONS]

typed = st.text(min_size=1, max_size=300).map(str.strip).filter(bool)
slack_ids = st.from_regex(r"U[A-Z0-9]{8}", fullmatch=True)
moments = st.datetimes(datetime(2001, 9, 10), datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
some = st.lists(st.sampled_from(VALUES), unique=True).map(tuple)

FIELDS = {
    Text: typed,
    Number: st.integers(-1000, 1000).map(str),
    Link: st.just("https://example.com/a?b=c"),
    Choice: st.sampled_from(VALUES),
    Choices: some,
    PersonPicker: slack_ids,
    PeoplePicker: st.lists(slack_ids, unique=True, max_size=5).map(tuple),
    Moment: moments,
    Day: st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    TimeOfDay: st.times().map(lambda t: time(t.hour, t.minute)),
    Ticks: some,
}
CHOOSING = {Choice, Choices, Ticks}
SEVERAL = {Choices, PeoplePicker, Ticks}


@st.composite
def filled(draw):
    """A form with any fields in it, and what each of them holds."""
    kinds = draw(st.lists(st.sampled_from(list(FIELDS)), min_size=1, max_size=8))
    fields, values = [], {}
    for number, kind in enumerate(kinds):
        given_ = draw(st.none() | FIELDS[kind])
        more = {"options": OPTIONS} if kind in CHOOSING else {}
        empty = () if kind in SEVERAL else None
        value = empty if given_ is None else given_
        name = f"field-{number}"
        label = draw(st.text(max_size=40))
        fields.append(kind(name=name, label=label, optional=True, value=value, **more))
        values[name] = value
    fields.append(Note(draw(typed)))
    return Form(id="form", title=draw(st.text(max_size=60)), fields=fields), values


def as_submitted(view):
    blocks = view["blocks"]
    return {**view, "state": {"values": values_of(blocks, {}, None)}}


@given(filled())
def test_what_is_drawn_is_read_back(form_and_values):
    form, values = form_and_values

    view = as_submitted(form.view().to_dict())

    read = read_view(view)
    assert {name: _in_order(value) for name, value in read.items()} == {
        name: _in_order(value) for name, value in values.items()
    }


@given(filled())
def test_slack_takes_every_form(form_and_values):
    form, _ = form_and_values

    assert check_view(form.view().to_dict()) == []


@given(filled())
def test_a_form_drawn_again_holds_what_was_entered(form_and_values):
    form, _ = form_and_values
    view = as_submitted(form.view().to_dict())

    again = as_submitted(refill(view, "It did not work."))

    assert read_view(again) == read_view(view)
    assert check_view({k: v for k, v in again.items() if k != "state"}) == []


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=5))
def test_what_a_form_remembers_comes_back(remembered):
    form = Form(id="form", title="Title", fields=[Note("x")], memory=remembered)

    assert memory(form.view().to_dict()) == remembered


def test_a_memory_that_is_not_ours_is_none_at_all():
    assert memory({"private_metadata": "{broken"}) == {}
    assert memory({"private_metadata": "[1]"}) == {}
    assert memory({}) == {}


letters = st.sampled_from(["a", "&", "🔥", "é", "\u200d", " ", "\n", "\u2003", "<"])
stretches = st.builds(str.__mul__, st.text(letters, max_size=9), st.integers(1, 900))
long_texts = st.lists(stretches, max_size=6).map("".join)


def inputs_of(view):
    return [b["element"] for b in view["blocks"] if b["type"] == "input"]


@given(
    long_texts, st.booleans(), st.integers(1, LONGEST_TEXT), st.sampled_from(["", "ab"])
)
def test_a_text_of_any_length_is_shown_whole_or_left_out(words, lines, most, fresh):
    text = Text(
        name="a", label="A", value=words, multiline=lines, max_length=most, fresh=fresh
    )
    view = Form(id="form", title="Title", fields=[text]).view().to_dict()

    assert check_view(view) == []
    assert text.current_value == (words or None)
    for element in inputs_of(view):
        assert length(element.get("initial_value") or "") <= element["max_length"]
    if inputs_of(view):
        read = read_view(as_submitted(view))["a"]
        assert (read or "") == words.strip()
    else:
        assert "is left out of this form" in str(view)


def test_what_no_input_can_hold_is_left_out():
    fields = [
        Text(name="t", label="T", value="x" * 80_000),
        Text(name="s", label="S", value=f"x{' ' * 3000}x"),
        Link(name="l", label="L", value="javascript:alert(1)"),
        Number(name="n", label="N", value="1e5"),
        Number(name="w", label="W", value="1.5", decimal=False),
        Moment(name="m", label="M", value=datetime(1999, 1, 1, tzinfo=UTC)),
        Moment(name="f", label="F", value=datetime(9999, 1, 1, tzinfo=UTC)),
        Choices(
            name="c",
            label="C",
            options=[Choosable(str(n), str(n)) for n in range(150)],
            value=[str(n) for n in range(101)],
        ),
        PeoplePicker(name="p", label="P", value=[f"U{n}" for n in range(101)]),
    ]
    view = Form(id="form", title="Title", fields=fields).view().to_dict()
    assert check_view(view) == []
    assert inputs_of(view) == []


@given(st.integers(-10_000, 10_000), st.integers(-100, 100), st.integers(-100, 100))
def test_no_number_is_beyond_its_own_bounds(value, least, most):
    field = Number(
        name="n",
        label="N",
        value=str(value),
        least=str(min(least, most)),
        most=str(max(least, most)),
    )
    element = field.element().to_dict()
    assert float(element["min_value"]) <= value <= float(element["max_value"])


@given(st.text(max_size=400), st.integers(1, 300))
def test_a_headline_is_the_beginning_and_nothing_is_lost(words, most):
    head, rest = headline(words, most)
    assert length(head) <= most
    assert words.strip().startswith(head.removesuffix("…").strip())
    assert (rest or head) == words.strip()


@given(st.integers(1, 650), st.sampled_from([None, "somewhere"]), st.booleans())
def test_a_menu_takes_any_number_of_options(many, source, several):
    options = [Choosable(f"Option {n}", f"id-{n}") for n in range(many)]
    last = options[-1].value
    about = {"name": "m", "label": "M", "options": options, "source": source}
    field: Field = Choice(**about, value=last)
    if several:
        field = Choices(**about, value=[last])
    view = Form(id="form", title="Title", fields=[field]).view().to_dict()
    assert check_view(view) == []
    read = read_view(as_submitted(view))["m"]
    assert read == ((last,) if several else last)
    (element,) = inputs_of(view)
    searched = source is not None and many > MOST_OPTIONS
    assert element["type"].endswith("external_select") == searched


def _in_order(value):
    return tuple(sorted(value)) if isinstance(value, tuple) else value
