"""What the documentation says is so: commands, settings, paths, recipes."""

import json
import re
import shlex
import tomllib
import types
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import handlers
from admin.docs import COMMANDS, replace_table, table
from admin.scopes import OPTIONAL
from app import PROCESSES
from handlers.core.command import Group, Modal, Reply
from handlers.core.permissions import Level
from handlers.core.pipeline.router import Invocation, Router
from incidentio.features import FEATURES, SETTINGS
from runtime.settings import Settings
from telemetry.metrics import Metrics
from tests.contract import WHERE
from tests.test_conventions import MAY_IMPORT

ROOT = Path(__file__).parent.parent
MARKDOWN = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()
RECIPES = (ROOT / "docs" / "recipes.md").read_text()
SETTINGS_PAGE = (ROOT / "docs" / "settings.md").read_text()

FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w./-]*\w(?:\.(?:py|md|txt|toml|sh|yml|example)|/)")
HOSTS = {"127.0.0.1", "api.slack.com", "bot.example.com", "incident.io", "semver.org"}
OPERATIONS = json.loads(WHERE.read_text())["operations"]
CONTRACT = {re.sub(r"^\w+ |/{.*", "", name) for name in OPERATIONS}
ADDRESSES = {"/slack/events", "/incidentio/webhooks"} | CONTRACT
SHELL = {"bash", "cp", "export", "rm", "umask", "."}
POSTGRESQL = {"createdb", "createuser", "pg_dump", "pg_restore"}
PROGRAMS = {"curl", "pip", "pytest", "python3", *SHELL, *POSTGRESQL}

by_name = pytest.mark.parametrize("page", MARKDOWN, ids=lambda p: p.name)


def blocks(text, *languages):
    return [code for language, code in FENCED.findall(text) if language in languages]


def prose(page):
    return FENCED.sub("", page.read_text())


def rows(text, head):
    """The cells of the table whose head starts with ``head``."""
    _, _, rest = text.partition(f"| {head} |")
    lines = rest.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip(" |").split(" |")] for line in lines]


def slug(title):
    words = re.sub(r"[^\w\- ]", "", title.lower().strip())
    return words.replace(" ", "-")


def test_the_table_of_commands_is_what_is_declared():
    page = COMMANDS.read_text()
    slash = Settings.model_fields["slash_command"].default

    assert replace_table(page, table(handlers.GROUPS, slash)) == page, "run: make docs"


def test_a_table_is_drawn_from_declarations_alone():
    group = Group("thing", "Things | all", level=Level.ADMINISTER, writes=SETTINGS)

    @group.command("thing [show]")
    def show(ctx, name: str) -> Reply:
        """Show a *thing*."""

    @group.command("thing edit")
    def edit(ctx) -> Modal:
        """Edit a thing."""

    assert table([group], "/x").splitlines()[2:] == [
        "| **Things \\| all** | | | | |",
        "| `/x thing [show] <name>` | Show a \\*thing\\*. | `read` | `viewer` | |",
        (
            "| `/x thing edit` | Edit a thing. | `administer` | `manage_settings` | "
            "`chat:write` `chat:write.public` `im:write` |"
        ),
    ]


def test_a_page_without_marks_is_not_written():
    with pytest.raises(ValueError, match="commands:begin"):
        replace_table("# Nothing", "| |")


def test_the_commands_of_the_readme_exist():
    for command, _ in rows(README, "Command"):
        (line,) = CODE.findall(command)
        found = handlers.ROUTER.route(line.removeprefix("/io").strip())
        assert isinstance(found, Invocation), line


def test_every_setting_is_listed_with_who_needs_it():
    listed = {}
    for names, needed, *_ in rows(SETTINGS_PAGE, "Setting"):
        for name in CODE.findall(names):
            listed[name.lower()] = {n.strip() for n in needed.split(",") if n.strip()}
    needed = {
        field: {
            name or "everything" for name, p in PROCESSES.items() if field in p.needs
        }
        for field in Settings.model_fields
    }

    assert listed == needed


def test_every_optional_scope_is_listed_with_what_lacks_without_it():
    listed = rows((ROOT / "docs" / "deploy.md").read_text(), "Scope")
    assert {scope for row in listed for scope in CODE.findall(row[0])} == OPTIONAL


def test_the_network_is_described_as_it_is_by_default():
    page = (ROOT / "docs" / "deploy.md").read_text()
    [network] = [text for text in page.splitlines() if text.startswith("**The network")]
    fields = Settings.model_fields

    assert f"`PORT` ({fields['port'].default})" in network
    for field in ("slack_api_url", "incidentio_api_url"):
        assert urlsplit(str(fields[field].default)).hostname in CODE.findall(network)


def test_the_readme_has_every_process():
    listed = {CODE.findall(row[1])[0] for row in rows(README, "Process")}

    assert listed == {f"python app.py {name}".strip() for name in PROCESSES}


def test_the_readme_has_every_role():
    listed = {frozenset(CODE.findall(row[1])) for row in rows(README, "For")}

    assert listed == {frozenset(feature.roles) for feature in FEATURES}


def test_the_picture_has_the_arrows_that_are_held():
    drawn = {
        LINK.search(package)[1].strip("/"): {w.strip() for w in may.split(",") if w}
        for package, _, may in ([*row, ""][:3] for row in rows(ARCHITECTURE, "Package"))
    }

    assert drawn == MAY_IMPORT


def test_the_picture_shows_every_package():
    drawn = re.findall(r"\w+", blocks(ARCHITECTURE, "")[0])

    assert set(MAY_IMPORT) <= {*drawn}


def test_the_metrics_in_the_docs_exist():
    known = {m.name for m in Metrics().registry.collect()}
    for page in MARKDOWN:
        if page.name == "CHANGELOG.md":  # it names what is gone, too
            continue
        named = re.findall(r"incidentio_bot_\w+", page.read_text())
        assert {name.removesuffix("_total") for name in named} <= known, page


@by_name
def test_every_link_leads_somewhere(page):
    for target in LINK.findall(prose(page)):
        if urlsplit(target).scheme:
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        if anchor:
            titles = re.findall(r"^#+ (.+)$", found.read_text(), re.MULTILINE)
            assert anchor in map(slug, titles), target


@by_name
def test_every_path_that_is_named_exists(page):
    for word in CODE.findall(prose(page)):
        if PATH.fullmatch(word) and "/" in word.rstrip("/"):
            assert (ROOT / word).exists(), word


@by_name
def test_every_command_line_can_be_run(page):
    text = page.read_text()
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    lines = [line for block in blocks(text, "sh") for line in block.splitlines()]
    inline = [c for c in CODE.findall(prose(page)) if c.startswith(("make ", "python"))]
    for line in [*map(str.strip, lines), *inline]:
        program, *words = shlex.split(line)
        match program.rpartition("/")[2], words:
            case "make", [target]:
                assert target in targets, line
            case "python", ["app.py", *name]:
                assert " ".join(name) in PROCESSES, line
            case "python", ["-m", package, *_]:
                assert (ROOT / package / "__main__.py").exists(), line
            case other, _:
                assert other in PROGRAMS, line


@by_name
def test_every_address_is_a_public_one(page):
    text = page.read_text()
    hosts = {urlsplit(url).hostname for url in re.findall(r"https?://[^\s)>`]+", text)}
    rooted = set(re.findall(r"(?<![\w.:/*\]}<>@])/\w+/\w+", text))
    controls = {path for path in rooted if path.startswith("/sandbox/")}  # test_local

    assert hosts <= HOSTS
    assert rooted - controls <= ADDRESSES


@by_name
def test_no_marks_of_a_merge_are_left(page):
    assert not re.search(r"^(<{7}|={7}|>{7})", page.read_text(), re.MULTILINE)


@by_name
def test_the_words_are_calm(page):
    assert "!" not in prose(page).replace("![", "[").replace("<!--", "")


def test_the_licence_is_there():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert project["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")


@pytest.fixture
def recipe(monkeypatch):
    """The recipe for a command, put among the commands."""
    (code,) = blocks(RECIPES, "python")
    made = types.ModuleType("lead")
    exec(compile(code, "docs/recipes.md", "exec"), vars(made))  # noqa: S102
    router = Router((*handlers.GROUPS, made.group))
    monkeypatch.setattr(handlers, "ROUTER", router)


def test_the_recipe_for_a_command_works(recipe, ana, ben, world):
    ana.types("/io declare Recipe")
    ana.submits(severity="Low")
    ben.types("/io leads")
    assert "INC-41: Ana Ferreira" in ben.last.text

    ben.types("/io lead ask 41")
    ben.submits(question="Is it <!channel> over?")

    assert "The lead was asked" in ben.last.text
    assert "Is it &lt;!channel&gt; over?" in ana.sees("dm")[-1].text


def test_the_recipe_says_when_nobody_leads(recipe, ana, world):
    world.incidentio.store.incident("27").roles.clear()
    ana.types("/io lead ask 27")
    ana.submits(question="Who?")

    assert "INC-27 has no lead" in str(ana.modal.blocks)
