"""Run one of the bot's processes: ``python app.py [process] [options]``."""

from __future__ import annotations

import gc

# What is imported stays. Looking for garbage in it would take a fifth of this time, and
# later be what a person waits for; gunicorn's two processes can share it.
gc.disable()

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import takewhile

from admin import audit_export, doctor, manifest, person, reminders_preview
from runtime import processes
from runtime.settings import SETTINGS_FILE, Settings, SettingsError, load
from runtime.version import release
from storage.errors import DatabaseError
from storage.private_files import keep_private
from telemetry.errors import report_errors
from telemetry.extras import NotInstalled
from telemetry.logs import configure
from telemetry.tracing import trace_if_configured
from web.address import AddressRefused

gc.freeze()
gc.enable()

BOTH = ("slack_bot_token", "incidentio_api_key")

OK, FAULT, MISUSE = 0, 1, 2
HELP = {"-h", "--help"}

USAGE = "Usage: python app.py [process] [options]"
MORE = (
    "Settings come from the environment or from .env; .env.example explains each.\n"
    "Processes of two words say with --help which options they take."
)


@dataclass(frozen=True, slots=True)
class Process:
    run: Callable[..., int | None]
    about: str
    needs: Sequence[str] = ()
    """The settings that it needs."""
    takes_options: bool = False
    """Whether it is run with the arguments after its name; others take none."""


def _sandbox(settings: Settings) -> None:
    """Run the bot and both stand-ins; no other process imports these."""
    from runtime.local import sandbox

    sandbox(settings)


PROCESSES = {
    "": Process(
        processes.everything,
        "Socket Mode and the clock in one process",
        (*BOTH, "slack_app_token"),
    ),
    "web": Process(
        processes.serve,
        "HTTP behind a load balancer, any number of replicas",
        (*BOTH, "slack_signing_secret"),
    ),
    "socket": Process(
        processes.socket_mode,
        "Socket Mode only, up to 10 replicas",
        (*BOTH, "slack_app_token"),
    ),
    "worker": Process(
        processes.worker, "the clock: reminders, any number of replicas", BOTH
    ),
    "sandbox": Process(_sandbox, "the bot, a local Slack and a local incident.io"),
    "doctor": Process(
        doctor.run,
        "check tokens, scopes, roles, database; --live tries all",
        takes_options=True,
    ),
    "manifest": Process(manifest.run, "print the Slack app manifest"),
    "audit export": Process(
        audit_export.run, "print the audit as JSON lines", takes_options=True
    ),
    "reminders preview": Process(
        reminders_preview.run,
        "print what would be sent --at a time, and to whom",
        BOTH,
        takes_options=True,
    ),
    "person export": Process(
        person.export, "print what is stored about a person", takes_options=True
    ),
    "person erase": Process(
        person.erase, "erase a person; says what first", takes_options=True
    ),
    "release": Process(processes.release, "migrate the database"),
}


def main(arguments: Sequence[str]) -> int:
    """Run the process that ``arguments`` name; return the exit code."""
    name, options = _split(arguments)
    process = PROCESSES.get(name)
    helpless = process is None or not process.takes_options
    if helpless and (name == "help" or HELP & {*options}):
        print(usage())
        return OK
    if process is None:
        return _misused(f"There is no process “{name}”.{_meant(name)}")
    if options and helpless:
        return _misused(f"{_named(name)} takes no options.")
    try:
        return _run(process, options)
    except SettingsError as error:
        return _complain(error.faults)
    except (AddressRefused, NotInstalled) as error:
        return _complain([str(error)])


def _split(arguments: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the name of a process, or what stands for one, and what follows it."""
    words = list(takewhile(lambda word: not word.startswith("-"), arguments))
    known = (n for n in range(len(words), -1, -1) if " ".join(words[:n]) in PROCESSES)
    length = next(known, 0) or len(words)
    return " ".join(words[:length]), arguments[length:]


def _run(process: Process, options: Sequence[str]) -> int:
    settings = load(*([] if HELP & {*options} else process.needs))
    configure(settings.log_level, settings.log_format, settings.secrets)
    report_errors(settings.sentry_dsn.get_secret_value(), release)
    trace_if_configured(release)
    if process.run is not doctor.run:  # which says so instead
        keep_private([SETTINGS_FILE])
    try:
        given = [options] if process.takes_options else []
        return process.run(settings, *given) or OK
    except DatabaseError as error:
        logging.getLogger("incidentio-bot").critical("cannot start: %s", error)
        return FAULT


def usage() -> str:
    """Return how to use this program, and a line for each process."""
    width = max(map(len, PROCESSES)) + 2
    lines = [
        f"  {name or '(none)':{width}}{process.about}"
        for name, process in PROCESSES.items()
    ]
    return "\n".join([USAGE, "", "Processes:", *lines, "", MORE])


def _misused(fault: str) -> int:
    print(f"{fault}\n\n{usage()}", file=sys.stderr)
    return MISUSE


def _named(name: str) -> str:
    return f"python app.py {name}".strip()


def _meant(name: str) -> str:
    begun = [
        known for known in PROCESSES if known.startswith(f"{name.partition(' ')[0]} ")
    ]
    near = get_close_matches(name, filter(None, PROCESSES), 1) or begun
    return f" Did you mean {_named(near[0])}?" if near else ""


def _complain(faults: Sequence[str]) -> int:
    print("The bot cannot start:", file=sys.stderr)
    for fault in faults:
        print(f"  - {fault}", file=sys.stderr)
    print("See .env.example for every setting.", file=sys.stderr)
    return MISUSE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
