"""files.*: a place to upload to, and word that it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.api.registry import Args, method
from sandbox.slack.errors import Refused
from sandbox.slack.model import Json

if TYPE_CHECKING:
    from sandbox.slack.sandbox import SlackSandbox

WRITE = ("files:write",)
MOST_ALT = 1000


@method("files.getUploadURLExternal", tier=4, scopes=WRITE)
def get_upload_url(slack: SlackSandbox, args: Args) -> Json:
    name, alt = args.required("filename"), args.text("alt_txt") or ""
    length = args.number("length", 0)
    if length <= 0 or len(alt) > MOST_ALT:
        raise Refused("invalid_arguments")
    file = slack.workspace.files.reserve(name, length, alt)
    return {"upload_url": f"{slack.url}/upload/v1/{file.key}", "file_id": file.id}


@method("files.completeUploadExternal", tier=4, scopes=WRITE)
def complete_upload(slack: SlackSandbox, args: Args) -> Json:
    """Without a channel nobody but the app sees the files, until it shows them."""
    given = args.json("files")
    if not isinstance(given, list) or not given:
        raise Refused("invalid_arguments")
    files = [
        slack.workspace.files.complete(one["id"], one.get("title", "")) for one in given
    ]
    return {"files": [file.as_json() for file in files]}
