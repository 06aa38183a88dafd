"""One queue: order, message locks, delivery counts, scheduling, expiry, dead letters.

No network and no clock of its own: `now` comes from the clock it is given, and `run_due` is called
by whoever owns a timer. Single-threaded.
"""

from collections.abc import Callable
from uuid import UUID, uuid4

from devstack.service_bus.config import QueueSettings
from devstack.service_bus.content import Content, with_application_properties
from devstack.service_bus.delivery import ConsumerRing, Delivery
from devstack.service_bus.duplicates import DuplicateHistory
from devstack.service_bus.errors import LockLostError, MessageNotFoundError
from devstack.service_bus.journal import Journal
from devstack.service_bus.message import MessageLock, MessageState, QueuedMessage
from devstack.service_bus.settlement import DeadLetterCause, Outcome, Settlement
from devstack.service_bus.shelf import Shelf

Clock = Callable[[], float]
"""Epoch seconds."""

_EXPIRED = DeadLetterCause("TTLExpiredException", "The message expired and was dead lettered.")


class MessageQueue:
    """A queue or, without `dead_letters`, a dead-letter queue."""

    def __init__(
        self,
        settings: QueueSettings,
        clock: Clock,
        journal: Journal,
        dead_letters: "MessageQueue | None" = None,
    ) -> None:
        self.settings = settings
        self.dead_letters = dead_letters
        self.duplicates = DuplicateHistory(settings.duplicate_window_s, journal)
        self.last_sequence = 0
        self._clock = clock
        self._journal = journal
        self.consumers = ConsumerRing()
        self._shelf = Shelf()
        self._locked: dict[UUID, QueuedMessage] = {}

    def __len__(self) -> int:
        return len(self._shelf)

    def enqueue(self, content: Content) -> int | None:
        """Take a message in; call `pump` after the last of a batch.

        Returns:
            Its sequence number, or None for a duplicate, which is accepted and dropped.
        """
        now = self._clock()
        if not self.duplicates.admits(content.message_id, now):
            return None
        self.last_sequence += 1
        message = QueuedMessage(self.last_sequence, content, now)
        if content.scheduled_at is not None and content.scheduled_at > now:
            message.state, message.scheduled_at = MessageState.SCHEDULED, content.scheduled_at
        else:
            self._activate(message, now)
        self.insert(message)
        self._journal.added(message)
        return message.sequence

    def insert(self, message: QueuedMessage) -> None:
        """Place a message by its sequence number, as it is: from a sender or from the store."""
        self._shelf.insert(message)
        self.last_sequence = max(self.last_sequence, message.sequence)

    def pump(self) -> None:
        """Hand ready messages to the receivers that have credit, one each in turn."""
        while self._shelf.has_ready and (consumer := self.consumers.next_with_credit()) is not None:
            message = self._pop_unexpired()
            if message is not None:
                consumer.deliver(self._hand_over(message, deletes=consumer.deletes_on_receipt))

    def settle(self, token: UUID, settlement: Settlement) -> None:
        """End a message lock.

        Raises:
            LockLostError: the token is unknown or its lock expired.
        """
        message = self._locked_message(token)
        match settlement.outcome:
            case Outcome.COMPLETE:
                self._remove(message)
            case Outcome.RELEASE:
                self._unlock(message, counts=False)
            case Outcome.ABANDON:
                self._unlock(message, counts=True)
            case Outcome.DEFER:
                message.state = MessageState.DEFERRED
                self._unlock(message, counts=False)
            case Outcome.DEAD_LETTER:
                self._give_up(message, settlement.cause)
        self.pump()

    def renew(self, token: UUID) -> float:
        """Extend a message lock by the queue's lock time and return its end.

        Raises:
            LockLostError: the token is unknown or its lock expired.
        """
        message = self._locked_message(token)
        message.lock = MessageLock(token, self._clock() + self.settings.lock_s)
        return message.lock.until

    def peek(self, first_sequence: int, count: int) -> list[QueuedMessage]:
        """Up to `count` messages in any state, by sequence number, not locked."""
        return self._shelf.first_from(first_sequence, count)

    def cancel_scheduled(self, sequences: list[int]) -> None:
        """Remove scheduled messages, all or none.

        Raises:
            MessageNotFoundError: one of them is not scheduled (any more).
        """
        messages = [self._in_state(sequence, MessageState.SCHEDULED) for sequence in sequences]
        for message in messages:
            self._remove(message)

    def take_deferred(self, sequences: list[int], *, deletes: bool) -> list[Delivery]:
        """Hand over deferred messages, all or none.

        Raises:
            MessageNotFoundError: one of them is not deferred, or locked.
        """
        messages = [self._in_state(sequence, MessageState.DEFERRED) for sequence in sequences]
        return [self._hand_over(message, deletes=deletes) for message in messages]

    def next_due(self) -> float | None:
        """When `run_due` should be called next; at times earlier than needed, never later."""
        return self._shelf.next_due

    def run_due(self) -> None:
        """Expire locks and messages and activate scheduled ones whose instant has come."""
        now = self._clock()
        while (message := self._shelf.pop_due(now)) is not None:
            self._wake(message, now)
        self.pump()

    def _wake(self, message: QueuedMessage, now: float) -> None:
        if message.lock is not None:
            self._unlock(message, counts=True)
        elif message.state is MessageState.SCHEDULED:
            self._activate(message, now)
            self._shelf.reschedule(message)
            self._journal.changed(message)
        else:
            self._expire(message)

    def _activate(self, message: QueuedMessage, now: float) -> None:
        message.state, message.scheduled_at, message.enqueued_at = MessageState.ACTIVE, None, now
        limits = (message.content.ttl_s, self.settings.default_ttl_s)
        ttl_s = min((limit for limit in limits if limit is not None), default=None)
        message.expires_at = None if ttl_s is None else now + ttl_s

    def _pop_unexpired(self) -> QueuedMessage | None:
        message = self._shelf.pop_ready()
        if message is None:
            return None
        if message.expires_at is not None and message.expires_at <= self._clock():
            self._expire(message)
            return None
        return message

    def _hand_over(self, message: QueuedMessage, *, deletes: bool) -> Delivery:
        if deletes:
            self._remove(message)
            return Delivery(message.encode(), None)
        lock = message.lock = MessageLock(uuid4(), self._clock() + self.settings.lock_s)
        self._locked[lock.token] = message
        self._shelf.reschedule(message)
        return Delivery(message.encode(), lock.token)

    def _locked_message(self, token: UUID) -> QueuedMessage:
        message = self._locked.get(token)
        if message is None or message.lock is None or message.lock.until <= self._clock():
            raise LockLostError
        return message

    def _in_state(self, sequence: int, state: MessageState) -> QueuedMessage:
        message = self._shelf.get(sequence)
        if message is None or message.state is not state or message.lock is not None:
            raise MessageNotFoundError(sequence)
        return message

    def _unlock(self, message: QueuedMessage, *, counts: bool) -> None:
        self._drop_lock(message)
        message.delivery_count += counts
        limit = self.settings.max_delivery_count
        if counts and limit is not None and message.delivery_count >= limit:
            text = (
                f"Message could not be consumed after {message.delivery_count} delivery attempts."
            )
            self._give_up(message, DeadLetterCause("MaxDeliveryCountExceeded", text))
            return
        self._journal.changed(message)
        self._shelf.reschedule(message)

    def _expire(self, message: QueuedMessage) -> None:
        if self.settings.dead_letter_on_expiry:
            self._give_up(message, _EXPIRED)
        else:
            self._remove(message)

    def _give_up(self, message: QueuedMessage, cause: DeadLetterCause) -> None:
        """Move to the dead-letter queue; inside one, a dead letter goes back to its place."""
        if self.dead_letters is None:
            self._unlock(message, counts=True)
            return
        self._take_out(message)
        message.content = with_application_properties(message.content, cause.as_properties())
        message.state, message.expires_at = MessageState.ACTIVE, None
        self._journal.dead_lettered(message)
        self.dead_letters.insert(message)
        self.dead_letters.pump()

    def _drop_lock(self, message: QueuedMessage) -> None:
        if message.lock is not None:
            del self._locked[message.lock.token]
            message.lock = None

    def _take_out(self, message: QueuedMessage) -> None:
        self._drop_lock(message)
        self._shelf.remove(message)

    def _remove(self, message: QueuedMessage) -> None:
        self._take_out(message)
        self._journal.removed(message)
