"""The HTTP server: a thread for each connection, so that a long solve blocks no other answer."""

import socketserver
import sys
import time
import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import urlsplit

from devstack.rhino_compute.engine import Answer, Engine
from devstack.rhino_compute.errors import MalformedRequestError
from devstack.rhino_compute.fixed_routes import fixed_answer
from devstack.rhino_compute.log import log_line

MAX_BODY_BYTES = 52_428_800


class ComputeServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1 only."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, api_key: str, engine: Engine) -> None:
        self.api_key = api_key
        self.engine = engine
        self._used_at: float | None = None
        super().__init__(("127.0.0.1", port), ComputeHandler)

    def server_bind(self) -> None:
        """Bind without the reverse name lookup of HTTPServer."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def touch(self) -> None:
        """Note that the engine is in use."""
        self._used_at = time.monotonic()

    def idle_s(self) -> int:
        """Return the seconds since the last POST, -1 before the first."""
        return -1 if self._used_at is None else int(time.monotonic() - self._used_at)

    def handle_error(self, request: object, client_address: object) -> None:
        """Log a failed connection as one line; a client that hung up is no failure of ours."""
        error = repr(sys.exc_info()[1])
        log_line("connection_failed", client=str(client_address), at=str(request), error=error)


class ComputeHandler(BaseHTTPRequestHandler):
    """Answers one connection; it stays open between requests."""

    protocol_version = "HTTP/1.1"
    server_version = "Kestrel"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 120

    @property
    def compute(self) -> ComputeServer:
        """The server that accepted the connection."""
        return cast("ComputeServer", self.server)

    def do_GET(self) -> None:
        """Answer a fixed route."""
        if self._is_allowed():
            self._send(200, fixed_answer(urlsplit(self.path).path, self.compute.idle_s()))

    def do_POST(self) -> None:
        """Answer `/grasshopper` or `/io`; what goes wrong unforeseen is an empty 500."""
        body = self._read_body()
        if body is None or not self._is_allowed():
            return
        started = time.perf_counter()
        self.compute.touch()
        path = urlsplit(self.path).path.rstrip("/")
        engine = self.compute.engine
        answer_to = {"/grasshopper": engine.solve, "/io": engine.describe}.get(path)
        if answer_to is None:
            self._send(404)
            return
        answer = _answer(answer_to, body)
        elapsed_ms = round((time.perf_counter() - started) * 1000, 1)
        log_line("answered", path=path, status=answer.status, ms=elapsed_ms)
        self._send_json(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Leave out the access log; POSTs are logged with their duration."""

    def _read_body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            self._send(413 if length.isdecimal() else 411)
            return None
        return self.rfile.read(int(length))

    def _is_allowed(self) -> bool:
        given = self.headers.get("RhinoComputeKey")
        if not self.compute.api_key or given == self.compute.api_key:
            return True
        self._send(401, "Api Key was not provided." if given is None else "Unauthorized client.")
        return False

    def _send_json(self, answer: Answer) -> None:
        headers = {"Content-Type": "application/json"} if answer.text else {}
        if answer.timing:
            headers["Server-Timing"] = answer.timing
        self._send(answer.status, answer.text, headers)

    def _send(self, status: int, text: str = "", headers: dict[str, str] | None = None) -> None:
        content = text.encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _answer(answer_to: Callable[[str], Answer], body: bytes) -> Answer:
    """Return the answer, or the empty 500 an unhandled exception gives in ASP.NET Core."""
    try:
        return answer_to(body.decode("utf-8-sig"))
    except (MalformedRequestError, UnicodeDecodeError) as error:
        log_line("request_refused", reason=str(error))
    except Exception:  # noqa: BLE001 - a fault of this server looks to clients like one of Rhino's
        log_line("request_failed", trace=traceback.format_exc())
    return Answer(500, "")
