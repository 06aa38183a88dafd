"""One compute child as its parent sees it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection, HTTPException

from devstack.rhino_compute.child_settings import ChildSettings
from devstack.rhino_compute.log import log_line

START_LIMIT_S = 60
STOP_LIMIT_S = 2


class ChildError(Exception):
    """No answer came from a child; the caller of the real server would see an empty 500."""


class ChildProcess:
    """A started process; it is told to end by the end of its standard input."""

    def __init__(self, settings: ChildSettings) -> None:
        self._lifeline, far_end = socket.socketpair()
        with far_end, socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
            self.port: int = listening.getsockname()[1]
            file = listening.fileno()
            module = "devstack.rhino_compute.child"
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(file), settings.to_json()],
                stdin=far_end.fileno(),
                stdout=far_end.fileno(),
                env=_environment(),
                pass_fds=(file,),
                start_new_session=True,
            )
        self._idle: list[HTTPConnection] = []
        log_line("child_started", child=self.pid, port=self.port)

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    def has_exited(self) -> bool:
        """Whether it is gone."""
        return self._process.poll() is not None

    def wait_until_serving(self) -> None:
        """Wait for a child that has just started.

        Raises:
            ChildError: It ended, or took a minute and was killed.
        """
        self._lifeline.settimeout(START_LIMIT_S)
        try:
            is_ready = bool(self._lifeline.recv(1))
        except OSError:
            is_ready = False
        if not is_ready:
            self.stop()
            raise ChildError(f"child {self.pid} did not start")

    def ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], timeout_s: float
    ) -> tuple[int, bytes]:
        """Return status and body of the child's answer.

        Raises:
            ChildError: None came in time. The child is left alone: it may still be solving.
        """
        connection = self._connection(timeout_s)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            status, content = answer.status, answer.read()
        except (OSError, HTTPException) as error:
            connection.close()
            raise ChildError(f"child {self.pid}: {error!r}") from error
        self._idle.append(connection)
        return status, content

    def signal_stop(self) -> None:
        """Ask it to end, also in the middle of a solve."""
        with contextlib.suppress(OSError):
            self._lifeline.shutdown(socket.SHUT_RDWR)  # close() would wait for a reader

    def stop(self) -> None:
        """End it; its scripts end with it."""
        self.signal_stop()
        try:
            self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
        log_line("child_stopped", child=self.pid, code=self._process.wait())
        self._lifeline.close()
        for connection in self._idle:
            connection.close()

    def _connection(self, timeout_s: float) -> HTTPConnection:
        try:
            return self._idle.pop()
        except IndexError:
            return HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)


def _environment() -> dict[str, str]:
    """Neither a child nor its scripts may know the key; one thread does for linear algebra."""
    inherited = {k: v for k, v in os.environ.items() if k != "RHINO_COMPUTE_KEY"}
    return {"OPENBLAS_NUM_THREADS": "1", **inherited}
