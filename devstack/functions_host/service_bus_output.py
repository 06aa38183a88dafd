"""Service Bus output bindings: one open sender per connection and queue."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from azure.functions.meta import Datum
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusSender

from devstack.functions_host.app_settings import AppSettings
from devstack.functions_host.function import Binding, Function
from devstack.functions_host.invocation import InvocationResult
from devstack.functions_host.service_bus_wire import output_bodies

_RETRY_BACKOFF_S = 0.05


@dataclass(slots=True)
class _OpenSender:
    """A sender and the lock that keeps two invocations from using it at once."""

    client: ServiceBusClient
    sender: ServiceBusSender
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class ServiceBusOutputs:
    """Sends what functions return or set for their Service Bus outputs."""

    def __init__(self, settings: AppSettings) -> None:
        self._settings = settings
        self._senders: dict[tuple[str, str], _OpenSender] = {}

    def check(self, functions: Iterable[Function]) -> None:
        """Look up what the output bindings name.

        Raises:
            SettingError: a connection or queue setting is missing.
        """
        for function in functions:
            for binding in function.bindings:
                if binding.is_output and binding.type == "serviceBus":
                    self._target(function, binding)

    async def send(self, function: Function, result: InvocationResult) -> None:
        """Send every Service Bus output of a successful invocation.

        Raises:
            ServiceBusError: the bus did not take a message; the invocation counts as failed.
            ValueError: text that looks like JSON and is not.
        """
        values = dict(result.outputs)
        if result.returned is not None and function.return_type == "serviceBus":
            values["$return"] = result.returned
        for name, datum in values.items():
            binding = function.binding(name)
            if binding.type == "serviceBus":
                await self._send_datum(function, binding, datum)

    async def close(self) -> None:
        """Close every sender."""
        for open_sender in self._senders.values():
            await open_sender.sender.close()
            await open_sender.client.close()
        self._senders.clear()

    def _target(self, function: Function, binding: Binding) -> tuple[str, str]:
        wanted_by = f"the output {binding.name} of function {function.name}"
        connection = self._settings.require(binding.text("connection"), wanted_by)
        return connection, self._settings.resolve(binding.text("queueName"), wanted_by)

    async def _send_datum(self, function: Function, binding: Binding, datum: Datum) -> None:
        if datum.type is None:
            return
        messages = [ServiceBusMessage(body) for body in output_bodies(datum)]
        target = self._target(function, binding)
        if target not in self._senders:
            # A sender notices a lost connection when it sends: try again soon, not in 0.8 s.
            client = ServiceBusClient.from_connection_string(
                target[0], retry_backoff_factor=_RETRY_BACKOFF_S
            )
            self._senders[target] = _OpenSender(client, client.get_queue_sender(target[1]))
        open_sender = self._senders[target]
        async with open_sender.turn:
            await open_sender.sender.send_messages(messages)
