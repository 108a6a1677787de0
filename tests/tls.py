"""A TLS server whose connection breaks when the request has been carried out."""

import socket
import ssl
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

CERTIFICATE = Path(__file__).parent / "localhost.pem"
"""Made for this; nothing but a test trusts it."""

BREAKS = {
    "an answer in clear": b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
    "a record cut short": b"\x17\x03\x03\x00\x40" + b"x" * 64,
    "nothing": b"",
}


class Breaking:
    """Takes requests over TLS and answers with bytes that are none of TLS."""

    def __init__(self, answer):
        self._answer = answer
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(CERTIFICATE)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = Thread(target=self._serve)
        self._thread.start()
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        self.carried_out = 0

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self._take(connection)

    def _take(self, connection):
        came, goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self._context.wrap_bio(came, goes, server_side=True)
        read = b""
        try:
            self._drive(connection, came, goes, tls.do_handshake)
            while not read.endswith((b"}", b"%7D")):
                read += self._drive(connection, came, goes, lambda: tls.read(65_536))
        except ssl.SSLError:
            return
        self.carried_out += 1
        connection.sendall(self._answer)

    def _drive(self, connection, came, goes, step):
        while True:
            try:
                done = step()
            except ssl.SSLWantReadError:
                connection.sendall(goes.read())
                came.write(connection.recv(65_536))
            else:
                connection.sendall(goes.read())
                return done


@contextmanager
def breaking(answer):
    server = Breaking(answer)
    try:
        yield server
    finally:
        server.close()
