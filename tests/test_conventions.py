"""Rules the whole codebase keeps, so that nobody has to remember them."""

import ast
import inspect
from pathlib import Path

import pytest

from handlers import GROUPS
from handlers.core.arguments.resolve import RESOLVERS, Page, annotated
from handlers.core.command import Modal
from handlers.core.pipeline.router import Router

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "http_base": set(),
    "incidentio": {"http_base"},
    "slack": {"http_base"},
    "storage": set(),
    "telemetry": set(),
    "sandbox": set(),
    "web": set(),
    "blocks": {"incidentio"},
    "reminders": {"blocks", "incidentio", "slack", "storage"},
    "handlers": {"blocks", "incidentio", "reminders", "slack", "storage", "telemetry"},
    "runtime": {
        "handlers",
        "incidentio",
        "reminders",
        "sandbox",
        "slack",
        "storage",
        "telemetry",
        "web",
    },
    "admin": {
        "blocks",
        "handlers",
        "incidentio",
        "reminders",
        "runtime",
        "slack",
        "storage",
        "telemetry",
    },
}
"""What each package may import of the others; nothing imports the sandbox."""

ROUTER = Router(GROUPS)
PURE = {"requests", "slack_bolt", "sqlalchemy", "threading", "time"}


def sources(*folders):
    for folder in folders:
        yield from (ROOT / folder).rglob("*.py")


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def tops(path):
    return {name.partition(".")[0] for name in imported(path)}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_dependencies_point_inwards(package):
    ours = set(MAY_IMPORT) | {"app", "tests"}
    for path in sources(package):
        assert (ours & tops(path)) - MAY_IMPORT[package] <= {package}, path


def test_only_its_launcher_knows_the_sandbox():
    knows = {p.name for p in sources(*MAY_IMPORT) if "sandbox" in tops(p)}
    inside = {p.name for p in sources("sandbox")}
    assert knows - inside == {"local.py"}


def test_blocks_are_pure():
    for path in sources("blocks"):
        assert not PURE & tops(path), path


def test_bolt_is_behind_the_dispatcher():
    users = {p.name for p in sources("handlers", "blocks") if "slack_bolt" in tops(p)}
    assert users == {"dispatch.py"}


@pytest.mark.parametrize("command", ROUTER.commands.values(), ids=lambda c: c.name)
def test_a_command_explains_itself_and_its_words_can_be_read(command):
    assert command.help.endswith("."), command.name
    for parameter in command.parameters.values():
        kind = annotated(parameter)
        assert kind is Page or kind in RESOLVERS, (command.name, kind)


def test_what_writes_says_what_did_not_happen():
    for command in ROUTER.commands.values():
        if command.flags.writes:
            assert command.flags.fails.startswith(("The ", "Your ")), command.name
    for submission in ROUTER.submissions.values():
        assert submission.flags.fails.startswith(("The ", "Your ")), submission.name


def test_live_fields_lead_to_forms():
    for change in ROUTER.changes.values():
        assert inspect.signature(change.run, eval_str=True).return_annotation is Modal


def test_words_that_name_the_workplace_are_nowhere():
    for path in [*sources(*MAY_IMPORT, "tests"), *ROOT.glob("*.md")]:
        if path != Path(__file__):
            assert "TODO" not in path.read_text(), path
