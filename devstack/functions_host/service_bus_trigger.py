"""Service Bus queue triggers: peek-lock, call, then complete on success or abandon on failure.

Sessions and topics are not served. Source: Microsoft.Azure.WebJobs.Extensions.ServiceBus 5.x.
"""

import asyncio

from azure.functions.meta import Datum

from devstack.functions_host.app_settings import AppSettings
from devstack.functions_host.converters import Datums
from devstack.functions_host.errors import AppLoadError
from devstack.functions_host.event_log import log_error, log_warning
from devstack.functions_host.function import Function
from devstack.functions_host.host_json import ServiceBusSection
from devstack.functions_host.outage import Outage
from devstack.functions_host.runner import Runner
from devstack.functions_host.service_bus_lane import Lane, Messages, QueueSource
from devstack.functions_host.service_bus_wire import (
    batch_datums,
    message_body,
    message_properties,
    single_datums,
)

_START_S = 5.0


def queue_source(
    function: Function, settings: AppSettings, section: ServiceBusSection
) -> QueueSource:
    """What a trigger's binding, the settings and host.json say together.

    Raises:
        AppLoadError: a topic or sessions.
        SettingError: the connection or a queue placeholder is not set.
    """
    trigger, wanted_by = function.trigger, f"the trigger of function {function.name}"
    queue = settings.resolve(trigger.text("queueName"), wanted_by)
    if not queue or trigger.flag("isSessionsEnabled", default=False):
        text = f"{wanted_by}: only queues without sessions are served here"
        raise AppLoadError(text)
    is_batch = trigger.is_enum("cardinality", "MANY")
    return QueueSource(
        function_name=function.name,
        connection=settings.require(trigger.text("connection"), wanted_by),
        queue=queue,
        batch_size=section.max_message_batch_size if is_batch else 1,
        renew_lock_s=section.max_auto_lock_renewal_duration,
    )


class ServiceBusTrigger:
    """Feeds one function from one queue."""

    def __init__(
        self, function: Function, source: QueueSource, section: ServiceBusSection, runner: Runner
    ) -> None:
        self._function, self._runner = function, runner
        self._is_batch = function.trigger.is_enum("cardinality", "MANY")
        self._is_binary = function.trigger.is_enum("dataType", "BINARY")
        self._settles = function.trigger.flag(
            "autoCompleteMessages", default=section.auto_complete_messages
        )
        outage = Outage(source.function_name, source.queue, self._refresh_idle)
        # Azure runs one batch at a time and up to maxConcurrentCalls single messages.
        lane_count = 1 if self._is_batch else section.max_concurrent_calls
        self._lanes = [Lane(source, outage) for _ in range(lane_count)]
        self._turn = asyncio.Lock()
        self._tasks: dict[asyncio.Task[None], Lane] = {}
        self._calling: set[Lane] = set()
        self._opening: set[asyncio.Task[bool]] = set()
        self._is_stopping = False

    async def start(self) -> None:
        """Return when the first lane listens, or when the bus proved to be away or silent."""
        opening = asyncio.create_task(self._lanes[0].open())
        self._keep(opening)
        _, silent = await asyncio.wait({opening}, timeout=_START_S)
        if silent:
            log_warning("service_bus_silent", function=self._function.name, waited_s=_START_S)
        for lane in self._lanes:
            task = asyncio.create_task(self._serve(lane))
            task.add_done_callback(_report)
            self._tasks[task] = lane

    async def stop(self) -> None:
        """Receive no more and let running calls finish and settle."""
        self._is_stopping = True
        for opening in self._opening:
            opening.cancel()
        for task, lane in self._tasks.items():
            if lane not in self._calling:
                task.cancel()
        await asyncio.gather(*self._tasks, *self._opening, return_exceptions=True)

    def _refresh_idle(self) -> None:
        """After an outage, open every lane that is at rest before its turn comes."""
        for lane in self._lanes:
            if lane not in self._calling and not self._is_stopping:
                self._keep(asyncio.create_task(lane.open()))

    def _keep(self, opening: asyncio.Task[bool]) -> None:
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)

    async def _serve(self, lane: Lane) -> None:
        try:
            await lane.open()
            while not self._is_stopping:
                async with self._turn:
                    messages = await lane.receive()
                    self._calling.add(lane)
                await self._call(lane, messages)
                self._calling.discard(lane)
        finally:
            await lane.close()

    async def _call(self, lane: Lane, messages: Messages) -> None:
        try:
            trigger, metadata = self._datums(messages)
        except Exception as error:  # noqa: BLE001 - no foreign message may stop the trigger
            log_error("message_not_readable", error, function=self._function.name)
            await lane.settle(messages, is_success=False)
            return
        async with lane.holding(messages):
            result = await self._runner.run(self._function, trigger, metadata)
        # Without autoComplete a success is the function's own to settle; a failure is still ours.
        if result.error is not None or self._settles:
            await lane.settle(messages, is_success=result.error is None)

    def _datums(self, messages: Messages) -> tuple[Datum, Datums]:
        bodies = [message_body(message) for message in messages]
        found = [message_properties(message) for message in messages]
        if self._is_batch:
            return batch_datums(bodies, found, is_binary=self._is_binary)
        return single_datums(bodies[0], found[0], is_binary=self._is_binary)


def _report(task: asyncio.Task[None]) -> None:
    """A lane that ends by an error is a defect of this host: say so instead of going quiet."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log_error("lane_failed", error)
