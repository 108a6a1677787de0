"""A door in front of a stand-in."""

from __future__ import annotations

import socket
from threading import Event


class Doorway:
    """In front of a stand-in: stops a request there until it is told to go on."""

    def __init__(self, wsgi):
        self._wsgi = wsgi
        self.stop_at = None
        self.after = False
        self.lost = False
        self.reached = Event()
        self.go_on = Event()

    def stop(self, path, *, after=False, lost=False):
        """Hold the next request of ``path``, before it is carried out or after.

        ``lost``: it never is.
        """
        self.reached.clear()
        self.go_on.clear()
        self.stop_at, self.after, self.lost = path, after, lost

    def __call__(self, environ, start_response):
        if self.stop_at is None or not environ["PATH_INFO"].endswith(self.stop_at):
            return self._enter(environ, start_response)
        self.stop_at = None
        answer = self._enter(environ, start_response) if self.after else None
        self.reached.set()
        self.go_on.wait(30)
        if self.lost:
            start_response("503 Service Unavailable", [])
            return [b""]
        return answer or self._enter(environ, start_response)

    def _enter(self, environ, start_response):
        try:
            return self._wsgi(environ, start_response)
        except ConnectionAbortedError:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise
