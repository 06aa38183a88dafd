"""What the parent and its children share: HTTP on 127.0.0.1, a thread for each connection."""

import socket
import socketserver
import sys
from abc import ABC, abstractmethod
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from devstack.rhino_compute.log import log_line


class LocalServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1 only."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", port), handler)

    def server_bind(self) -> None:
        """Bind without the reverse name lookup of HTTPServer."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """Log a failed connection as one line; a client that hung up is no failure of ours."""
        error = repr(sys.exc_info()[1])
        log_line("connection_failed", client=str(client_address), at=str(request), error=error)


class LocalHandler(BaseHTTPRequestHandler, ABC):
    """Answers one connection; it stays open between requests."""

    protocol_version = "HTTP/1.1"
    server_version = "Kestrel"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    connection: socket.socket

    def do_GET(self) -> None:
        """Answer a GET."""
        self.answer_get(urlsplit(self.path).path.rstrip("/").lower() or "/")

    def do_POST(self) -> None:
        """Answer a POST."""
        self.answer_post(urlsplit(self.path).path.rstrip("/").lower() or "/")

    @abstractmethod
    def answer_get(self, path: str) -> None:
        """Answer a GET; the path has small letters and no slash at its end."""

    @abstractmethod
    def answer_post(self, path: str) -> None:
        """Answer a POST."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Leave out the access log; POSTs are logged with their duration."""

    def read_body(self, limit_bytes: int | None = None) -> bytes | None:
        """Return the body; None after a refusal."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or (limit_bytes is not None and int(length) > limit_bytes):
            self.close_connection = True
            self.send(413 if length.isdecimal() else 411)
            return None
        return self.rfile.read(int(length))

    def send(
        self, status: int, content: str | bytes = "", headers: dict[str, str] | None = None
    ) -> None:
        """Send an answer, with no content type but the given one."""
        sent = content.encode() if isinstance(content, str) else content
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)
