"""The HTTP server: the Web API, response_urls, Socket Mode and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify, request

from sandbox.serve import is_from_here
from sandbox.slack.block_kit.cards import ICONS
from sandbox.slack.errors import Dropped, Refused
from sandbox.slack.page.controls import create_controls
from sandbox.slack.page.routes import create_page
from sandbox.slack.state import SlackState
from sandbox.slack.users.screen import is_for
from sandbox.slack.web_api import METHODS
from sandbox.slack.web_api.access import authorize
from sandbox.slack.web_api.methods import Args
from sandbox.slack.workspace.records import Json
from sandbox.slack.workspace.store import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class HungUp(Response):
    """Closes the connection without an answer."""

    def __call__(
        self, _environ: WSGIEnvironment, _start_response: StartResponse
    ) -> Iterable[bytes]:
        raise ConnectionAbortedError


def refuse_others() -> Response | None:
    if is_from_here(request.host, request.headers.get("Origin")):
        return None
    return Response("Only for this machine.", 403)


def create_server(slack: SlackState) -> Flask:
    app = Flask(__name__, static_folder="page/static", template_folder="page/templates")

    app.jinja_env.globals.update(icons=ICONS, is_for=is_for)
    app.before_request(refuse_others)
    app.register_blueprint(create_controls(slack))
    app.register_blueprint(create_page(slack))

    @app.route("/api/<name>", methods=["GET", "POST"])
    def web_api(name: str) -> Response:
        return _web_api(slack, name)

    @app.post("/response/<key>")
    def respond(key: str) -> Response:
        return _response_url(slack, key)

    @app.get("/link/", websocket=True)
    def link() -> Response:
        try:
            slack.sockets.serve(request.environ, request.args.get("ticket", ""))
        except PermissionError:
            return Response("invalid ticket", 401)
        return HungUp()

    return app


def _answer(
    slack: SlackState, name: str, given: Json, run: Callable[[], Json]
) -> Response:
    """Run a call and record it; return its answer, or the refusal."""
    error = None
    try:
        answer = jsonify({"ok": True, **run()})
    except Refused as refused:
        error = refused.error
        answer = jsonify(refused.body)
        answer.status_code = refused.status
        answer.headers.update(refused.headers)
    except Dropped:
        error, answer = "dropped", HungUp()
    slack.workspace.calls.append(Call(name, given, error, slack.now()))
    return answer


def _web_api(slack: SlackState, name: str) -> Response:
    given, token = _arguments()
    answer = _answer(slack, name, given, lambda: _call(slack, name, given, token))
    if token == slack.bot_token:
        answer.headers["x-oauth-scopes"] = ",".join(sorted(slack.scopes))
    return answer


def _call(slack: SlackState, name: str, given: Json, token: str | None) -> Json:
    method = METHODS.get(name)
    if method is None:
        slack.workspace.unknown_methods.add(name)
        raise Refused("unknown_method", req_method=name)
    with slack.faults.around(name):
        authorize(slack, method, token)
        slack.limits.count_call(name, method.tier)
        return method.run(slack, Args(given))


def _arguments() -> tuple[Json, str | None]:
    """Return the arguments and the token, from the query, a form, JSON or a header."""
    given: Json = dict(request.args)
    if request.is_json:
        posted = request.get_json(silent=True)
        given |= posted if isinstance(posted, dict) else {}
    else:
        given |= request.form.to_dict()
    token = given.pop("token", None)
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return given, value if scheme == "Bearer" else token


def _response_url(slack: SlackState, key: str) -> Response:
    body: Any = request.get_json(force=True, silent=True)

    def use() -> Json:
        with slack.faults.around("response_url"):
            slack.response_urls.use(key, body)
        return {}

    given = body if isinstance(body, dict) else {}
    return _answer(slack, "response_url", given, use)
