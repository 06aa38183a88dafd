"""What every trigger does with a call: run the function, then send its outputs."""

from dataclasses import dataclass, replace

from azure.functions.meta import Datum
from azure.servicebus.exceptions import ServiceBusError

from devstack.functions_host.converters import Datums
from devstack.functions_host.event_log import log_error
from devstack.functions_host.function import Function
from devstack.functions_host.invocation import InvocationResult, Trace
from devstack.functions_host.service_bus_output import ServiceBusOutputs
from devstack.functions_host.worker import Worker


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs functions for triggers.

    Attributes:
        durable_client: what a durableClient parameter is given.
    """

    worker: Worker
    outputs: ServiceBusOutputs
    durable_client: str = ""

    async def run(
        self, function: Function, trigger: Datum, metadata: Datums, trace: Trace | None = None
    ) -> InvocationResult:
        """Invoke a function; outputs that cannot be sent turn success into failure, as in Azure."""
        inputs = {function.trigger.name: trigger} | {
            binding.name: Datum(self.durable_client, "string")
            for binding in function.bindings
            if binding.type == "durableClient"
        }
        result = await self.worker.invoke(function, inputs, metadata, trace or Trace())
        if result.error is not None:
            return result
        try:
            await self.outputs.send(function, result)
        except (ServiceBusError, ValueError) as error:
            fields = {"function": function.name, "invocation_id": result.invocation_id}
            log_error("output_failed", error, **fields)
            return replace(result, error=error)
        return result
