"""What a link needs of its session, and a session of its connection."""

from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from devstack.service_bus.message_queue import MessageQueue
from devstack.service_bus.nodes import Nodes

if TYPE_CHECKING:
    from devstack.service_bus.links import SendingLink


class TransferSender(Protocol):
    """What a sending link needs of its session."""

    @property
    def max_frame_bytes(self) -> int:
        """The largest frame that the client takes."""
        ...

    def next_delivery_id(self) -> int:
        """The next delivery id of the AMQP session."""
        ...

    def send_transfer(self, body: bytes) -> None:
        """Send a transfer when the client's window allows it."""
        ...

    def await_settlement(self, delivery_id: int, queue: MessageQueue, token: UUID) -> None:
        """Remember what a later disposition refers to."""
        ...


class FrameWriter(Protocol):
    """What a session needs of its connection."""

    @property
    def max_frame_bytes(self) -> int:
        """The largest frame that the client takes."""
        ...

    @property
    def nodes(self) -> Nodes:
        """The queues and request nodes, as this client may use them."""
        ...

    @property
    def responders(self) -> "dict[str, SendingLink]":
        """The links on which answers go out, by node."""
        ...

    def write(self, channel: int, body: bytes) -> None:
        """Queue a frame for the end of this turn."""
        ...
