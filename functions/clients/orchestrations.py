"""Starts and wakes orchestrations, through the Durable client binding of one invocation.

Source: azure-functions-durable 1.x; every call of its client raises bare `Exception`.
"""

import asyncio
from datetime import datetime

import azure.durable_functions as df

from contracts.model import JsonObject
from functions.domain.errors import FaultError

ANSWER_S = 10.0
PURGE_S = 60.0
# A suspended one was suspended by an operator and is left to him.
_ALIVE = frozenset(
    {
        df.OrchestrationRuntimeStatus.Running,
        df.OrchestrationRuntimeStatus.Pending,
        df.OrchestrationRuntimeStatus.ContinuedAsNew,
        df.OrchestrationRuntimeStatus.Suspended,
    }
)
_OVER = (
    df.OrchestrationRuntimeStatus.Completed,
    df.OrchestrationRuntimeStatus.Failed,
    df.OrchestrationRuntimeStatus.Terminated,
    df.OrchestrationRuntimeStatus.Canceled,
)


class Orchestrations:
    """The task hub as one invocation sees it."""

    def __init__(self, client: df.DurableOrchestrationClient) -> None:
        self._client = client

    async def start(self, name: str, instance_id: str, given: JsonObject) -> bool:
        """Start an instance under an id of ours; False when one of that id is alive.

        Raises:
            FaultError: the task hub does not answer.
        """
        try:
            async with asyncio.timeout(ANSWER_S):
                status = await self._client.get_status(instance_id)
                if status and status.runtime_status in _ALIVE:
                    return False
                await self._client.start_new(name, instance_id, given)
        except Exception as error:
            raise FaultError("The task hub does not answer.") from error
        return True

    async def wake(self, instance_id: str, event_name: str) -> None:
        """Tell an instance that something has changed; one that has ended needs no telling.

        Raises:
            FaultError: the task hub does not answer, or knows no such instance.
        """
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._client.raise_event(instance_id, event_name, {})
        except Exception as error:
            raise FaultError("The task hub does not answer.") from error

    async def purge(self, begin: datetime, end: datetime) -> int:
        """Forget the instances that began in this time and are over; how many there were.

        Raises:
            FaultError: the task hub does not answer in time; it may have purged some.
        """
        try:
            async with asyncio.timeout(PURGE_S):
                gone = await self._client.purge_instance_history_by(begin, end, _OVER)
        except Exception as error:
            raise FaultError("The task hub does not answer.") from error
        return gone.instances_deleted
