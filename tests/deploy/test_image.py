"""The image: what is in it is all that its processes need, and it runs as nobody."""

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys

import pytest

import app
from runtime.settings import Settings
from sandbox.serve import serve
from tests.deploy.conftest import DEPLOY, ROOT, copied
from tests.test_conventions import MAY_IMPORT


def environment(image):
    (words,) = [words for name, words in image if name == "ENV"]
    return dict(word.split("=", 1) for word in shlex.split(words))


@pytest.fixture
def unpacked(image, tmp_path):
    """What the image copies, in a folder that nobody can write."""
    top = tmp_path / "app"
    top.mkdir()
    for source, target in copied(image).items():
        if source.startswith("requirements"):
            continue
        place = top / target / source if target.endswith("/") else top / target
        if (ROOT / source).is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / source, place, ignore=ignore)
        else:
            shutil.copy(ROOT / source, place)
    for path in [top, *top.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    yield top
    for path in [top, *top.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)


RELEASE = "import app, runtime.version as v; v.version(); exit(app.main(['release']))"


def release(unpacked, folder):
    return subprocess.run(
        [sys.executable, "-c", RELEASE],
        check=False,
        cwd=folder,
        env={"PYTHONPATH": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_what_is_copied_is_there(image):
    for source in copied(image):
        assert (ROOT / source).exists(), source


def test_it_runs_as_a_user_without_a_name_or_rights(image):
    users = [words for name, words in image if name == "USER"]
    last = max(n for n, (name, _) in enumerate(image) if name == "FROM")

    assert users == ["10001:10001"]
    assert "USER" in [name for name, _ in image[last:]]


def test_its_user_has_a_home_though_it_has_no_name(image):
    """Slack's library asks for it when it is imported, and dies without."""
    assert environment(image)["HOME"] == "/data"


def test_a_stage_copies_into_a_folder_that_it_names(image):
    named = set()
    stage = 0
    for name, words in image:
        stage += name == "FROM"
        if name == "WORKDIR":
            named.add(stage)
        assert name != "COPY" or words.startswith("--from") or stage in named, words


def test_nothing_comes_from_elsewhere_but_bases_by_tag_and_packages_by_hash(image):
    bases = [words.split()[0] for name, words in image if name == "FROM"]
    installs = [words for name, words in image if "pip install" in words]

    assert "ADD" not in {name for name, _ in image}
    assert all(re.fullmatch(r"python:3\.11-slim", base) for base in bases)
    assert len(installs) == 1
    for flag in ("--require-hashes", "--only-binary :all:", "--no-deps"):
        assert flag in installs[0]
    assert not [w for _, w in image if re.search(r"curl|wget|apt-get|https?://", w)]


def test_nothing_goes_to_the_builder_but_what_is_copied(image):
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert "*" in lines
    assert {line[1:] for line in lines if line.startswith("!")} == {*copied(image)}


def test_its_environment_is_of_settings(image):
    others = ("PATH", "HOME", "PYTHON", "MALLOC_ARENA_MAX")
    own = {name for name in environment(image) if not name.startswith(others)}
    assert {name.lower() for name in own} <= {*Settings.model_fields}


@pytest.mark.prove
def test_it_has_all_that_its_processes_need_and_writes_only_to_the_volume(
    image, unpacked, tmp_path
):
    volume = tmp_path / "data"
    volume.mkdir()
    assert [words for name, words in image if name == "WORKDIR"][-1] == "/data"

    before = {*unpacked.rglob("*")}
    done = release(unpacked, volume)

    assert done.returncode == 0, done.stderr
    assert [file.name for file in volume.glob("*.db")] == ["incidentio-bot.db"]
    assert {*unpacked.rglob("*")} == before


def test_it_has_every_package_but_those_for_development(image):
    packages = {source for source in copied(image) if "." not in source}
    assert packages == {*MAY_IMPORT} - {"benchmarks", "chaos", "sandbox"}


def test_its_check_tells_a_replica_that_is_up_from_one_that_is_not(image, bot):
    (words,) = [words for name, words in image if name == "HEALTHCHECK"]
    command = json.loads(words.partition(" CMD ")[2])

    def check(port):
        asked = {"PATH": os.environ["PATH"], "PORT": str(port)}
        return subprocess.run(
            [sys.executable, *command[1:]],
            check=False,
            env=asked,
            capture_output=True,
            timeout=60,
        ).returncode

    server = serve(bot.wsgi)
    assert check(server.port) == 0
    server.close()
    assert check(server.port) != 0


def test_the_processes_that_it_names_are_run_without_a_shell(image):
    given = dict(image)
    assert json.loads(given["ENTRYPOINT"]) == ["python", "/app/app.py"]
    assert json.loads(given["CMD"]) == ["web"]


def test_an_empty_name_is_the_process_without_a_name(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    assert app.main([""]) == app.MISUSE

    assert "SLACK_APP_TOKEN is not set" in capsys.readouterr().err
