"""Counts of messages, by peeking with the unmodified SDK: no message is locked or received."""

from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from azure.servicebus import (
    ServiceBusClient,
    ServiceBusMessageState,
    ServiceBusReceiver,
    ServiceBusSubQueue,
)

from devstack.top_figures import QueueFigures

MOST = 1000
_PAGE = 250


class Peeking:
    """Receivers of the queues and their dead letters, open for the length of a `with` block."""

    def __init__(self, connection_string: str, queues: Iterable[str]) -> None:
        self._connection_string = connection_string
        self._queues = tuple(queues)
        self._open = ExitStack()
        self._receivers: dict[str, tuple[ServiceBusReceiver, ServiceBusReceiver]] = {}

    def __enter__(self) -> Self:
        client = self._open.enter_context(
            ServiceBusClient.from_connection_string(self._connection_string, retry_total=0)
        )
        for name in self._queues:
            dead = client.get_queue_receiver(name, sub_queue=ServiceBusSubQueue.DEAD_LETTER)
            live = client.get_queue_receiver(name)
            self._receivers[name] = (
                self._open.enter_context(live),
                self._open.enter_context(dead),
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def look(self) -> tuple[QueueFigures, ...]:
        """Count now."""
        return tuple(self._figures(name) for name in self._queues)

    def _figures(self, name: str) -> QueueFigures:
        live, dead = self._receivers[name]
        states = _states(live)
        return QueueFigures(
            name,
            active=states[ServiceBusMessageState.ACTIVE],
            scheduled=states[ServiceBusMessageState.SCHEDULED],
            dead_letter=_states(dead).total(),
        )


def _states(receiver: ServiceBusReceiver) -> Counter[ServiceBusMessageState]:
    states: Counter[ServiceBusMessageState] = Counter()
    sequence_number = 1
    while states.total() < MOST:
        page = receiver.peek_messages(_PAGE, sequence_number=sequence_number)
        states.update(message.state for message in page)
        if len(page) < _PAGE:
            break
        sequence_number = (page[-1].sequence_number or 0) + 1
    return states
