"""`python -m devstack.rhino_compute.child FD SETTINGS`: one compute child, started by the parent.

It evaluates definitions, one at a time, and ends when its standard input does: so it never
outlives its parent. Like compute.geometry it checks no key and no size.
"""

import os
import select
import socket
import sys
import threading
import traceback
from contextlib import suppress
from typing import cast

from devstack.rhino_compute.child_settings import ChildSettings
from devstack.rhino_compute.engine import Answer, Engine
from devstack.rhino_compute.errors import MalformedRequestError
from devstack.rhino_compute.faults import FAULT_HEADER, Fault
from devstack.rhino_compute.faulty_solve import solve_with_fault
from devstack.rhino_compute.fixed_routes import child_answer
from devstack.rhino_compute.http_server import LocalHandler, LocalServer
from devstack.rhino_compute.log import log_line
from devstack.rhino_compute.sandbox.nursery import Nursery
from devstack.rhino_compute.sandbox.sandbox import Sandbox


class ChildServer(LocalServer):
    """Accepts from a socket that already listens: the parent knew the port before the start."""

    def __init__(self, listening: socket.socket, engine: Engine) -> None:
        self.engine = engine
        super().__init__(0, ChildHandler)
        self.socket.close()
        self.socket = listening

    def server_bind(self) -> None:
        """The socket is bound."""

    def server_activate(self) -> None:
        """The socket listens."""


class ChildHandler(LocalHandler):
    """Answers the parent."""

    def answer_get(self, path: str) -> None:
        """Answer a fixed route."""
        text = child_answer(path)
        self.send(404 if text is None else 200, text or "")

    def answer_post(self, path: str) -> None:
        """Answer `/grasshopper` or `/io`."""
        body = self.read_body()
        if body is None:
            return
        if path not in ("/grasshopper", "/io"):
            self.send(404)
            return
        answer = self._answer(path, body)
        headers = {"Content-Type": "application/json"} if answer.text else {}
        if answer.timing:
            headers["Server-Timing"] = answer.timing
        self.send(answer.status, answer.text, headers)

    def _answer(self, path: str, body: bytes) -> Answer:
        """Return the answer, or the empty 500 an unhandled exception gives in ASP.NET Core."""
        engine, fault = cast("ChildServer", self.server).engine, self.headers.get(FAULT_HEADER)
        try:
            text = body.decode("utf-8-sig")
            if path == "/io":
                return engine.describe(text)
            return solve_with_fault(engine, text, Fault(fault) if fault else None)
        except (MalformedRequestError, UnicodeDecodeError) as error:
            log_line("request_refused", reason=str(error))
        except Exception:  # noqa: BLE001 - a fault of this server looks to clients like one of Rhino's
            log_line("request_failed", trace=traceback.format_exc())
        return Answer(500, "")


def main() -> None:
    """Serve until standard input ends."""
    settings = ChildSettings.from_json(sys.argv[2])
    # A fault: this child is slow to start, but ends with its parent meanwhile.
    select.select([sys.stdin], [], [], settings.start_delay_s)
    nursery = Nursery(settings.limits)  # forks, hence before any thread
    sandbox = Sandbox(nursery, settings.limits)
    engine = Engine(sticky_inputs=settings.sticky_inputs, begin_scripts=sandbox.begin_solve)
    server = ChildServer(socket.socket(fileno=int(sys.argv[1])), engine)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with suppress(BrokenPipeError):  # the parent may be gone already
        print("ready", flush=True)
    sys.stdin.read()
    nursery.stop()
    os._exit(0)  # also in the middle of a solve


if __name__ == "__main__":
    main()
