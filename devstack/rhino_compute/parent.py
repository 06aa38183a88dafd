"""The parent: checks the key, answers fixed routes, passes the rest to its children.

Source: Rhino.Compute, `ReverseProxyModule`: of a child's answer to a POST it passes on status and
body, of one to a GET the body only, with status 200.
"""

import os
import socket
import struct
import time
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from devstack.rhino_compute.child_process import ChildError
from devstack.rhino_compute.children import ComputeChildren
from devstack.rhino_compute.faults import FAULT_HEADER, Fault
from devstack.rhino_compute.fixed_routes import STARTING_ROUTES, parent_answer
from devstack.rhino_compute.http_server import LocalHandler, LocalServer
from devstack.rhino_compute.log import log_line

BAD_GATEWAY_PAGE = (
    "<!DOCTYPE html><html><head><title>502 - Web server received an invalid response while acting "
    "as a gateway or proxy server.</title></head><body><h1>Server Error</h1></body></html>"
)
ABORT_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class ParentSettings:
    """How the parent treats requests; `timeout_s` is the proxy's patience with a child."""

    api_key: str = ""
    timeout_s: float = 100
    max_request_bytes: int = 52_428_800
    fault: Fault | None = None
    allows_faults: bool = False
    slow_start_s: float = 5


class ParentServer(LocalServer):
    """Accepts clients."""

    def __init__(self, port: int, settings: ParentSettings, children: ComputeChildren) -> None:
        self.settings, self.children = settings, children
        super().__init__(port, ParentHandler)


class ParentHandler(LocalHandler):
    """Answers one client."""

    timeout = 120

    @property
    def parent(self) -> ParentServer:
        """The server that accepted the connection."""
        return cast("ParentServer", self.server)

    def answer_get(self, path: str) -> None:
        """Answer a fixed route, or pass on the text of a child's answer."""
        if not self._is_allowed():
            return
        children = self.parent.children
        if path in STARTING_ROUTES:
            children.begin()
        text = parent_answer(path, children.active_count(), children.idle_s())
        if text is not None:
            self.send(200, text)
            return
        status, content = self._ask_child(None, {})
        self.send(200 if status else 500, content)

    def answer_post(self, path: str) -> None:
        """Pass on status and body of a child's answer."""
        body = self.read_body(self.parent.settings.max_request_bytes)
        if body is None or not self._is_allowed():
            return
        try:
            fault = self._fault() if path == "/grasshopper" else None
        except ValueError as error:
            self.send(400, str(error))
            return
        if fault is Fault.RESET or fault is Fault.HTML_502:
            self._fail(fault)
        else:
            self._pass_on(path, body, fault)

    def _pass_on(self, path: str, body: bytes, fault: Fault | None) -> None:
        started = time.perf_counter()
        if fault is Fault.SLOW_START:
            self.parent.children.delay(self.parent.settings.slow_start_s)
        # Any other fault is the child's to show.
        shown = {FAULT_HEADER: fault.value} if fault and fault is not Fault.SLOW_START else {}
        status, content = self._ask_child(body, shown)
        elapsed_ms = round((time.perf_counter() - started) * 1000, 1)
        log_line("answered", path=path, status=status or 500, ms=elapsed_ms, fault=fault)
        self.send(status or 500, content)

    def _ask_child(self, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        """Return a child's status and body; status 0 when there is no answer."""
        children, timeout_s = self.parent.children, self.parent.settings.timeout_s
        try:
            with children.lend() as child:
                status, content = child.ask(self.command, self.path, body, headers, timeout_s)
                if status == 200:  # noqa: PLR2004 - the one that counts upstream
                    children.prefer(child)
        except ChildError as error:
            log_line("proxy_failed", path=urlsplit(self.path).path, reason=str(error))
            return 0, b""
        return status, content

    def _fault(self) -> Fault | None:
        asked, settings = self.headers.get(FAULT_HEADER), self.parent.settings
        return Fault(asked) if asked and settings.allows_faults else settings.fault

    def _fail(self, fault: Fault) -> None:
        log_line("fault_shown", fault=fault)
        if fault is Fault.HTML_502:
            self.send(502, BAD_GATEWAY_PAGE, {"Content-Type": "text/html"})
            return
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT_ON_CLOSE)
        os.close(self.connection.detach())  # close() alone would shut down in good order first

    def _is_allowed(self) -> bool:
        given, key = self.headers.get("RhinoComputeKey"), self.parent.settings.api_key
        if not key or given == key:
            return True
        self.send(401, "Api Key was not provided." if given is None else "Unauthorized client.")
        return False
