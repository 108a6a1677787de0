"""auth.test, api.test, bots.info and apps.connections.open."""

from __future__ import annotations

from sandbox.slack.errors import Refused
from sandbox.slack.state import SlackState
from sandbox.slack.web_api.methods import Args, method
from sandbox.slack.workspace.records import (
    APP,
    BOT_ID,
    BOT_USER,
    DOMAIN,
    TEAM,
    Json,
)


@method("api.test", tier=4)
def api_test(_slack: SlackState, args: Args) -> Json:
    if error := args.text("error"):
        raise Refused(error, args=args.given)
    return {"args": args.given}


@method("auth.test")
def auth_test(slack: SlackState, _args: Args) -> Json:
    within = {"enterprise_id": slack.enterprise} if slack.enterprise else {}
    return within | {
        "url": f"https://{DOMAIN}.slack.com/",
        "team": "Acme",
        "user": slack.workspace.users[BOT_USER].handle,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


@method("bots.info", tier=3, scopes=("users:read",))
def bots_info(slack: SlackState, args: Args) -> Json:
    if args.text("bot") not in (None, "", BOT_ID):
        raise Refused("bot_not_found")
    named = {"id": BOT_ID, "name": slack.workspace.users[BOT_USER].name}
    about = {"app_id": APP, "user_id": BOT_USER, "deleted": False, "updated": 0}
    return {"bot": named | about}


@method("apps.connections.open", tier=1, app_token=True)
def open_connection(slack: SlackState, _args: Args) -> Json:
    ticket = slack.sockets.ticket()
    return {"url": f"{slack.url.replace('http', 'ws', 1)}/link/?ticket={ticket}"}
