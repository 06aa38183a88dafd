"""The attach of a link: what a client asks for and the answers to it.

Source: OASIS AMQP 1.0, part 2, section 2.6.3 (establishing or resuming a link).
"""

from dataclasses import dataclass

from devstack.service_bus.errors import AmqpError, FieldError
from devstack.service_bus.fields import Fields, expect_map
from devstack.service_bus.frames import Performative, encode_error, encode_performative
from devstack.service_bus.links import MAX_MESSAGE_BYTES
from devstack.service_bus.values import AmqpValue, Described, Symbol, UByte, UInt, ULong

_SOURCE, _TARGET = 0x28, 0x29
_MIXED = 2
_SETTLED = 1
_SESSION_FILTER = "com.microsoft:session-filter"
_BATCH_LIMIT = Symbol("com.microsoft:max-message-batch-size")


@dataclass(frozen=True, slots=True)
class Attach:
    """A client's attach; `address` is that of the emulator's end."""

    name: str
    handle: int
    is_from_sender: bool
    sender_mode: int
    receiver_mode: int
    source_address: AmqpValue
    target_address: AmqpValue
    initial_delivery_count: int
    wants_session: bool

    @property
    def address(self) -> str:
        """The address of the queue or node.

        Raises:
            AmqpError: the end is a coordinator, dynamic or a session, none of which is emulated.
        """
        address = self.target_address if self.is_from_sender else self.source_address
        if not isinstance(address, str) or self.wants_session:
            raise AmqpError("amqp:not-implemented", "Only links to plain queues are emulated.", 501)
        return address

    @property
    def deletes_on_receipt(self) -> bool:
        """RECEIVE_AND_DELETE: the sender settles what it sends."""
        return self.sender_mode == _SETTLED


def parse_attach(fields: Fields) -> Attach:
    """Read an attach.

    Raises:
        FieldError: a field has the wrong type.
    """
    source, target = fields.described(5), fields.described(6)
    filters = expect_map(source[1].at(7) if source else None, "source filter")
    is_from_receiver = fields.flag(2)
    return Attach(
        name=fields.text(0),
        handle=fields.number(1),
        is_from_sender=not is_from_receiver,
        sender_mode=_mode(fields, 3, _MIXED),
        receiver_mode=_mode(fields, 4, 0),
        source_address=source[1].at(0) if source else None,
        target_address=target[1].at(0) if target else None,
        initial_delivery_count=fields.number(9, 0),
        wants_session=_SESSION_FILTER in filters,
    )


def encode_acceptance(attach: Attach) -> bytes:
    """The attach that accepts: both ends named, settle modes echoed, message size announced."""
    source = Described(_SOURCE, [_address(attach.source_address)])
    target = Described(_TARGET, [_address(attach.target_address)])
    limit = ULong(MAX_MESSAGE_BYTES)
    ends: list[AmqpValue] = [source, target, None, None, _delivery_count(attach), limit]
    return encode_performative(
        Performative.ATTACH, [*_head(attach), *ends, None, None, {_BATCH_LIMIT: limit}]
    )


def encode_refusal(attach: Attach, error: AmqpError) -> tuple[bytes, bytes]:
    """The attach with no end, and the detach with the reason that follows at once."""
    empty: list[AmqpValue] = [None, None, None, None, _delivery_count(attach)]
    detach: list[AmqpValue] = [UInt(attach.handle), True, encode_error(error)]
    return (
        encode_performative(Performative.ATTACH, [*_head(attach), *empty]),
        encode_performative(Performative.DETACH, detach),
    )


def _mode(fields: Fields, position: int, default: int) -> int:
    mode = fields.number(position, default)
    if mode > _MIXED:
        raise FieldError("A settle mode is 0, 1 or 2.")
    return mode


def _head(attach: Attach) -> list[AmqpValue]:
    """Up to the settle modes; the role is the opposite of the client's."""
    modes = [UByte(attach.sender_mode), UByte(attach.receiver_mode)]
    return [attach.name, UInt(attach.handle), attach.is_from_sender, *modes]


def _delivery_count(attach: Attach) -> AmqpValue:
    """The initial delivery count, mandatory from the side that sends."""
    return None if attach.is_from_sender else UInt(0)


def _address(address: AmqpValue) -> AmqpValue:
    """Never null: the SDK takes a null address for a refusal."""
    return address if isinstance(address, str) else ""
