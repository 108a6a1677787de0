"""The faults are published; those that take seconds are done here."""

from __future__ import annotations

import shutil

import pytest

from chaos.__main__ import main
from chaos.faults import FAULTS
from chaos.mutations import MUTATIONS, mutate
from tests.test_docs import CODE, ROOT, rows

PAGE = (ROOT / "docs" / "reliability.md").read_text()
SHORT = ("delivered-six-times",)
"""Faults that show within seconds that all of it can be run."""


def test_the_published_faults_are_those_that_are_done():
    listed = [CODE.findall(row[0]) for row in rows(PAGE, "Fault")]

    assert sorted(listed) == sorted([name] for name in FAULTS)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda f: f.name)
def test_a_fault_says_what_it_does(fault):
    assert fault.about.endswith(".")


def test_an_unknown_fault_is_refused(capsys):
    assert main(["earthquake"]) == 2
    assert "not earthquake" in capsys.readouterr().out


@pytest.mark.prove
def test_short_faults_lose_and_double_nothing(capsys):
    assert main(SHORT) == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_is_put_into_the_bot_on_purpose_has_its_place(name, tmp_path):
    mutation = MUTATIONS[name]
    for edit in mutation.edits:
        copy = tmp_path / edit.file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / edit.file, copy)
    for edit in mutation.edits:
        mutate(tmp_path, edit)
        compile((tmp_path / edit.file).read_text(), edit.file, "exec")
    assert mutation.fault in FAULTS
