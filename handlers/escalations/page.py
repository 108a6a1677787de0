"""``page``: page people, by an escalation path or directly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from blocks.escalations import page as view
from blocks.escalations.page import PageDraft, PageTarget
from blocks.kit import text
from blocks.kit.boxes import headline
from blocks.kit.fields import Value, several_in, text_in
from blocks.kit.form import Form
from blocks.kit.people import people as people_of
from handlers.core.announce import by
from handlers.core.arguments.references import write_out
from handlers.core.arguments.resolve import Raw
from handlers.core.arguments.tokens import as_typed
from handlers.core.command import Effect, Modal, Post, Reply
from handlers.core.context import Context
from handlers.core.problems import FieldErrors, Refusal, required
from handlers.escalations.page_draft import Aimed, aim, limited, paths, preview
from handlers.escalations.show import group
from incidentio import Escalation, Incident
from incidentio.errors import NotFound
from incidentio.lookup import matches
from reminders.cards.drawing import fingerprint
from reminders.cards.follower import Followed

_MENTION = re.compile(r"\s*<@(\w+)(?:\|[^>]*)?>\s*")
_PATH = re.compile(r'\s*path:(?:"([^"]*)"|(\S+))\s*')
NEEDED = "Say in a few words what it is about."


@group.command(
    "page",
    aliases=["escalate"],
    says=["wake", "call", "notify", "alert", "page someone"],
)
def page(
    ctx: Context, incident: Incident | None = None, title: Raw | None = None
) -> Modal:
    """Page people in a form; begin with `path:NAME`, or name them with `@`.

    A line that says everything opens the form as the question whether to page them.
    """
    target, words = _typed(ctx, as_typed(ctx.text, title) if title else "")
    head, rest = headline(write_out(ctx, words), view.LONGEST_TITLE)
    draft = _draft(ctx, target, incident, title=head or None, description=rest or None)
    shown = replace(draft, shortened=bool(rest))
    if head and target != PageTarget():
        with suppress(FieldErrors):
            return Modal(_confirmation(ctx, shown, aim(ctx, target), incident))
    return Modal(view.form(shown, _memory(incident)))


def _typed(ctx: Context, words: str) -> tuple[PageTarget, str]:
    """Return the path or the people that begin the words, and the rest as a title."""
    if match := _PATH.match(words):
        known, _ = paths(ctx)
        found = matches(known, match[1] or match[2])
        if len(found) != 1:
            named = text.listed([text.code(path.name, 60) for path in known], "or")
            raise Refusal(f"No escalation path matches. Choose {named}.")
        return PageTarget(path=found[0].id), words[match.end() :]
    people: list[str] = []
    while match := _MENTION.match(words):
        people.append(match[1])
        words = words[match.end() :]
    return PageTarget(people=tuple(dict.fromkeys(people))), words


def _memory(incident: Incident | None) -> dict[str, str]:
    return {"incident": incident.id} if incident else {}


def _draft(
    ctx: Context,
    target: PageTarget,
    incident: Incident | None,
    *,
    title: str | None = None,
    description: str | None = None,
    linked: bool = True,
) -> PageDraft:
    known, no_paths = paths(ctx)
    return PageDraft(
        target,
        known,
        title=title,
        description=description,
        preview=preview(ctx, target),
        incident=f"{incident.reference} {incident.name}" if incident else None,
        linked=linked,
        no_paths=no_paths,
    )


@group.changed(view.PAGE, "path")
@group.changed(view.PAGE, "people")
def follow(ctx: Context, **values: Value) -> Modal:
    """Show who would be paged now; an earlier confirmation for others is void."""
    incident = _incident(ctx)
    return Modal(view.form(_entered(ctx, incident, values), _memory(incident)))


def _entered(
    ctx: Context, incident: Incident | None, values: Mapping[str, Value]
) -> PageDraft:
    return _draft(
        ctx,
        _target(values),
        incident,
        title=text_in(values, "title"),
        description=text_in(values, "description"),
        linked=view.LINK in several_in(values, "link"),
    )


def _target(values: Mapping[str, Value]) -> PageTarget:
    return PageTarget(text_in(values, "path"), several_in(values, "people"))


def _incident(ctx: Context) -> Incident | None:
    """Return the incident that the form was opened for, if it is still there."""
    try:
        id_ = ctx.memory.get("incident")
        return ctx.directory.incident(id_) if id_ else None
    except NotFound:
        return None


@group.submitted(view.PAGE, effect=Effect("The page", "sent"))
def paged(ctx: Context, **values: Value) -> Reply | Modal:
    """Ask once whether to page these people; then page them, once."""
    words = required("title", text_in(values, "title"), NEEDED)
    aimed, incident = aim(ctx, _target(values)), _incident(ctx)
    confirmed = ctx.memory.get("sure")
    if not confirmed or (not ctx.in_doubt and confirmed != aimed.key):
        draft = _entered(ctx, incident, values)
        return Modal(_confirmation(ctx, draft, aimed, incident))
    linked = incident if view.LINK in several_in(values, "link") else None
    ctx.notes.on("escalation", words)
    record_target(ctx, aimed)
    made = ctx.api.escalations.create(
        idempotency_key=ctx.idempotency_key,
        title=words.strip(),
        description=text_in(values, "description"),
        escalation_path_id=aimed.path.id if aimed.path else None,
        user_ids=[user.id for user in aimed.users] or None,
        incident_id=linked.id if linked else None,
    )
    return _confirmed(ctx, made)


def _confirmation(
    ctx: Context, draft: PageDraft, aimed: Aimed, incident: Incident | None
) -> Form:
    """Draw the form as the question whether to page these people."""
    memory = {**_memory(incident), "aimed": aimed.where}
    again = ctx.memory.get("aimed") == aimed.where
    who = limited(ctx, aimed.preview)
    shown = replace(draft, preview=who, notice=view.CHANGED if again else None)
    return view.form(shown, memory, sure=aimed.key)


def record_target(ctx: Context, aimed: Aimed) -> None:
    """Note for the audit who is paged."""
    ctx.notes.change("path", None, aimed.path.name if aimed.path else None)
    ctx.notes.change("people", None, ", ".join(u.name for u in aimed.preview.users))


def _confirmed(ctx: Context, made: Escalation) -> Reply:
    """Post the card of the escalation, which says who is paged where it was asked for.

    Elsewhere, and where no one is paged, the person who paged is told beside it.
    """
    reached = people_of(made.notified)
    said = f"*{text.inline(made.title, 150)}* pages {reached} now, {by(ctx)}."
    if not made.notified:
        said = f"*{text.inline(made.title, 150)}* was sent; no one was notified yet."
    post = card(ctx, made)
    evident = bool(made.notified) and post.to == ctx.channel and not ctx.in_doubt
    return Reply(said, posts=[post], seen=evident)


def card(ctx: Context, made: Escalation) -> Post:
    """Return the card of an escalation, for the channel in which it was asked for.

    The card of a private incident goes to its own channel, or else by direct message to
    the person who asked.
    """
    private = [i for i in made.related_incidents if i.is_private]
    here = ctx.directory.here() if private and ctx.channel else None
    own = here is not None and all(i.id == here.id for i in private)
    to = ctx.channel if ctx.channel and (own or not private) else ctx.user
    drawn = ctx.services.cards.draw(made, to, ctx.user)
    followed = Followed(made.id, fingerprint(made, {}))
    return Post(to, drawn.text, drawn.blocks, followed)
