"""Makes bodies of PUT requests: what is not changed is sent as it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.base.model import UNREAD
from incidentio.errors import Unexpected

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from incidentio.base.model import Model, Replaceable
    from incidentio.transport.operation import Json


def replacement(
    current: Model, sent_as: Mapping[str, str], changes: Mapping[str, object]
) -> Json:
    """Return the body that replaces ``current`` by itself with the changes.

    ``sent_as`` maps each property of the body to the field of the model that it comes
    from; an embedded resource is sent as its id. Fields that were not in the answer
    stay out. Properties that the model does not know are sent back as they came.

    Raises:
        Unexpected: a property could not be read, so it would be lost.
    """
    known = {UNREAD, *sent_as, *sent_as.values()}
    extra = current.model_extra or {}
    body = {name: value for name, value in extra.items() if name not in known}
    for name, source in sent_as.items():
        if name in changes:
            body[name] = changes[name]
        elif source in current.unread:
            message = f"{source} could not be read, so replacing would lose it"
            raise Unexpected(message, status=200)
        elif source in current.model_fields_set:
            body[name] = _sent(getattr(current, source))
    return body


def raw_replacement(
    current: Replaceable,
    read_only: Collection[str],
    changes: Mapping[str, object],
    required: Iterable[str] = (),
) -> Json:
    """Return the body that replaces ``current`` by the JSON it came from, changed.

    Properties that are ``required`` but were not in the JSON are sent empty.
    """
    kept = {name: value for name, value in current.raw.items() if name not in read_only}
    return {**dict.fromkeys(required, ""), **kept, **changes}


def _sent(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return getattr(value, "id", value)
