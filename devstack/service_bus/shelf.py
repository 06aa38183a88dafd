"""Where a queue keeps its messages: by number, by readiness, by due instant."""

import heapq
from bisect import bisect_left, insort

from devstack.service_bus.message import QueuedMessage

_STALE_ENTRIES = 1024


class Shelf:
    """The messages of one queue.

    The heaps may name messages that moved on since; whoever pops an entry checks it. That keeps
    every change O(log n).
    """

    def __init__(self) -> None:
        self._messages: dict[int, QueuedMessage] = {}
        self._order: list[int] = []
        self._ready: list[int] = []
        self._agenda: list[tuple[float, int]] = []

    def __len__(self) -> int:
        return len(self._messages)

    def get(self, sequence: int) -> QueuedMessage | None:
        """The message with this sequence number."""
        return self._messages.get(sequence)

    def insert(self, message: QueuedMessage) -> None:
        """Place a message by its sequence number."""
        self._messages[message.sequence] = message
        insort(self._order, message.sequence)
        self.reschedule(message)

    def remove(self, message: QueuedMessage) -> None:
        """Take a message out."""
        del self._messages[message.sequence]
        del self._order[bisect_left(self._order, message.sequence)]

    def first_from(self, sequence: int, count: int) -> list[QueuedMessage]:
        """Up to `count` messages, the first one with this sequence number or the next above."""
        start = bisect_left(self._order, sequence)
        return [self._messages[held] for held in self._order[start : start + count]]

    def reschedule(self, message: QueuedMessage) -> None:
        """Note a change of state or lock: make it ready if it is, and note when it is due."""
        if message.is_ready:
            heapq.heappush(self._ready, message.sequence)
        if message.due_at is not None:
            heapq.heappush(self._agenda, (message.due_at, message.sequence))
        if len(self._agenda) > 2 * len(self._messages) + _STALE_ENTRIES:
            self._forget_stale_entries()

    def pop_ready(self) -> QueuedMessage | None:
        """The ready message with the lowest sequence number; the caller locks or removes it."""
        while self._ready:
            message = self._messages.get(heapq.heappop(self._ready))
            if message is not None and message.is_ready:
                return message
        return None

    @property
    def has_ready(self) -> bool:
        """Whether a message may be ready."""
        return bool(self._ready)

    @property
    def next_due(self) -> float | None:
        """The earliest instant at which a message may be due."""
        return self._agenda[0][0] if self._agenda else None

    def pop_due(self, now: float) -> QueuedMessage | None:
        """A message whose instant has come; the caller changes it, which reschedules it."""
        while self._agenda and self._agenda[0][0] <= now:
            message = self._messages.get(heapq.heappop(self._agenda)[1])
            if message is None or message.due_at is None:
                continue
            if message.due_at <= now:
                return message
            heapq.heappush(self._agenda, (message.due_at, message.sequence))
        return None

    def _forget_stale_entries(self) -> None:
        due = ((message.due_at, message.sequence) for message in self._messages.values())
        self._agenda = [(due_at, sequence) for due_at, sequence in due if due_at is not None]
        heapq.heapify(self._agenda)
