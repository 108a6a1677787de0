"""Checks whether an address can be listened on, before anything is started."""

from __future__ import annotations

import errno
import socket


class AddressRefused(OSError):
    """Nothing can listen on an address; the message says which setting to change."""


def check(host: str, port: int, setting: str | None) -> None:
    """Check that a port is free; ``setting`` is the setting that chooses it, if any.

    Raises:
        AddressRefused: it is not, or the host is no address of this machine.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        raise AddressRefused(_why(error, host, port, setting)) from error


def _why(error: OSError, host: str, port: int, setting: str | None) -> str:
    another = f"Set {setting} to another port, or stop" if setting else "Stop"
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} of {host} is in use. {another} what uses it."
        case errno.EACCES:
            return f"Port {port} is not for this user. Set {setting} to one above 1023."
        case _:
            why = error.strerror or error
            return f"Nothing can listen on {host} ({why}). Set HOST to an address here."
