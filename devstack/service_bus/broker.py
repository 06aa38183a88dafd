"""All queues of the emulator, found by address."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from devstack.service_bus.config import QueueSettings
from devstack.service_bus.content import parse_content
from devstack.service_bus.errors import EntityNotFoundError
from devstack.service_bus.journal import NoJournal
from devstack.service_bus.message_queue import Clock, MessageQueue
from devstack.service_bus.sections import split_batch
from devstack.service_bus.store import QueueJournal, Store

if TYPE_CHECKING:
    from devstack.service_bus.journal import Journal

BATCH_FORMAT = 0x80013700
MANAGEMENT_SUFFIX = "/$management"
_DEAD_LETTER_SUFFIX = "/$deadletterqueue"


def node_of(address: str) -> str:
    """The node of an absolute (`amqps://host:port/node`) or relative address, in lower case."""
    path = address.partition("://")[2].partition("/")[2] if "://" in address else address
    return path.strip("/").lower()


class Broker:
    """The queues that the queues file declares, with a dead-letter queue each."""

    def __init__(
        self, declared: Mapping[str, QueueSettings], clock: Clock, store: Store | None = None
    ) -> None:
        self._store = store
        self._queues: dict[str, MessageQueue] = {}
        for name, settings in declared.items():
            key = name.lower()
            journal: Journal = NoJournal() if store is None else QueueJournal(store, key)
            given_up = QueueSettings(lock_s=settings.lock_s, max_delivery_count=None)
            dead_letters = MessageQueue(given_up, clock, journal)
            queue = self._queues[key] = MessageQueue(settings, clock, journal, dead_letters)
            if store is not None:
                store.load(key, queue)

    def queue_at(self, address: str) -> MessageQueue:
        """The queue of `<queue>[/$DeadLetterQueue][/$management]`, in any case of letters.

        Raises:
            EntityNotFoundError: no such queue.
        """
        name = node_of(address).removesuffix(MANAGEMENT_SUFFIX)
        queue = self._queues.get(name.removesuffix(_DEAD_LETTER_SUFFIX))
        if queue is not None and name.endswith(_DEAD_LETTER_SUFFIX):
            queue = queue.dead_letters
        if queue is None:
            raise EntityNotFoundError(address)
        return queue

    def send(self, queue: MessageQueue, raw: bytes, message_format: int) -> None:
        """Enqueue a message or a whole batch; a batch with a malformed message changes nothing.

        Raises:
            AmqpError: the bytes are no message.
        """
        encoded = split_batch(raw) if message_format == BATCH_FORMAT else [raw]
        for content in [parse_content(one) for one in encoded]:
            queue.enqueue(content)
        queue.pump()

    def next_due(self) -> float | None:
        """When `run_due` should be called next, epoch seconds."""
        instants = (queue.next_due() for queue in self._all_queues())
        return min((due for due in instants if due is not None), default=None)

    def run_due(self) -> None:
        """Let every queue do what is due."""
        for queue in self._all_queues():
            queue.run_due()

    def commit(self) -> None:
        """Make every change so far durable; answers may go out after it."""
        if self._store is not None:
            self._store.commit()

    def _all_queues(self) -> Iterator[MessageQueue]:
        for queue in self._queues.values():
            yield queue
            if queue.dead_letters is not None:
                yield queue.dead_letters
