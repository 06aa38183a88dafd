"""What answers requests on one connection: $cbs, and $management of each queue."""

from collections.abc import Callable

from devstack.service_bus.broker import MANAGEMENT_SUFFIX, Broker, node_of
from devstack.service_bus.config import AccessKey
from devstack.service_bus.errors import UnauthorizedError
from devstack.service_bus.logs import log_event
from devstack.service_bus.management import answer_management
from devstack.service_bus.message_queue import MessageQueue
from devstack.service_bus.requests import Request, encode_answer, parse_request
from devstack.service_bus.sas import is_valid_token

_CBS = "$cbs"
_ACCEPTED, _UNAUTHORIZED = 202, 401


class Nodes:
    """The nodes as one client sees them: nothing but $cbs until it has put a valid token."""

    def __init__(self, broker: Broker, access_key: AccessKey, clock: Callable[[], float]) -> None:
        self.broker = broker
        self._access_key = access_key
        self._clock = clock
        self._is_authorized = False

    def queue_at(self, address: str) -> MessageQueue:
        """The queue behind an address, or behind its $management.

        Raises:
            UnauthorizedError: no valid token on this connection yet.
            EntityNotFoundError: no such queue.
        """
        if not self._is_authorized:
            raise UnauthorizedError
        return self.broker.queue_at(address)

    def is_request_node(self, address: str) -> bool:
        """Whether messages to this address are requests.

        Raises:
            UnauthorizedError: no valid token on this connection yet.
            EntityNotFoundError: no such queue.
        """
        node = node_of(address)
        if node == _CBS:
            return True
        self.queue_at(address)
        return node.endswith(MANAGEMENT_SUFFIX)

    def answer(self, address: str, raw: bytes) -> bytes:
        """The answer to an encoded request.

        Raises:
            AmqpError: the bytes are no request.
        """
        request = parse_request(raw)
        if node_of(address) == _CBS:
            return self._put_token(request)
        return answer_management(self.queue_at(address), request)

    def _put_token(self, request: Request) -> bytes:
        token = request.value
        is_valid = (
            request.operation == "put-token"
            and isinstance(token, str)
            and is_valid_token(token, self._access_key, self._clock())
        )
        if is_valid:
            self._is_authorized = True
            return encode_answer(
                request, {"status-code": _ACCEPTED, "status-description": "Accepted"}
            )
        log_event("token_refused")
        description = "InvalidSignature: The token has an invalid signature or has expired."
        return encode_answer(
            request, {"status-code": _UNAUTHORIZED, "status-description": description}
        )
