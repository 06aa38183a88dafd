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
    """Runs functions for triggers."""

    worker: Worker
    outputs: ServiceBusOutputs

    async def run(
        self, function: Function, trigger: Datum, metadata: Datums, trace: Trace | None = None
    ) -> InvocationResult:
        """Invoke a function; outputs that cannot be sent turn success into failure, as in Azure."""
        inputs = {function.trigger.name: trigger}
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
