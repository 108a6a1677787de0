"""auth.test, api.test and apps.connections.open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.api.registry import Args, method
from sandbox.slack.errors import Refused
from sandbox.slack.model import BOT_ID, BOT_NAME, BOT_USER, DOMAIN, TEAM, Json

if TYPE_CHECKING:
    from sandbox.slack.sandbox import SlackSandbox


@method("api.test", tier=4)
def api_test(_slack: SlackSandbox, args: Args) -> Json:
    if error := args.text("error"):
        raise Refused(error, args=args.given)
    return {"args": args.given}


@method("auth.test")
def auth_test(_slack: SlackSandbox, _args: Args) -> Json:
    return {
        "url": f"https://{DOMAIN}.slack.com/",
        "team": "Acme",
        "user": BOT_NAME,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", tier=1, app_token=True)
def open_connection(slack: SlackSandbox, _args: Args) -> Json:
    ticket = slack.sockets.ticket()
    return {"url": f"{slack.url.replace('http', 'ws', 1)}/link/?ticket={ticket}"}
