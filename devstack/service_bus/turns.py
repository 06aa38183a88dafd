"""A turn: one socket read or one alarm, then one commit, then the answers."""

import asyncio
from typing import Protocol

from devstack.service_bus.broker import Broker
from devstack.service_bus.errors import StoreError
from devstack.service_bus.message_queue import Clock

_MAX_SLEEP_S = 5.0  # the wall clock may jump while the loop's clock does not
_MIN_SLEEP_S = 0.001


class Flushable(Protocol):
    """A connection with frames to write."""

    def flush(self) -> None:
        """Write them."""
        ...

    def abort(self) -> None:
        """Drop the connection and what it would have written."""
        ...


class Turns:
    """Commits before anything is acknowledged, and wakes the queues when something is due."""

    def __init__(self, broker: Broker, clock: Clock) -> None:
        self._broker = broker
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._alarm: asyncio.TimerHandle | None = None
        self._connections: set[Flushable] = set()
        self._written: dict[Flushable, None] = {}
        self.failed: asyncio.Future[None] = self._loop.create_future()

    def join(self, connection: Flushable) -> None:
        """A client connected."""
        self._connections.add(connection)

    def leave(self, connection: Flushable) -> None:
        """A client is gone."""
        self._connections.discard(connection)
        self._written.pop(connection, None)

    def note_written(self, connection: Flushable) -> None:
        """The connection has frames for the end of this turn."""
        self._written[connection] = None

    def finish(self) -> None:
        """Commit, write, and set the alarm for what is due next."""
        try:
            self._broker.commit()
        except StoreError as error:
            self.fail(error)
            return
        written, self._written = self._written, {}
        for connection in written:
            connection.flush()
        self._set_alarm()

    def fail(self, error: StoreError) -> None:
        """Drop every client without an answer: memory and database no longer agree."""
        self.close()
        if not self.failed.done():
            self.failed.set_exception(error)

    def close(self) -> None:
        """Drop every client and the alarm."""
        if self._alarm is not None:
            self._alarm.cancel()
        for connection in list(self._connections):
            connection.abort()

    def _set_alarm(self) -> None:
        due_at = self._broker.next_due()
        if due_at is None:
            return
        delay_s = min(max(due_at - self._clock(), _MIN_SLEEP_S), _MAX_SLEEP_S)
        ring_at = self._loop.time() + delay_s
        if self._alarm is not None:
            if self._alarm.when() <= ring_at:
                return
            self._alarm.cancel()
        self._alarm = self._loop.call_at(ring_at, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        try:
            self._broker.run_due()
        except StoreError as error:
            self.fail(error)
            return
        self.finish()
