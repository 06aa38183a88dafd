"""A message in a queue and the form in which a receiver sees it."""

from dataclasses import dataclass
from enum import IntEnum
from typing import assert_never
from uuid import UUID

from devstack.service_bus import sections
from devstack.service_bus.content import Content
from devstack.service_bus.encoding import encode_described
from devstack.service_bus.values import AmqpKey, AmqpValue, Long, Symbol, Timestamp, UInt

_SEQUENCE_NUMBER = Symbol("x-opt-sequence-number")
_ENQUEUED_TIME = Symbol("x-opt-enqueued-time")
_LOCKED_UNTIL = Symbol("x-opt-locked-until")
_MESSAGE_STATE = Symbol("x-opt-message-state")


class MessageState(IntEnum):
    """The values of the annotation x-opt-message-state."""

    ACTIVE = 0
    DEFERRED = 1
    SCHEDULED = 2


@dataclass(slots=True)
class MessageLock:
    """The right of one receiver to settle a message until an instant (epoch seconds)."""

    token: UUID
    until: float


@dataclass(slots=True)
class QueuedMessage:
    """One message of one queue; instants are epoch seconds."""

    sequence: int
    content: Content
    enqueued_at: float
    state: MessageState = MessageState.ACTIVE
    delivery_count: int = 0
    scheduled_at: float | None = None
    expires_at: float | None = None
    lock: MessageLock | None = None

    @property
    def due_at(self) -> float | None:
        """When the queue must look at this message without being asked."""
        if self.lock is not None:
            return self.lock.until
        match self.state:
            case MessageState.ACTIVE:
                return self.expires_at
            case MessageState.SCHEDULED:
                return self.scheduled_at
            case MessageState.DEFERRED:
                return None
            case _:
                assert_never(self.state)

    @property
    def is_ready(self) -> bool:
        """Whether the next receiver may have it."""
        return self.state is MessageState.ACTIVE and self.lock is None

    def encode(self) -> bytes:
        """The message as a receiver gets it: header and annotations rebuilt, the rest as sent."""
        header = self.content.header
        fields: list[AmqpValue] = [header.at(0), header.at(1), header.at(2), None]
        annotations: dict[AmqpKey, AmqpValue] = dict(self.content.annotations)
        annotations[_SEQUENCE_NUMBER] = Long(self.sequence)
        annotations[_ENQUEUED_TIME] = Timestamp(self.enqueued_at * 1000)
        if self.lock is not None:
            annotations[_LOCKED_UNTIL] = Timestamp(self.lock.until * 1000)
        if self.state is not MessageState.ACTIVE:
            annotations[_MESSAGE_STATE] = int(self.state)
        return b"".join(
            (
                encode_described(sections.HEADER, [*fields, UInt(self.delivery_count)]),
                encode_described(sections.MESSAGE_ANNOTATIONS, annotations),
                self.content.properties,
                self.content.application_properties,
                self.content.body,
            )
        )
