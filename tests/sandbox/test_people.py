"""A file says who the people of the sandbox are; the history stays."""

import re
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from sandbox import __main__ as program
from sandbox.company import PEOPLE
from sandbox.people import BadPeople, printed, read

MARIA = """
[ana]
handle = "maria"
name = "María Núñez"
timezone = "America/Bogota"

[kim]
role = "administrator"
"""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "people.toml"


def test_what_is_printed_changes_nothing(file, capsys):
    assert program.main(["people"]) == 0
    file.write_text(capsys.readouterr().out)

    assert read(file) == PEOPLE


def test_they_play_the_parts_of_the_history_in_both_services(file):
    file.write_text(MARIA)
    with closing(program.open_world(0, people=file)) as world:
        maria = world.slack.person("maria")
        store = world.incidentio.store
        account = store.user(field="slack_user_id", value="U0ANA")
        rotation = store.schedules.resolve(_named(store, "Platform"))["config"]
        inside = [c.name for c in world.slack.workspace.channels.values() if c.private]
        page = urlopen(world.slack_url).read().decode()  # noqa: S310
        world.reset()
        again = world.slack.person("maria")

    assert maria.user.timezone == "America/Bogota"
    assert (account["name"], account["email"]) == ("María Núñez", "maria@acme.example")
    assert rotation["rotations"][0]["users"][0]["name"] == "María Núñez"
    assert inside, "whoever takes part in a private incident is in its channel"
    assert store.user(field="email", value="kim@acme.example")["role"] == (
        "administrator"
    )
    assert again.user.name == "María Núñez"
    group = re.search(r'<optgroup label="Owner">(.*?)</optgroup>', page, re.DOTALL)
    assert "María Núñez" in group[1]
    assert "Gia Rossi" in page, "the visitors stay"


def _named(store, name):
    return next(row["id"] for row in store.schedules if row["name"] == name)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "cannot be read: No such file or directory."),
        ("ana: Maria", "is not TOML: "),
        ("[anna]", "there is no part “anna”. The parts are ana, ben, chi, "),
        ('ana = "Maria"', "ana must be a table: a line [ana], and its properties"),
        ('[ana]\nrole = "boss"', "ana: role must be one of owner, administrator, "),
        ('[ana]\nzone = "UTC"', "ana: there is no property “zone”. The properties "),
        ('[ana]\ntimezone = "Lisbon"', "ana: timezone must be the name of a time zone"),
        ('[ana]\nhandle = "Ana F"', "ana: handle must be 1 to 21 of a-z, 0-9, "),
        ("[ana]\nname = 3", "ana: name must be a text of 1 to 80 characters"),
        ('[ana]\nname = ""', "ana: name must be a text of 1 to 80 characters"),
        ('[max]\nrole = "viewer"', "max: there is no account in incident.io, so no "),
        ('[ana]\nhandle = "ben"', "the handle ben would belong to 2 people. Choose"),
        ('[ana]\nhandle = "gia"', "the handle gia would belong to 2 people. Choose"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_to_be(file, content, fault, capsys):
    if content is not None:
        file.write_text(content)

    assert program.main(["serve", "--port", "0", "--people", str(file)]) == 2

    said = capsys.readouterr().err
    assert said.startswith(str(file))
    assert fault in said


def test_every_fault_is_said_at_once(file):
    file.write_text('[anna]\n[ben]\nrole = "boss"\ntimezone = "Nowhere"')
    with pytest.raises(BadPeople) as refused:
        read(file)
    assert len(refused.value.faults) == 3


def test_the_printed_file_says_who_is_special():
    said = printed()
    assert "[lee]  # has left the company" in said
    assert re.search(r'\[max\].*no account.*\nhandle = "max"\nname', said)


def test_the_example_of_the_docs_is_read(file):
    page = Path(__file__).parents[2] / "docs" / "sandbox.md"
    file.write_text(re.search(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)[1])

    assert (read(file)[0].handle, read(file)[0].name) == ("maria", "Maria Lopez")
