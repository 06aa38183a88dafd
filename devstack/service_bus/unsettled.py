"""The deliveries of a session that its client has not settled yet."""

from uuid import UUID

from devstack.service_bus.errors import AmqpError
from devstack.service_bus.message_queue import MessageQueue
from devstack.service_bus.outcomes import encode_rejected
from devstack.service_bus.settlement import Settlement
from devstack.service_bus.values import Raw


class UnsettledDeliveries:
    """What the delivery ids of later dispositions refer to."""

    def __init__(self) -> None:
        self._deliveries: dict[int, tuple[MessageQueue, UUID]] = {}

    def add(self, delivery_id: int, queue: MessageQueue, token: UUID) -> None:
        """Remember a delivery."""
        self._deliveries[delivery_id] = (queue, token)

    def between(self, first: int, last: int) -> list[int]:
        """The unsettled ids of a range; a client may name a range of any length."""
        if last - first < len(self._deliveries):
            return [one for one in range(first, last + 1) if one in self._deliveries]
        return [one for one in self._deliveries if first <= one <= last]

    def settle(self, delivery_id: int, settlement: Settlement, confirmation: Raw) -> Raw:
        """Settle one; the state to answer with: the confirmation, or why it failed."""
        queue, token = self._deliveries.pop(delivery_id)
        try:
            queue.settle(token, settlement)
        except AmqpError as error:
            return encode_rejected(error)
        return confirmation
