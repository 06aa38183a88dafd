"""One AMQP session: its links, windows and unsettled deliveries."""

from collections import deque
from uuid import UUID

from devstack.service_bus.attach import Attach, encode_acceptance, encode_refusal, parse_attach
from devstack.service_bus.broker import node_of
from devstack.service_bus.delivery import Delivery
from devstack.service_bus.errors import AmqpError
from devstack.service_bus.fields import Fields
from devstack.service_bus.frames import Frame, Performative, encode_performative
from devstack.service_bus.links import (
    GRANTED_CREDIT,
    MAX_MESSAGE_BYTES,
    SERIAL_MASK,
    Incoming,
    ReceivingLink,
    SendingLink,
)
from devstack.service_bus.message_queue import MessageQueue
from devstack.service_bus.outcomes import (
    ACCEPTED,
    encode_disposition,
    encode_rejected,
    parse_state,
    released,
)
from devstack.service_bus.ports import FrameWriter
from devstack.service_bus.unsettled import UnsettledDeliveries
from devstack.service_bus.values import AmqpValue, UInt

WINDOW = 0x7FFF_FFFF


class Session:
    """The emulator's end of a session."""

    def __init__(self, channel: int, begin: Fields, connection: FrameWriter) -> None:
        self._channel = channel
        self._connection = connection
        self._links: dict[int, SendingLink | ReceivingLink] = {}
        self._refused: set[int] = set()
        self._unsettled = UnsettledDeliveries()
        self._backlog: deque[bytes] = deque()
        self._next_incoming = begin.number(1)
        self._client_window = begin.number(2)
        self._next_outgoing = 0
        self._next_delivery = 0

    @property
    def max_frame_bytes(self) -> int:
        """The largest frame that the client takes."""
        return self._connection.max_frame_bytes

    def dispatch(self, frame: Frame) -> None:
        """Act on a frame that the client sent on it.

        Raises:
            AmqpError: the client broke the protocol; the connection has to close.
        """
        match frame.performative:
            case Performative.ATTACH:
                self._attach(parse_attach(frame.fields))
            case Performative.FLOW:
                self._flow(frame.fields)
            case Performative.TRANSFER:
                self._transfer(frame.fields, frame.payload)
            case Performative.DISPOSITION:
                self._disposition(frame.fields)
            case Performative.DETACH:
                self._detach(frame.fields)
            case _:
                raise AmqpError("amqp:not-allowed", "The performative is not one of a session.")

    def close(self) -> None:
        """Stop deliveries; message locks stay until they expire."""
        for link in self._links.values():
            self._forget(link)

    def next_delivery_id(self) -> int:
        """The next delivery id."""
        delivery_id = self._next_delivery
        self._next_delivery = (delivery_id + 1) & SERIAL_MASK
        return delivery_id

    def send_transfer(self, body: bytes) -> None:
        """Send a transfer, or keep it until the client's window allows it."""
        if self._client_window <= 0:
            self._backlog.append(body)
            return
        self._client_window -= 1
        self._next_outgoing = (self._next_outgoing + 1) & SERIAL_MASK
        self._connection.write(self._channel, body)

    def await_settlement(self, delivery_id: int, queue: MessageQueue, token: UUID) -> None:
        """Remember what a later disposition refers to."""
        self._unsettled.add(delivery_id, queue, token)

    def _attach(self, attach: Attach) -> None:
        if attach.handle in self._links:
            raise AmqpError("amqp:session:handle-in-use", f"Handle {attach.handle} is in use.")
        try:
            address = attach.address
            is_requests = self._connection.nodes.is_request_node(address)
            queue = None if is_requests else self._connection.nodes.queue_at(address)
        except AmqpError as error:
            self._refused.add(attach.handle)
            for body in encode_refusal(attach, error):
                self._connection.write(self._channel, body)
            return
        self._connection.write(self._channel, encode_acceptance(attach))
        if attach.is_from_sender:
            self._attach_receiving(attach, address, queue)
        else:
            self._attach_sending(attach, address, queue)

    def _attach_receiving(self, attach: Attach, address: str, queue: MessageQueue | None) -> None:
        def accept(incoming: Incoming) -> None:
            if incoming.is_oversize:
                limit = f"The message is larger than {MAX_MESSAGE_BYTES} bytes."
                raise AmqpError("amqp:link:message-size-exceeded", limit)
            if queue is None:
                self._answer(address, incoming.payload)
            else:
                broker = self._connection.nodes.broker
                broker.send(queue, incoming.payload, incoming.message_format)

        link = ReceivingLink(attach.handle, attach.initial_delivery_count, accept)
        self._links[attach.handle] = link
        self._write_flow(link)

    def _attach_sending(self, attach: Attach, address: str, queue: MessageQueue | None) -> None:
        deletes = attach.deletes_on_receipt
        link = SendingLink(self, attach.handle, queue, deletes=deletes)
        self._links[attach.handle] = link
        if queue is None:
            self._connection.responders[node_of(address)] = link
        else:
            queue.consumers.add(link)

    def _answer(self, address: str, raw: bytes) -> None:
        responder = self._connection.responders.get(node_of(address))
        if responder is None:
            raise AmqpError("amqp:not-allowed", f"No link takes the answers of {address}.")
        responder.deliver(Delivery(self._connection.nodes.answer(address, raw), None))

    def _flow(self, flow: Fields) -> None:
        if flow.at(2) is not None:
            self._next_incoming = flow.number(2)
        seen = flow.number(0, 0)
        self._client_window = (seen + flow.number(1) - self._next_outgoing) & SERIAL_MASK
        while self._backlog and self._client_window > 0:
            self.send_transfer(self._backlog.popleft())
        link = None if flow.at(4) is None else self._links.get(flow.number(4))
        if not isinstance(link, SendingLink):
            return
        link.update_credit(flow)
        if link.queue is not None:
            link.queue.pump()
        if flow.flag(8):
            link.use_up_credit()
        if flow.flag(8) or flow.flag(9):
            self._write_flow(link, is_drained=flow.flag(8))

    def _transfer(self, transfer: Fields, payload: bytes) -> None:
        self._next_incoming = (self._next_incoming + 1) & SERIAL_MASK
        handle = transfer.number(0)
        if handle in self._refused:
            return
        link = self._links.get(handle)
        if not isinstance(link, ReceivingLink):
            raise AmqpError(
                "amqp:session:unattached-handle", f"Handle {handle} takes no transfers."
            )
        incoming = link.receive(transfer, payload)
        if incoming is None:
            return
        if link.needs_credit:
            link.credit = GRANTED_CREDIT
            self._write_flow(link)
        state = ACCEPTED
        try:
            link.accept(incoming)
        except AmqpError as error:
            state = encode_rejected(error)
        if not incoming.is_settled:
            body = encode_disposition(incoming.delivery_id, state, is_receiver=True)
            self._connection.write(self._channel, body)

    def _disposition(self, disposition: Fields) -> None:
        if not disposition.flag(0):
            return  # the client settles what it sent: the acknowledgement did that already
        first = disposition.number(1)
        last = disposition.number(2, first)
        is_settled = disposition.flag(3)
        decided = parse_state(disposition.described(4)) or (released() if is_settled else None)
        if decided is None:
            return
        for delivery_id in self._unsettled.between(first, last):
            state = self._unsettled.settle(delivery_id, *decided)
            if not is_settled:
                body = encode_disposition(delivery_id, state, is_receiver=False)
                self._connection.write(self._channel, body)

    def _detach(self, detach: Fields) -> None:
        handle = detach.number(0)
        self._refused.discard(handle)
        link = self._links.pop(handle, None)
        if link is None:
            return  # refused before: the emulator detached it already
        self._forget(link)
        answer: list[AmqpValue] = [UInt(handle), detach.flag(1)]
        body = encode_performative(Performative.DETACH, answer)
        self._connection.write(self._channel, body)

    def _forget(self, link: SendingLink | ReceivingLink) -> None:
        if isinstance(link, ReceivingLink):
            return
        if link.queue is not None:
            link.queue.consumers.remove(link)
        responders = self._connection.responders
        for node in [node for node, responder in responders.items() if responder is link]:
            del responders[node]

    def _write_flow(self, link: SendingLink | ReceivingLink, *, is_drained: bool = False) -> None:
        session: list[AmqpValue] = [
            UInt(self._next_incoming),
            UInt(WINDOW),
            UInt(self._next_outgoing),
            UInt(WINDOW),
        ]
        state: list[AmqpValue] = [UInt(link.handle), UInt(link.delivery_count), UInt(link.credit)]
        body = encode_performative(Performative.FLOW, [*session, *state, None, is_drained])
        self._connection.write(self._channel, body)
