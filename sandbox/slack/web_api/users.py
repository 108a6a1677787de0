"""users.*, usergroups.* and dnd.*."""

from __future__ import annotations

from sandbox.slack.errors import Refused
from sandbox.slack.state import SlackState
from sandbox.slack.web_api.access import known_user
from sandbox.slack.web_api.methods import Args, method, page
from sandbox.slack.workspace.records import Json, User

READ = ("users:read",)
MOST_AT_ONCE = 50


def _shown(slack: SlackState, user: User) -> Json:
    with_email = "users:read.email" in slack.scopes
    return user.as_json(slack.now(), with_email=with_email)


@method("users.info", tier=4, scopes=READ)
def info(slack: SlackState, args: Args) -> Json:
    return {"user": _shown(slack, known_user(slack, args.required("user")))}


@method("users.list", tier=2, scopes=READ)
def list_users(slack: SlackState, args: Args) -> Json:
    users = [_shown(slack, user) for user in slack.workspace.users.values()]
    shown, more = page(users, args)
    return {"members": shown, **more}


@method("users.lookupByEmail", tier=3, scopes=("users:read.email",))
def lookup_by_email(slack: SlackState, args: Args) -> Json:
    email = args.required("email").lower()
    for user in slack.workspace.users.values():
        if user.active and user.email.lower() == email:
            return {"user": _shown(slack, user)}
    raise Refused("users_not_found")


@method("usergroups.list", tier=2, scopes=("usergroups:read",))
def list_groups(slack: SlackState, args: Args) -> Json:
    with_users = args.flag("include_users")
    groups = [
        {"id": id_, "handle": handle, "name": handle, "user_count": len(users)}
        | ({"users": users} if with_users else {})
        for id_, (handle, users) in slack.usergroups.items()
    ]
    return {"usergroups": groups}


@method("usergroups.users.list", tier=2, scopes=("usergroups:read",))
def list_group_users(slack: SlackState, args: Args) -> Json:
    group = slack.usergroups.get(args.required("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return {"users": group[1]}


@method("dnd.info", tier=3, scopes=("dnd:read",))
def dnd_info(slack: SlackState, args: Args) -> Json:
    return _dnd(slack, known_user(slack, args.required("user")).id)


@method("dnd.teamInfo", tier=2, scopes=("dnd:read",))
def dnd_team(slack: SlackState, args: Args) -> Json:
    """Return the state of up to fifty users; unknown ones are left out."""
    asked = [id_.strip() for id_ in args.required("users").split(",")]
    if len(asked) > MOST_AT_ONCE:
        raise Refused("too_many_users")
    known = [id_ for id_ in asked if id_ in slack.workspace.users]
    return {"users": {id_: _dnd(slack, id_) for id_ in known}}


def _dnd(slack: SlackState, user_id: str) -> Json:
    pause = slack.dnd.get(user_id)
    if pause is None:
        return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    starts, ends = (int(moment.timestamp()) for moment in pause)
    return {"dnd_enabled": True, "next_dnd_start_ts": starts, "next_dnd_end_ts": ends}
