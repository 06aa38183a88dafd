"""The two kinds of links of a session, named from the emulator's side."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from devstack.service_bus.delivery import Delivery
from devstack.service_bus.fields import Fields
from devstack.service_bus.frames import Performative, encode_performative
from devstack.service_bus.message_queue import MessageQueue
from devstack.service_bus.ports import TransferSender
from devstack.service_bus.values import AmqpValue, UInt

SERIAL_MASK = 0xFFFF_FFFF
MAX_MESSAGE_BYTES = 1024 * 1024
GRANTED_CREDIT = 2000
_HALF_RANGE = 0x8000_0000
_TRANSFER_HEAD_BYTES = 64


class SendingLink:
    """Emulator to client: a queue's consumer, or the way of answers to requests."""

    def __init__(
        self, session: TransferSender, handle: int, queue: MessageQueue | None, *, deletes: bool
    ) -> None:
        self.handle = handle
        self.queue = queue
        self.deletes_on_receipt = deletes
        self.credit = 0
        self.delivery_count = 0
        self._session = session

    def update_credit(self, flow: Fields) -> None:
        """Take the credit that a flow grants, relative to what was delivered."""
        granted = flow.number(5, 0) + flow.number(6, 0) - self.delivery_count
        credit = granted & SERIAL_MASK
        self.credit = credit if credit < _HALF_RANGE else 0

    def use_up_credit(self) -> None:
        """Drain: give the credit back by counting it as delivered."""
        self.delivery_count = (self.delivery_count + self.credit) & SERIAL_MASK
        self.credit = 0

    def deliver(self, delivery: Delivery) -> None:
        """Send a message, with its lock token (little-endian, as .NET writes it) as tag."""
        delivery_id = self._session.next_delivery_id()
        token = delivery.lock_token
        if token is not None and self.queue is not None:
            self._session.await_settlement(delivery_id, self.queue, token)
        self.credit -= 1
        self.delivery_count = (self.delivery_count + 1) & SERIAL_MASK
        room = self._session.max_frame_bytes - _TRANSFER_HEAD_BYTES
        tag = (token or uuid4()).bytes_le
        head: list[AmqpValue] = [UInt(self.handle), UInt(delivery_id), tag, UInt(0), token is None]
        for start in range(0, len(delivery.encoded), room):
            part = delivery.encoded[start : start + room]
            has_more = start + room < len(delivery.encoded)
            transfer = encode_performative(Performative.TRANSFER, [*head, has_more])
            self._session.send_transfer(transfer + part)
            head = [UInt(self.handle), None, None, None, None]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that came in completely."""

    delivery_id: int
    message_format: int
    is_settled: bool
    is_oversize: bool
    """Larger than MAX_MESSAGE_BYTES; the payload is cut."""
    payload: bytes


class ReceivingLink:
    """Client to emulator: joins the transfers of a message and hands it to `accept`."""

    def __init__(
        self, handle: int, delivery_count: int, accept: Callable[[Incoming], None]
    ) -> None:
        self.handle = handle
        self.delivery_count = delivery_count
        self.credit = GRANTED_CREDIT
        self.accept = accept
        self._head: Fields | None = None
        self._is_settled = False
        self._parts = bytearray()
        self._is_oversize = False

    def receive(self, transfer: Fields, payload: bytes) -> Incoming | None:
        """Add one transfer; the message, once it is complete and not aborted."""
        if self._head is None:
            self._head = transfer
        self._is_settled = self._is_settled or transfer.flag(4)
        self._is_oversize = len(self._parts) + len(payload) > MAX_MESSAGE_BYTES or self._is_oversize
        if not self._is_oversize:
            self._parts += payload
        is_aborted = transfer.flag(9)
        if transfer.flag(5) and not is_aborted:
            return None
        head = self._head
        incoming = Incoming(
            delivery_id=head.number(1),
            message_format=head.number(3, 0),
            is_settled=self._is_settled,
            is_oversize=self._is_oversize,
            payload=bytes(self._parts),
        )
        self._head, self._is_settled, self._is_oversize = None, False, False
        self._parts.clear()
        self.credit -= 1
        self.delivery_count = (self.delivery_count + 1) & SERIAL_MASK
        return None if is_aborted else incoming

    @property
    def needs_credit(self) -> bool:
        """Whether half of the granted credit is used."""
        return self.credit < GRANTED_CREDIT // 2
