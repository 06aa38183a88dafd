"""The way of a message from a queue to the receivers' links."""

from collections import deque
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Delivery:
    """An encoded message on its way to a receiver; without a lock it is gone already."""

    encoded: bytes
    lock_token: UUID | None


class Consumer(Protocol):
    """A receiver's link."""

    @property
    def credit(self) -> int:
        """How many messages the receiver takes now."""
        ...

    @property
    def deletes_on_receipt(self) -> bool:
        """RECEIVE_AND_DELETE instead of PEEK_LOCK."""
        ...

    def deliver(self, delivery: Delivery) -> None:
        """Send the message."""
        ...


class ConsumerRing:
    """The receivers of one queue, served in turn."""

    def __init__(self) -> None:
        self._consumers: deque[Consumer] = deque()

    def add(self, consumer: Consumer) -> None:
        """Let a receiver take part."""
        self._consumers.append(consumer)

    def remove(self, consumer: Consumer) -> None:
        """Forget a receiver; one that is unknown is no error."""
        if consumer in self._consumers:
            self._consumers.remove(consumer)

    def next_with_credit(self) -> Consumer | None:
        """The next receiver in turn that takes a message now."""
        for _ in range(len(self._consumers)):
            consumer = self._consumers[0]
            self._consumers.rotate(-1)
            if consumer.credit > 0:
                return consumer
        return None
