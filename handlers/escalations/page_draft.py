"""A page that is being written: its target, and the people who would be paged now."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from blocks.escalations.page import PagePreview, PageTarget
from blocks.kit import text
from handlers.core.answering import limits
from handlers.core.arguments.people import explain_no_account, find_account
from handlers.core.arguments.resources import ESCALATION_PATHS
from handlers.core.context import Context
from handlers.core.problems import FieldErrors
from incidentio import EscalationPath, User
from incidentio.errors import Forbidden, IncidentioError, NotFound

BOTH = "A path or people, not both: leave one of the two empty."
NEITHER = "Choose a path here, or people below."
NO_ONE = "Choose somebody."


@dataclass(frozen=True, slots=True)
class Aimed:
    """A target that was checked: a path, or people by their incident.io accounts."""

    path: EscalationPath | None
    users: Sequence[User]

    @property
    def preview(self) -> PagePreview:
        """Return the people who are paged at once."""
        if self.path is None:
            return PagePreview(self.users)
        return PagePreview(self.path.current_responders, self.path.name)

    @property
    def key(self) -> str:
        """A key that differs if other people, or another target, would be paged."""
        path = self.path.id if self.path else ""
        ids = sorted(user.id for user in self.preview.users)
        return hashlib.sha256(" ".join([path, *ids]).encode()).hexdigest()[:16]

    @property
    def where(self) -> str:
        """A key of the target alone: it stays if another person is on call there."""
        path = self.path.id if self.path else ""
        ids = sorted(user.id for user in self.users)
        return hashlib.sha256(" ".join([path, *ids]).encode()).hexdigest()[:16]


def paths(ctx: Context) -> tuple[Sequence[EscalationPath], str | None]:
    """Return the escalation paths, and why there are none to choose from, if so."""
    try:
        return ESCALATION_PATHS.candidates(ctx), None
    except Forbidden:
        return (), "The bot's API key may not read escalation paths: choose people."
    except IncidentioError:
        return (), "incident.io did not say which escalation paths there are."


def preview(ctx: Context, target: PageTarget) -> PagePreview | None:
    """Return who would be paged now; None if no target was chosen yet."""
    if target.path and target.people:
        return PagePreview(problem=BOTH)
    if target.path:
        return _on(ctx, target.path)
    if target.people:
        found = {id_: find_account(ctx, id_) for id_ in target.people}
        missing = [text.mention(id_) for id_, user in found.items() if user is None]
        if missing:
            return PagePreview(
                problem=f"Without an incident.io account: {text.listed(missing)}."
            )
        return limited(ctx, PagePreview([user for user in found.values() if user]))
    return None


def _on(ctx: Context, path_id: str) -> PagePreview:
    try:
        path = ctx.api.escalation_paths.show(path_id)
    except IncidentioError:
        return PagePreview(
            problem="incident.io did not say who is on call on this path."
        )
    return limited(ctx, PagePreview(path.current_responders, path.name))


def limited(ctx: Context, shown: PagePreview) -> PagePreview:
    """Return ``shown`` with warnings of people who could do little if paged."""
    return replace(shown, limits=limits(ctx, shown.users))


def aim(ctx: Context, target: PageTarget) -> Aimed:
    """Check a target and read it anew.

    Raises:
        FieldErrors: what is wrong with it.
    """
    if target.path and target.people:
        raise FieldErrors({"people": BOTH})
    if target.path:
        return Aimed(_path(ctx, target.path), ())
    if not target.people:
        readable, _ = paths(ctx)
        raise FieldErrors({"path": NEITHER} if readable else {"people": NO_ONE})
    return Aimed(None, _accounts(ctx, target.people))


def _path(ctx: Context, id_: str) -> EscalationPath:
    try:
        return ctx.api.escalation_paths.show(id_)
    except NotFound:
        ctx.catalog.expire("escalation_paths")
        gone = "That path was deleted. Choose another."
        raise FieldErrors({"path": gone}) from None


def _accounts(ctx: Context, slack_ids: Sequence[str]) -> list[User]:
    found = {id_: find_account(ctx, id_) for id_ in slack_ids}
    missing = [
        explain_no_account(ctx, id_) for id_, user in found.items() if user is None
    ]
    if missing:
        raise FieldErrors({"people": " ".join(missing)})
    return [user for user in found.values() if user]
