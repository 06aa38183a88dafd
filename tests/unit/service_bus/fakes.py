"""A clock that a test moves, a receiver that remembers, and messages as a client encodes them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from devstack.service_bus import sections
from devstack.service_bus.broker import Broker
from devstack.service_bus.content import parse_content
from devstack.service_bus.delivery import Delivery
from devstack.service_bus.encoding import encode_described
from devstack.service_bus.message_queue import MessageQueue
from devstack.service_bus.values import AmqpKey, AmqpValue, Symbol, Timestamp, UInt

MakeQueue = Callable[..., MessageQueue]
Send = Callable[..., int]
Reopen = Callable[..., Broker]


@dataclass
class FakeClock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Inbox:
    credit: int = 100
    deletes_on_receipt: bool = False
    deliveries: list[Delivery] = field(default_factory=list)

    def deliver(self, delivery: Delivery) -> None:
        self.credit -= 1
        self.deliveries.append(delivery)

    @property
    def bodies(self) -> list[str]:
        return [body_of(delivery) for delivery in self.deliveries]

    @property
    def tokens(self) -> list[UUID]:
        tokens = (delivery.lock_token for delivery in self.deliveries)
        return [token for token in tokens if token is not None]

    @property
    def last_token(self) -> UUID:
        return self.tokens[-1]

    @property
    def last_delivery_count(self) -> int:
        return parse_content(self.deliveries[-1].encoded).header.number(4)


def dead_letters_of(queue: MessageQueue) -> MessageQueue:
    assert queue.dead_letters is not None
    return queue.dead_letters


def body_of(delivery: Delivery) -> str:
    return parse_content(delivery.encoded).body[5:].decode()


def encode_message(
    body: str,
    *,
    message_id: str | None = None,
    ttl_ms: int | None = None,
    scheduled_at: float | None = None,
) -> bytes:
    parts: list[bytes] = []
    if ttl_ms is not None:
        parts.append(encode_described(sections.HEADER, [True, None, UInt(ttl_ms)]))
    if scheduled_at is not None:
        when: dict[AmqpKey, AmqpValue] = {
            Symbol("x-opt-scheduled-enqueue-time"): Timestamp(scheduled_at * 1000)
        }
        parts.append(encode_described(sections.MESSAGE_ANNOTATIONS, when))
    if message_id is not None:
        parts.append(encode_described(sections.PROPERTIES, [message_id]))
    parts.append(encode_described(sections.DATA, body.encode()))
    return b"".join(parts)
