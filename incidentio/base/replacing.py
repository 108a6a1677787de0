"""PUT bodies that lose nothing: what is not changed is sent as it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.base.model import UNREAD
from incidentio.errors import Unexpected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidentio.base.model import Model
    from incidentio.transport.operation import Json


def replacement(
    current: Model, sent_as: Mapping[str, str], changes: Mapping[str, object]
) -> Json:
    """Return the whole body that replaces ``current`` by itself and the changes.

    ``sent_as`` maps each property of the body to the model's field that it comes
    from; an embedded resource is sent as its id. A field that the model does not
    have was not in the answer either, and stays out. A property that nobody here
    knows yet is sent back as it came.
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


def _sent(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return getattr(value, "id", value)
