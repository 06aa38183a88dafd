"""Which child answers: a blind round robin with the real server's habits.

Source: Rhino.Compute, `ComputeChildren` (8.x, October 2024).
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager

from devstack.rhino_compute.child_process import ChildError, ChildProcess
from devstack.rhino_compute.log import log_line

IDLE_PART = 0.9


class ComputeChildren:
    """The queue of children. Nothing here knows which of them is solving."""

    def __init__(self, start_child: Callable[[], ChildProcess], child_count: int) -> None:
        self._start_child, self._child_count = start_child, child_count
        self._queue: deque[ChildProcess] = deque()
        self._started: list[ChildProcess] = []
        self._lock = threading.Lock()
        self._count_lock = threading.Lock()
        self._stopped = threading.Event()
        self._used_at: float | None = None
        self._requests = 0

    @contextmanager
    def lend(self) -> Generator[ChildProcess]:
        """Pick a child for one request; until it is over no child is idle.

        Raises:
            ChildError: None started.
        """
        with self._count_lock:
            self._used_at = time.monotonic()
            self._requests += 1
        try:
            yield self._pick()
        finally:
            with self._count_lock:
                self._used_at = time.monotonic()
                self._requests -= 1

    def begin(self) -> None:
        """Start children if there are none, without waiting."""

        def start() -> None:
            try:
                with self.lend() as child:
                    self.prefer(child)
            except ChildError as error:
                log_line("children_failed", reason=str(error))

        threading.Thread(target=start, daemon=True).start()

    def prefer(self, child: ChildProcess) -> None:
        """Turn the queue until a child that has just answered 200 is at its head."""
        with self._lock:
            if child in self._queue:
                self._queue.rotate(-self._queue.index(child))

    def delay(self, seconds: float) -> None:
        """Let every request wait, as while a child starts."""
        with self._lock:
            time.sleep(seconds)

    def active_count(self) -> int:
        """Count living children, also those the queue has forgotten."""
        return sum(not child.has_exited() for child in tuple(self._started))

    def idle_s(self) -> int:
        """Return the whole seconds since a child was last in use; -1 before the first use."""
        return -1 if self._used_at is None else int(time.monotonic() - self._used_at)

    def watch(self, idle_span_s: float) -> None:
        """Until the stop: end all children once nobody has called for most of the idle span."""

        def look() -> None:
            while not self._stopped.wait(min(idle_span_s / 10, 1)):
                with self._count_lock:
                    is_idle = not self._requests and self.idle_s() > IDLE_PART * idle_span_s
                    if is_idle and self._started:
                        self._stop_started()

        threading.Thread(target=look, daemon=True).start()

    def stop(self) -> None:
        """End all children for good; a request that would start one fails from now on."""
        self._stopped.set()
        self._stop_started()

    def _pick(self) -> ChildProcess:
        """Return the child at the head, which goes to the end.

        If it has exited, the whole queue is forgotten, living children included, and a new child
        is started while every other request waits; the rest start unawaited.

        Raises:
            ChildError: It did not start.
        """
        with self._lock:
            if not self._queue or self._queue[0].has_exited():
                self._queue.clear()
                self._start().wait_until_serving()
            while len(self._queue) < self._child_count:
                self._start()
            self._queue.rotate(-1)
            return self._queue[-1]

    def _start(self) -> ChildProcess:
        if self._stopped.is_set():
            raise ChildError("the server stops")
        child = self._start_child()
        self._started = [*(c for c in self._started if not c.has_exited()), child]
        self._queue.append(child)
        return child

    def _stop_started(self) -> None:
        # First all are told, so that they end side by side.
        started, self._started = self._started, []
        for child in started:
            child.signal_stop()
        for child in started:
            child.stop()
