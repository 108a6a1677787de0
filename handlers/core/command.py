"""Declarations of what the bot can do.

A command's first parameter is the ``Context``; the others are filled from the words
typed after it, each by its annotation (see ``arguments.resolve``). The first line of
its docstring is its help. A handler returns what to say and never sends it.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from slack_sdk.models.blocks import Block

from blocks.kit.fields import Choosable
from blocks.kit.form import Form
from handlers.core.effect import FORM_FOLLOWED, FORM_OPENED, WORKED, Effect
from handlers.core.operations import NOTHING, Operations
from handlers.core.permissions import Level, Operation
from incidentio.features import CHANGING, READING, Feature
from reminders.cards.follower import Followed

__all__ = [
    "Command",
    "Effect",
    "Flags",
    "Group",
    "HomePart",
    "LiveField",
    "Modal",
    "Outcome",
    "Picker",
    "Post",
    "Reply",
    "Submission",
]

LABELS = {"Incident": "INC", "Page": "page:N"}
"""Labels of parameters in the usage, by type. Others have the parameter's name."""

Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Post:
    """A message for a channel or a person: ``to`` is its or their Slack id.

    ``follows``: the escalation whose card this is. The card is edited whenever the
    escalation changes; if it cannot be posted, the person who asked for it gets it as a
    direct message. ``schedule``: the id of the schedule in which a shift of the
    recipient was changed. If Slack does not take the message now, it is composed again
    later, from this schedule or else from the outcome in the journal.
    """

    to: str
    text: str
    blocks: Sequence[Block | dict[str, Any]] = ()
    follows: Followed | None = None
    schedule: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer where the person is looking, to them alone unless ``public``.

    ``text`` is what notifications and screen readers get, so it must be enough by
    itself. ``posts`` go elsewhere. ``answers``: drawn again after a button was pressed,
    this message itself shows what the press did, so nothing else is said. ``redraws``:
    the id of an escalation whose cards are redrawn at once; nothing else is said where
    the button was on such a card. ``changed``: the id of an action or a follow-up that
    was changed: messages that show it are redrawn. ``seen``: incident.io or a card
    says the same in this channel, so that a form which closes needs no answer.
    """

    text: str
    blocks: Sequence[Block | dict[str, Any]] = ()
    public: bool = False
    posts: Sequence[Post] = ()
    redraws: str | None = None
    changed: str | None = None
    seen: bool = False
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Modal:
    """A form to open; or, after a live field was changed, to draw in its place."""

    form: Form


@dataclass(frozen=True, slots=True)
class Picker:
    """The question which of several is meant; the answer fills the blank in ``line``.

    ``source`` is the action id of the menu's search, if there are too many options.
    """

    line: str
    prompt: str
    options: Sequence[Choosable] = ()
    source: str | None = None


Outcome = Reply | Modal | Picker


@dataclass(frozen=True, slots=True)
class Flags:
    """The options of a declaration.

    ``writes``: it may change something, so its deliveries are entered in the journal.
    ``effect``: what did not happen if it fails. ``label``: the name of a shortcut in
    Slack's menus. ``hidden``: only buttons run it, and the help does not list it.
    ``level``: the level that a person needs. ``needs``: the feature that the API key
    must have. ``does``: the operations that it performs; the settings can give each a
    level. ``own(ctx, argument)`` returns whether the thing is the person's own: then
    they need no level. Its argument is the command's first, or None for a form.
    """

    writes: bool = False
    effect: Effect = WORKED
    label: str = ""
    hidden: bool = False
    level: Level = Level.READ
    needs: Feature = READING
    does: Operations = NOTHING
    own: Callable[..., bool] | None = None


@dataclass(frozen=True)
class Command:
    """One phrase: ``incident edit``; in ``incident [show]`` a part may be left out."""

    name: str
    run: Callable[..., Outcome]
    flags: Flags = Flags()
    aliases: tuple[str, ...] = ()
    """Other phrases that run it."""
    says: tuple[str, ...] = ()
    """Other words for it, in any order. ``my work -> mine`` runs it with ``mine``."""
    with_person: str = ""
    """The phrase of the command to run instead if the line ends with a person."""
    beside: Mapping[str, Command] = field(
        default_factory=dict, repr=False, compare=False
    )
    """All commands of its group, by name."""

    @cached_property
    def phrase(self) -> str:
        return self.name.replace("[", "").replace("]", "")

    @cached_property
    def shortest(self) -> str:
        """The phrase without the parts that may be left out."""
        return " ".join(w for w in self.name.split() if not w.startswith("["))

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """Every phrase that runs it, the full one first."""
        return tuple(dict.fromkeys((self.phrase, self.shortest, *self.aliases)))

    @property
    def help(self) -> str:
        return (inspect.getdoc(self.run) or "").partition("\n")[0]

    @cached_property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """The parameters that words fill, with resolved annotations."""
        return dict(list(_signature(self.run).parameters.items())[1:])

    @cached_property
    def opens_modal(self) -> bool:
        """Whether it may need the trigger, which expires after three seconds."""
        return _opens_modal(self.run)

    @cached_property
    def usage(self) -> str:
        words = (_placeholder(p) for p in self.parameters.values())
        return " ".join([self.name, *words])


@dataclass(frozen=True)
class Submission:
    """The function that handles the submission of a form."""

    name: str
    run: Callable[..., Reply | Modal]
    flags: Flags


@dataclass(frozen=True, slots=True)
class LiveField:
    """The function that redraws a form after a live field was changed."""

    run: Callable[..., Modal]
    flags: Flags


@dataclass(frozen=True, slots=True)
class HomePart:
    """A part of the Home tab, which shows its parts by ``rank``, the lowest first.

    ``run(ctx)`` returns the part; a reply without text or blocks is not shown.
    """

    rank: int
    run: Callable[[Any], Reply]
    flags: Flags


@dataclass(frozen=True)
class Group:
    """The phrases that share a noun. The plural alone lists; the noun alone shows.

    A command that writes or opens a form needs ``level`` of the person and the feature
    ``writes`` of the API key; any other needs ``READ`` and ``reads``. The declaration
    of a command may set others.
    """

    name: str
    about: str
    level: Level = Level.RESPOND
    reads: Feature = READING
    writes: Feature = CHANGING
    rank: int = 0
    """Its place among the groups of its noun in the help, the lowest first."""
    commands: dict[str, Command] = field(default_factory=dict)
    submissions: dict[str, Submission] = field(default_factory=dict)
    sources: dict[str, Callable[..., Sequence[Choosable]]] = field(default_factory=dict)
    changes: dict[str, LiveField] = field(default_factory=dict)
    shortcuts: dict[str, Command] = field(default_factory=dict)
    home_parts: list[HomePart] = field(default_factory=list)
    links: dict[re.Pattern[str], Callable[..., Sequence[Block]]] = field(
        default_factory=dict
    )
    operations: list[Operation] = field(default_factory=list)
    """Operations that no phrase has the name of; the settings can give them levels."""

    def operation(self, name: str, level: Level) -> Operation:
        """Declare and return an operation that is only a part of what a phrase does."""
        declared = Operation(name, level)
        self.operations.append(declared)
        return declared

    def command(
        self,
        name: str,
        *,
        writes: bool = False,
        effect: Effect | None = None,
        hidden: bool = False,
        level: Level | None = None,
        needs: Feature | None = None,
        also: Sequence[Operation] = (),
        own: Callable[..., bool] | None = None,
        aliases: Sequence[str] = (),
        says: Sequence[str] = (),
        with_person: str = "",
    ) -> Callable[[Handler], Handler]:
        """Declare the phrase ``name``, for example ``incident edit``.

        ``also``: operations of other phrases that it performs too. ``own``: as in
        ``Flags``. ``aliases``: other phrases for it, which the help names. ``says``:
        other words that people use for it, in any order: see ``understanding``.
        ``with_person``: the phrase to run instead if the line ends with a person.
        """

        def declare(run: Handler) -> Handler:
            changes = writes or _opens_modal(run)
            usual = self.level if changes else Level.READ
            form = _opens_modal(run)
            takes = usual if level is None else level
            itself = Operation(name.replace("[", "").replace("]", ""), takes)
            flags = Flags(
                writes,
                effect or (FORM_OPENED if form else WORKED),
                hidden=hidden,
                level=takes,
                needs=needs or (self.writes if changes else self.reads),
                does=Operations((itself, *also)),
                own=own,
            )
            known = (tuple(aliases), tuple(says), with_person)
            self.commands[name] = Command(name, run, flags, *known, self.commands)
            return run

        return declare

    def submitted(
        self,
        form_id: str,
        *,
        effect: Effect,
        of: str | None = None,
        also: Sequence[Operation] = (),
        fields: Mapping[str, Sequence[Operation]] = MappingProxyType({}),
        own: Callable[..., bool] | None = None,
    ) -> Callable[[Handler], Handler]:
        """Declare what a form's submission does; values arrive by field name.

        ``of``: the phrase that it belongs to, if the form has another name. ``also``:
        operations of other phrases that it performs too. ``fields``: by the name of a
        field, the operations that it performs if that field is filled in. A person who
        may not perform them is not offered the field. ``own``: as in ``Flags``.
        """

        def declare(run: Handler) -> Handler:
            flags = self._writing(effect, of or form_id, also, fields)
            flags = replace(flags, own=own)
            self.submissions[form_id] = Submission(form_id, run, flags)
            return run

        return declare

    def options(self, source: str) -> Callable[[Handler], Handler]:
        """Declare the function that finds a menu's options: ``run(ctx, query)``."""

        def declare(run: Handler) -> Handler:
            self.sources[source] = run
            return run

        return declare

    def link(self, place: str, name: str) -> Callable[[Handler], Handler]:
        """Declare the card of links to incident.io with ``/place/name`` in their path.

        ``name`` is a pattern. The function is ``run(ctx, name)``; everybody in the
        channel reads the blocks that it returns, and there is no card if it returns
        none.
        """

        def declare(run: Handler) -> Handler:
            path = rf".*/{place}/(?P<name>{name})(?:[-/].*)?"
            self.links[re.compile(path, re.IGNORECASE)] = run
            return run

        return declare

    def changed(
        self, form_id: str, name: str, *, of: str | None = None
    ) -> Callable[[Handler], Handler]:
        """Declare how a form is redrawn after its live field ``name`` was changed.

        The function is ``run(ctx, **values) -> Modal``; ``of`` is as in ``submitted``.
        """

        def declare(run: Handler) -> Handler:
            flags = self._writing(FORM_FOLLOWED, of or form_id)
            self.changes[f"{form_id}/{name}"] = LiveField(run, flags)
            return run

        return declare

    def shortcut(
        self, callback_id: str, *, label: str, of: str
    ) -> Callable[[Handler], Handler]:
        """Declare a shortcut, global or, with a parameter ``message``, on messages.

        ``of``: the phrase that does the same.
        """

        def declare(run: Handler) -> Handler:
            does = Operations((Operation(of, self.level),))
            flags = Flags(label=label, level=self.level, needs=self.writes, does=does)
            self.shortcuts[callback_id] = Command(callback_id, run, flags)
            return run

        return declare

    def home(
        self, *, rank: int, of: str, effect: Effect
    ) -> Callable[[Handler], Handler]:
        """Declare a part of the Home tab; ``of``: the phrase that shows the same."""

        def declare(run: Handler) -> Handler:
            does = Operations((Operation(of, Level.READ),))
            flags = Flags(effect=effect, needs=self.reads, does=does)
            self.home_parts.append(HomePart(rank, run, flags))
            return run

        return declare

    def _writing(
        self,
        effect: Effect,
        of: str,
        also: Sequence[Operation] = (),
        fields: Mapping[str, Sequence[Operation]] = MappingProxyType({}),
    ) -> Flags:
        own = Operation(of.replace(".", " "), self.level)
        by_field = {name: tuple(done) for name, done in fields.items()}
        does = Operations((own, *also), by_field)
        return Flags(True, effect, level=self.level, needs=self.writes, does=does)


def _signature(run: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(run, eval_str=True)


def _opens_modal(run: Callable[..., Any]) -> bool:
    returned = _signature(run).return_annotation
    return returned is Modal or Modal in typing.get_args(returned)


def _placeholder(parameter: inspect.Parameter) -> str:
    """Write a parameter for the usage, in brackets if it may be left out."""
    kinds = typing.get_args(parameter.annotation) or (parameter.annotation,)
    label = LABELS.get(getattr(kinds[0], "__name__", ""))
    name = label or parameter.name.rstrip("_").replace("_", "-")
    required = parameter.default is parameter.empty and parameter.annotation is str
    return f"<{name}>" if required else f"[{name}]"
