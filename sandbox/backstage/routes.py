"""JSON controls of the state behind the scenes, beside those of the workspace.

``GET  /sandbox/backstage?since=``   everything below; with ``since`` it waits for a
                                     change
``GET  /sandbox/traffic/<number>``   an exchange with its bodies
``POST /sandbox/clock    {to, as}``  ``+1h``, ``tomorrow 09:30``, ``monday 09:30`` in
                                     that person's zone; forward alone
``POST /sandbox/trouble  {name, on}``  switch trouble on or off
``POST /sandbox/event    {name}``    let something happen once
``POST /sandbox/process  {name, running}``  stop or start a part of the app
``POST /sandbox/reset    {}``        restore the first state

The clock and the processes are there only with an app that was started together with
this workspace.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, jsonify, request

from sandbox.backstage.clock import moment
from sandbox.backstage.organisation import organisation
from sandbox.backstage.trouble import EVENTS, TROUBLES, switch
from sandbox.slack.page.controls import LONG_POLL_SECONDS
from sandbox.slack.workspace.records import Json

if TYPE_CHECKING:
    from sandbox.backstage.stage import Stage


def create_backstage(stage: Stage) -> Blueprint:
    controls = Blueprint("backstage", __name__, url_prefix="/sandbox")
    deeds = {
        "clock": _move,
        "trouble": _trouble,
        "event": _event,
        "process": _process,
        "reset": lambda stage, _sent: stage.reset(),
    }
    for name, deed in deeds.items():
        controls.post(f"/{name}", endpoint=name)(partial(_done, stage, deed))

    @controls.get("/backstage")
    def shown() -> Response:
        since = request.args.get("since", type=int)
        if since is not None:
            stage.wait(since, LONG_POLL_SECONDS)
        return jsonify(_shown(stage))

    @controls.get("/traffic/<int:number>")
    def exchange(number: int) -> Response:
        found = stage.traffic.find(number) or abort(404)
        return jsonify(found.brief() | found.bodies())

    return controls


def _done(stage: Stage, deed: Callable[[Stage, Json], object]) -> Response:
    """Do something; answer 409 with the reason where it cannot be done."""
    try:
        deed(stage, request.get_json())
    except (KeyError, LookupError, ValueError) as error:
        said = str(error) if isinstance(error, ValueError) else f"There is no {error}."
        answer = jsonify({"ok": False, "error": said})
        answer.status_code = 409
        return answer
    stage.touch()
    return jsonify({"ok": True, "error": None})


def _move(stage: Stage, sent: Json) -> None:
    if stage.clock is None:
        raise ValueError("The clock of this app cannot be moved.")
    person = stage.both.slack.workspace.user(sent["as"])
    stage.move_to(moment(sent["to"], stage.clock.now(), person.timezone))


def _trouble(stage: Stage, sent: Json) -> None:
    name = sent["name"]
    if name not in TROUBLES:
        raise ValueError(f"There is no trouble called {name}.")
    (stage.troubles.add if sent["on"] else stage.troubles.discard)(name)
    switch(stage.both, stage.troubles)


def _event(stage: Stage, sent: Json) -> None:
    EVENTS[sent["name"]].happen(stage.both)


def _process(stage: Stage, sent: Json) -> None:
    stage.processes[sent["name"]].run(running=bool(sent["running"]))


def _shown(stage: Stage) -> dict[str, Any]:
    clock = stage.clock
    return {
        "version": stage.version,
        "clock": {
            "now": stage.now().isoformat(),
            "ahead_seconds": clock.ahead.total_seconds() if clock else 0,
            "movable": clock is not None,
        },
        "troubles": [
            {"name": name, "label": one.label, "on": name in stage.troubles}
            for name, one in TROUBLES.items()
        ],
        "events": [{"name": n, "label": one.label} for n, one in EVENTS.items()],
        "processes": [
            {"name": name, "label": one.label, "running": one.running}
            for name, one in stage.processes.items()
        ],
        "traffic": [one.brief() for one in stage.traffic],
        "unknown_methods": sorted(stage.both.slack.workspace.unknown_methods),
        "organisation": organisation(stage.both.incidentio),
    }
