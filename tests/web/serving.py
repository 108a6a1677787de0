"""A program for test_gunicorn.py: answers slowly, and finishes its work at the end."""

import socket
import sys
from threading import Event, Thread

from http_base.precedence import PRECEDENCE
from telemetry import logs
from web import gunicorn
from web.gunicorn import serve
from web.server import LARGEST


def say(words):
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


TOLD = {"/precedence": lambda: str(PRECEDENCE.under_way)}


class Slow:
    def __init__(self):
        self.behind = None

    def wsgi(self, environ, start_response):
        path = environ["PATH_INFO"]
        start_response("200 OK", [("Content-Type", "text/plain")])
        if len(environ["wsgi.input"].read(LARGEST + 1)) > LARGEST:
            say("too much")
        if path == "/slow":
            say("under way")
            sys.stdin.readline()
        if path == "/behind":
            self.behind = (Event(), Thread(target=self.work))
            self.behind[1].start()
        if path == "/nodelay":
            option = (socket.IPPROTO_TCP, socket.TCP_NODELAY)
            return [str(environ["gunicorn.socket"].getsockopt(*option)).encode()]
        if path == "/broken":
            raise RuntimeError("a secret thought")
        return [TOLD.get(path, lambda: "finished")().encode()]

    def work(self):
        say("working")
        self.behind[0].wait()
        say("worked")

    def close(self):
        if self.behind:
            self.behind[0].set()
            self.behind[1].join()
        say("closed")


gunicorn.RECEIVING = float(sys.argv[1])
logs.configure("INFO", "logfmt")
serve(Slow, host="127.0.0.1", port=0, threads=4)
