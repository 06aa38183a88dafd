"""Counts of messages, by peeking with the unmodified SDK: no message is locked or received."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
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
        client = ServiceBusClient.from_connection_string(connection_string, retry_total=0)
        self._receivers = {
            name: (
                client.get_queue_receiver(name),
                client.get_queue_receiver(name, sub_queue=ServiceBusSubQueue.DEAD_LETTER),
            )
            for name in queues
        }

    def __enter__(self) -> Self:
        self._each(ServiceBusReceiver.__enter__)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._each(ServiceBusReceiver.close)

    def look(self) -> tuple[QueueFigures, ...]:
        """Count now."""
        return tuple(self._figures(name) for name in self._receivers)

    def _each(self, act: Callable[[ServiceBusReceiver], object]) -> None:
        """All at once: to open one or to close it the SDK waits half a second."""
        receivers = [one for pair in self._receivers.values() for one in pair]
        with ThreadPoolExecutor(len(receivers)) as threads:
            list(threads.map(act, receivers))

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
