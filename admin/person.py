"""Exports or erases what is stored about one person."""

from __future__ import annotations

import argparse
import json
import re
import secrets
import sys
from collections.abc import Callable, Sequence
from contextlib import closing

from slack_sdk.errors import SlackClientError

from blocks.kit.text import ERASED
from runtime.settings import Settings
from runtime.tokens import slack_client
from storage import person
from storage.database import Database, open_database
from storage.person import StillAtWork

Work = Callable[[Database, Sequence[str], argparse.Namespace], None]

ID = re.compile(r"[UW][A-Z0-9]+")
NOT_HERE = (
    "Not here, and not touched: what Slack and incident.io have, logs that were "
    "collected, and backups of the database."
)


class PersonNotFound(Exception):
    """Nobody has this id or email; the message says what to give instead."""


def export(settings: Settings, options: Sequence[str] = ()) -> int:
    """Print each row about a person as a JSON line; return 2 for wrong options."""
    about = "Print each row that names a person, as JSON lines."
    return _run(settings, _parser("export", about), options, _export)


def erase(settings: Settings, options: Sequence[str] = ()) -> int:
    """Say what would be erased; erase it with ``--yes``."""
    about = (
        "Delete a person's own rows, and put a pseudonym where others name them. "
        "Says what it would do; does it with --yes."
    )
    parser = _parser("erase", about)
    parser.add_argument("--yes", action="store_true", help="do it")
    return _run(settings, parser, options, _erase)


def _run(
    settings: Settings,
    parser: argparse.ArgumentParser,
    options: Sequence[str],
    work: Work,
) -> int:
    try:
        asked = parser.parse_args(options)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        slack_id, names = _who(settings, asked.person)
        with closing(open_database(settings.database_url)) as database:
            database.check()
            known = person.identifiers(database, slack_id, [*names, *asked.name])
            work(database, known, asked)
    except PersonNotFound as error:
        return _fault(str(error))
    except StillAtWork:
        return _fault("A write of theirs is not finished yet. Try again in a minute.")
    return 0


def _export(
    database: Database, words: Sequence[str], _asked: argparse.Namespace
) -> None:
    for table, row in person.export(database, words):
        _say(json.dumps({"table": table, **row}, default=str))
    _note(f"Searched for {_listed(words)}. {NOT_HERE}")


def _erase(database: Database, words: Sequence[str], asked: argparse.Namespace) -> None:
    pseudonym = f"{ERASED}{secrets.token_hex(4)}"
    done = person.erase(database, words, pseudonym, really=asked.yes)
    _say(f"{_listed(words)}, from then on {pseudonym}:")
    for table in sorted({*done.deleted, *done.replaced}):
        deleted, replaced = done.deleted[table], done.replaced[table]
        _say(f"  {table}: {deleted} deleted, {replaced} kept under the pseudonym")
    if not (done.deleted or done.replaced):
        _say("  nothing is stored")
    _say("Done." if asked.yes else "Nothing was changed: add --yes to do it.")
    _say(NOT_HERE)


def _who(settings: Settings, given: str) -> tuple[str, Sequence[str]]:
    """Return the Slack id, and the names that Slack has, if it can be asked.

    Raises:
        PersonNotFound: Slack does not know the email, or cannot be asked about it.
    """
    token = settings.slack_bot_token.get_secret_value()
    with closing(slack_client(settings, token)) as slack:
        try:
            if ID.fullmatch(given):
                user = slack.users_info(user=given)["user"]
            else:
                user = slack.users_lookupByEmail(email=given)["user"]
        except SlackClientError as error:
            if ID.fullmatch(given):
                _note(f"Slack says no name for {given}: only --name is searched for.")
                return given, ()
            raise PersonNotFound(
                f"Slack finds nobody by {given}. Give an id, U…"
            ) from error
    profile = user.get("profile") or {}
    known = (user.get("real_name"), profile.get("email"))
    return str(user["id"]), [*filter(None, known)]


def _parser(verb: str, about: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python app.py person {verb}", description=about
    )
    parser.add_argument("person", help="a Slack id, U…, or an email")
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        help="another name of theirs, as the audit may quote it; may be repeated",
    )
    return parser


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _note(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _fault(line: str) -> int:
    _note(line)
    return 1
