"""Service Bus: one function for each app's queue."""

import azure.durable_functions as df
import azure.functions as func
import structlog

from contracts.wire.message import JobMessage
from functions.clients.orchestrations import Orchestrations
from functions.services import Services
from functions.telemetry.spans import span
from functions.use_cases.run_job import run_job


def build(services: Services) -> df.Blueprint:
    """Functions `run_job_<app_id>` on the queues `jobs-<app_id>`.

    A body that is no message raises: the broker delivers it again and dead-letters it in the end.
    """
    blueprint = df.Blueprint()
    for app_id in services.app_ids:
        _register(blueprint, services, app_id)
    return blueprint


def _register(blueprint: df.Blueprint, services: Services, app_id: str) -> None:
    async def run(message: func.ServiceBusMessage, client: df.DurableOrchestrationClient) -> None:
        doorbell = JobMessage.model_validate_json(message.get_body())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(
            app_id=app_id,
            tenant_id=str(doorbell.tenant_id),
            job_id=str(doorbell.job_id),
            correlation_id=doorbell.correlation_id,
        )
        with span("receive doorbell", "consumer", parent=doorbell.traceparent):
            await run_job(services, doorbell, Orchestrations(client))

    trigger = blueprint.service_bus_queue_trigger(
        arg_name="message", queue_name=f"jobs-{app_id}", connection="SERVICEBUS_CONNECTION"
    )
    bound = blueprint.durable_client_input(client_name="client")(trigger(run))
    blueprint.function_name(f"run_job_{app_id}")(bound)
