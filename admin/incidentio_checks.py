"""Checks that the API key works, and which features lack a role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing

from admin.finding import Finding
from handlers.core.arguments.tokens import nearest
from handlers.core.permissions import ROLES, roles_of
from incidentio import Identity, Incidentio, User
from incidentio.errors import IncidentioError, Unauthorized
from incidentio.features import ACTING, FEATURES, Feature
from runtime.settings import Settings
from runtime.tokens import UNAUTHORIZED, incidentio_client

KEY = "incident.io API key"
ROLE_LEVELS = "ROLE_LEVELS"
ACCOUNTS = "Accounts in Slack"
FEW = 5


def api_key(settings: Settings) -> Iterator[Finding]:
    """Check that the key works, its roles, and what the settings say of people."""
    key = settings.incidentio_api_key.get_secret_value()
    if not key:
        yield Finding(
            KEY,
            "fault",
            "INCIDENTIO_API_KEY is not set. Make a key in incident.io under Settings, "
            "API keys.",
        )
        return
    with closing(incidentio_client(settings, key)) as api:
        try:
            identity = api.identity.show()
        except IncidentioError as error:
            yield Finding(KEY, "fault", _why(error))
            return
        unknown = _unknown_roles(settings, api)
        people = list(_accounts(settings, api))
    yield Finding(KEY, "ok", f"Works as “{identity.name}”.")
    yield from roles(identity)
    yield from unknown
    yield from people


def roles(identity: Identity) -> Iterator[Finding]:
    """Find the features that the key lacks roles for."""
    wanted = [feature for feature in FEATURES if not feature.choice]
    lacking = [found for feature in wanted if (found := _lack(feature, identity))]
    if not lacking:
        whose = "who made it" if {*ACTING.roles} & {*identity.roles} else "the key"
        yield Finding(
            "API key roles",
            "ok",
            f"Enough for everything; incident.io attributes a change to {whose}.",
        )
    yield from lacking


def _unknown_roles(settings: Settings, api: Incidentio) -> list[Finding]:
    """Find slugs in ``ROLE_LEVELS`` that nobody's role in incident.io has."""
    custom = settings.role_levels.keys() - ROLES.keys()
    if not custom:
        return []
    try:
        known = {slug for user in api.users.list() for slug in roles_of(user)}
    except IncidentioError as error:
        words = f"The roles of people could not be read. {_why(error)}"
        return [Finding(ROLE_LEVELS, "warning", words)]
    unknown = sorted(custom - known)
    return [Finding(ROLE_LEVELS, "warning", _unheld(s, known)) for s in unknown]


def _accounts(settings: Settings, api: Incidentio) -> Iterator[Finding]:
    """Find people known by their address only, and accounts that share a person."""
    try:
        users = list(api.users.list())
    except IncidentioError as error:
        words = f"Who has an account could not be read. {_why(error)}"
        yield Finding(ACCOUNTS, "warning", words)
        return
    unlinked = [user.name for user in users if not user.slack_user_id]
    if unlinked and settings.permissions_by_email:
        words = f"PERMISSIONS_BY_EMAIL: {_some(unlinked)} have rights by their address."
        yield Finding(ACCOUNTS, "ok", words)
    elif unlinked:
        yield Finding(
            ACCOUNTS,
            "warning",
            f"incident.io links no Slack account to {_some(unlinked)}, so they have no "
            "rights here. Connect them in incident.io; or set PERMISSIONS_BY_EMAIL if "
            "nobody can change their own address in Slack.",
        )
    for names in _sharing(users):
        words = (
            f"{' and '.join(names)} share a Slack account: the one with its address "
            "counts, else the newest. Deactivate the other in incident.io."
        )
        yield Finding(ACCOUNTS, "warning", words)


def _sharing(users: Iterable[User]) -> Iterator[list[str]]:
    by_slack: dict[str, list[str]] = defaultdict(list)
    for user in users:
        if user.slack_user_id:
            by_slack[user.slack_user_id].append(user.name)
    return (names for names in by_slack.values() if len(names) > 1)


def _some(names: Sequence[str]) -> str:
    few, left = ", ".join(names[:FEW]), len(names) - FEW
    return f"{few} and {left} more" if left > 0 else few


def _unheld(slug: str, known: Collection[str]) -> str:
    near = nearest(slug, sorted(known))
    meant = f" Perhaps {near} is meant." if near else ""
    return f"Nobody in incident.io has the role “{slug}”.{meant}"


def webhook_secret(settings: Settings) -> Iterator[Finding]:
    """Check that the secret is set where webhooks can arrive."""
    check = "Webhook secret"
    if settings.incidentio_webhook_secret.get_secret_value():
        yield Finding(check, "ok", "Set; webhooks are taken in.")
    elif settings.public_url:
        yield Finding(
            check,
            "warning",
            "INCIDENTIO_WEBHOOK_SECRET is not set, so webhooks are refused and the "
            "bot hears of changes a minute later. Copy it from Settings, Webhooks.",
        )
    else:
        yield Finding(check, "ok", "Not set; only web takes in webhooks.")


def _lack(feature: Feature, identity: Identity) -> Finding | None:
    wanted = set(feature.roles)
    if wanted & set(identity.roles):
        return None
    check = f"Role: {feature.name.lower()}"
    if wanted & set(identity.team_roles):
        teams = ", ".join(team.name for team in identity.teams)
        return Finding(check, "warning", f"Only for what belongs to {teams}.")
    return Finding(
        check,
        "warning" if feature.optional else "fault",
        f"{feature.without}: the key lacks the role {' or '.join(feature.roles)}. Add "
        "it to the key under Settings, API keys, or make a new key.",
    )


def _why(error: IncidentioError) -> str:
    if isinstance(error, Unauthorized):
        return UNAUTHORIZED
    return f"incident.io could not be asked: {error}. Check INCIDENTIO_API_URL."
