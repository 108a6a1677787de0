"""Rules the whole codebase keeps, so that nobody has to remember them."""

import ast
import inspect
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from handlers import ROUTER
from handlers.core.arguments.resolve import RESOLVERS, Page, annotated
from handlers.core.command import Modal

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "http_base": set(),
    "remembered": set(),
    "incidentio": {"http_base", "remembered"},
    "slack": {"http_base", "remembered"},
    "storage": set(),
    "telemetry": set(),
    "sandbox": set(),
    "web": {"http_base"},
    "blocks": {"incidentio"},
    "reminders": {
        "blocks",
        "incidentio",
        "remembered",
        "slack",
        "storage",
        "telemetry",
    },
    "handlers": {
        "blocks",
        "http_base",
        "incidentio",
        "reminders",
        "slack",
        "storage",
        "telemetry",
    },
    "runtime": {
        "handlers",
        "http_base",
        "incidentio",
        "reminders",
        "sandbox",
        "slack",
        "storage",
        "telemetry",
        "web",
    },
    "benchmarks": {
        "http_base",
        "incidentio",
        "reminders",
        "runtime",
        "sandbox",
        "slack",
        "storage",
    },
    "chaos": {"benchmarks", "reminders", "sandbox", "storage"},
    "admin": {
        "blocks",
        "handlers",
        "http_base",
        "incidentio",
        "reminders",
        "runtime",
        "slack",
        "storage",
        "telemetry",
    },
}
"""What each package may import of the others; no part of the bot has the sandbox."""

PURE = {"requests", "slack_bolt", "sqlalchemy", "threading", "time"}


def sources(*folders):
    for folder in folders:
        yield from (ROOT / folder).rglob("*.py")


@cache
def imported(path):
    """Return the modules that a file imports, and the names that may be modules."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            found.append(node.module or "")
            found += [f"{node.module}.{name.name}" for name in node.names]
        elif isinstance(node, ast.Import):
            found += [name.name for name in node.names]
    return found


def tops(path):
    return {name.partition(".")[0] for name in imported(path)}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_dependencies_point_inwards(package):
    ours = set(MAY_IMPORT) | {"app", "tests"}
    for path in sources(package):
        assert (ours & tops(path)) - MAY_IMPORT[package] <= {package}, path


BELOW = {
    "blocks": ("kit",),
    "handlers": ("core",),
    "reminders": ("calendar", "sources", "people", "items", "engine"),
}
"""What the nouns of a package share, the lowest first; each imports none above it."""


def room(package, module):
    """Name the folder, or the file, of a package that a module stands in."""
    top, _, rest = module.partition(".")
    return rest.partition(".")[0] if top == package else ""


@pytest.mark.parametrize("package", BELOW)
def test_nouns_do_not_import_nouns(package):
    shared = BELOW[package]
    crossing = set()
    for path in sources(package):
        here = path.relative_to(ROOT / package).parts
        if len(here) == 1:  # what joins the nouns
            continue
        may = shared[: shared.index(here[0])] if here[0] in shared else shared
        for module in imported(path):
            there = room(package, module)
            if there not in {"", here[0], *may}:
                crossing.add((str(path.relative_to(ROOT)), module))
    assert crossing == set()


def graph():
    """Map each module to those it imports, for type checking only too."""
    modules = {
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for p in sources(*MAY_IMPORT)
    }
    arrows = {}
    for name in modules:
        path = ROOT.joinpath(*name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        found = {m for m in imported(path) if m in modules}
        packages = {m for m in found if any(f.startswith(f"{m}.") for f in found)}
        arrows[name] = found - packages - {name}
    return arrows


@pytest.mark.parametrize("file", sorted(ROOT.glob("requirements*.txt")), ids=str)
def test_everything_that_is_installed_is_pinned_with_hashes(file):
    lines = file.read_text().replace("\\\n", "").splitlines()
    pins = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert pins
    for pin in pins:
        assert re.fullmatch(
            r"[\w.-]+==[^ ;]+( ; .+)?(\s+--hash=sha256:[0-9a-f]{64})+", pin
        )


def test_actions_of_workflows_are_pinned_by_commit():
    for file in (ROOT / ".github" / "workflows").glob("*.yml"):
        for used in re.findall(r"uses: (\S+)", file.read_text()):
            assert re.search(r"@[0-9a-f]{40}$", used), used


def test_no_module_imports_itself_by_way_of_others():
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_only_storage_knows_its_tables():
    """Everybody else gets frozen values, which no other transaction changes."""
    for package in sorted(set(MAY_IMPORT) - {"storage", "benchmarks"}):
        for path in sources(package):
            assert "storage.tables" not in imported(path), path


@pytest.mark.parametrize("stand_in", ["sandbox.slack", "sandbox.incidentio"])
def test_the_rooms_of_a_stand_in_do_not_import_each_other_in_circles(stand_in):
    def room_of(module):
        return module.removeprefix(f"{stand_in}.").partition(".")[0]

    rooms = {}
    for name, imports in graph().items():
        if name.startswith(f"{stand_in}."):
            inside = {room_of(m) for m in imports if m.startswith(f"{stand_in}.")}
            rooms.setdefault(room_of(name), set()).update(inside - {room_of(name)})
    assert list(TopologicalSorter(rooms).static_order())


def test_only_its_launcher_knows_the_sandbox():
    product = set(MAY_IMPORT) - {"benchmarks", "chaos"}
    knows = {p.name for p in sources(*product) if "sandbox" in tops(p)}
    inside = {p.name for p in sources("sandbox")}
    assert knows - inside == {"local.py"}


FOR_NOBODY = {
    "reminders.sources.audience.NOBODY": {
        "reminders/engine/engine.py",  # composing narrows it to who is told
        "reminders/engine/planner.py",  # finds what is due
        "reminders/engine/preview.py",
        "reminders/sources/snapshot.py",
        "reminders/sources/snapshots.py",
    },
    "incidentio.cache.catalog.nobody": {
        "handlers/core/directory.py",  # decides what may be seen
        "reminders/cards/drawing.py",
    },
}
"""Who reads all there is, private incidents included, and shows it to no one so."""


@pytest.mark.parametrize("name", FOR_NOBODY)
def test_what_is_shown_is_read_for_somebody(name):
    readers = {
        str(path.relative_to(ROOT))
        for path in sources(*MAY_IMPORT)
        if name in imported(path)
    }
    assert readers == FOR_NOBODY[name]


DOORS = {
    "handlers/audit/show.py",  # veils entries of what may not be seen
    "handlers/core/directory.py",
    "handlers/escalations/lookup.py",
    "handlers/escalations/reassign.py",  # finds what this person made
    "handlers/escalations/show.py",
    "handlers/incidents/catchup.py",  # names items of an incident that they see
    "handlers/items/listing.py",
    "handlers/items/verbs.py",  # reads one again that was found there
    "handlers/paths/show.py",
}
"""Where handlers read incidents, items and pages as they are; others ask these."""
RAW = re.compile(
    r"api\.(incidents|follow_ups|actions|escalations)\.(list|page|show)\b"
    r"|resource\(ctx\)\.(list|show)\b"
)


def test_handlers_read_by_way_of_what_a_person_may_see():
    found = {p for p in sources("handlers") if RAW.search(p.read_text())}
    assert {str(path.relative_to(ROOT)) for path in found} == DOORS


def test_blocks_are_pure():
    for path in sources("blocks"):
        assert not PURE & tops(path), path


def test_inputs_are_drawn_in_one_place_that_never_cuts_what_they_hold():
    drawn = {
        p.name for p in sources("blocks", "handlers") if "InputBlock" in p.read_text()
    }
    assert drawn == {"fields.py"}


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
            subject = command.flags.effect.subject
            assert subject.startswith(("The ", "Your ")), command.name
    for submission in ROUTER.submissions.values():
        subject = submission.flags.effect.subject
        assert subject.startswith(("The ", "Your ")), submission.name


def test_live_fields_lead_to_forms():
    for change in ROUTER.changes.values():
        assert inspect.signature(change.run, eval_str=True).return_annotation is Modal


def test_nothing_is_left_to_do():
    for path in [*sources(*MAY_IMPORT, "tests"), *ROOT.glob("*.md")]:
        if path != Path(__file__):
            assert "TODO" not in path.read_text(), path
