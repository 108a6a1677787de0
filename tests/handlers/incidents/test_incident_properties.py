"""What a form shows of an incident comes back as it was while nobody touches it."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from blocks.incidents import edit as incident_edit
from blocks.incidents.properties import Configuration, properties
from blocks.kit.edit import Edit, fingerprints
from blocks.kit.fields import Moment, Number, Text
from blocks.kit.form import read_view
from incidentio import CustomField, CustomFieldOption, Incident
from sandbox.slack.block_kit.input_state import values_of

OPTIONS = tuple(CustomFieldOption(id=f"o{n}", value=f"Option {n}") for n in range(4))
FIELDS = tuple(
    CustomField(id=f"f{n}", name=f"Field {n}", field_type=kind, options=OPTIONS)
    for n, kind in enumerate(
        ["text", "link", "numeric", "single_select", "multi_select", "newer"]
    )
)
LIVE = Configuration(roles=(), custom_fields=FIELDS, timestamps=())

words = st.text(st.characters(codec="utf-8"), max_size=40)
moments = st.datetimes(
    datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis wants them naive
    datetime(2035, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
options = st.sampled_from([*OPTIONS, CustomFieldOption(id="gone", value="Deleted")])
values = st.fixed_dictionaries(
    {
        "f0": words.map(lambda w: [{"value_text": w}]),
        "f1": words.map(lambda w: [{"value_link": f"https://a.example/{w}"}]),
        "f2": st.decimals().map(lambda n: [{"value_numeric": str(n)}]),
        "f3": options.map(lambda o: [{"value_option": o}]),
        "f4": st.lists(options, max_size=4, unique_by=lambda o: o.id).map(
            lambda found: [{"value_option": o} for o in found]
        ),
        "f5": words.map(lambda w: [{"value_text": w}]),
    }
)


@st.composite
def incidents(draw):
    entered = draw(values)
    return Incident.model_validate(
        {
            "id": "01H",
            "reference": "INC-1",
            "name": draw(words),
            "summary": draw(words | st.none()),
            "call_url": draw(words | st.none()),
            "visibility": "public",
            "incident_status": {"id": "s", "name": "Live", "category": "live"},
            "slack_channel_id": "C1",
            "custom_field_entries": [
                {"custom_field": field, "values": entered[field.id]} for field in FIELDS
            ],
            "incident_timestamp_values": [
                {
                    "incident_timestamp": {"id": "t", "name": "Fixed at"},
                    "value": {"value": draw(moments)},
                }
            ],
        }
    )


@given(incidents())
def test_an_untouched_form_reads_as_unchanged(incident):
    every = properties(incident, LIVE)
    inputs = incident_edit.shown(every)
    view = incident_edit.form(incident, every, inputs).view().to_dict()
    state = values_of(view["blocks"])

    read = read_view({"state": {"values": state}})

    read.pop("notify")
    assert read
    edit = Edit.of(fingerprints(inputs), read, inputs)
    assert not edit.changed
    assert not edit.due


def test_numbers_are_the_same_however_they_are_written():
    field = Number(name="n", label="N")
    same = [field.normalized(n) for n in ("20", "20.0", "020", "20.00")]
    assert set(same) == {"20"}


def test_texts_are_the_same_but_for_spaces_at_the_ends_of_lines():
    field = Text(name="t", label="T")
    one, other = "a  \r\nb\n", "a\nb"
    assert field.normalized(one) == field.normalized(other)


def test_moments_are_the_same_within_a_minute():
    field = Moment(name="m", label="M")
    early = datetime(2026, 3, 9, 10, 0, 1, tzinfo=UTC)
    late = datetime(2026, 3, 9, 10, 0, 59, tzinfo=UTC)
    assert field.normalized(early) == field.normalized(late)
