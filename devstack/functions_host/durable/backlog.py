"""Which instances and activities have work to do now; the database says so again at a start."""

import asyncio


class Backlog:
    """Hands each instance to one episode at a time, and each activity once."""

    def __init__(self) -> None:
        self._instances: asyncio.Queue[str] = asyncio.Queue()
        self._activities: asyncio.Queue[int] = asyncio.Queue()
        self._queued: set[str] = set()
        self._running: set[str] = set()
        self._again: set[str] = set()
        self._alarms: dict[str, tuple[float, asyncio.TimerHandle]] = {}

    def offer(self, instance_id: str) -> None:
        """An instance has something to see."""
        if instance_id in self._running:
            self._again.add(instance_id)
        elif instance_id not in self._queued:
            self._queued.add(instance_id)
            self._instances.put_nowait(instance_id)

    def offer_in(self, instance_id: str, delay_s: float) -> None:
        """The same in a while; of several alarms of one instance, the first counts."""
        if delay_s <= 0:
            self.offer(instance_id)
            return
        loop = asyncio.get_running_loop()
        rings_at = loop.time() + delay_s
        alarm = self._alarms.get(instance_id)
        if alarm is not None:
            if alarm[0] <= rings_at:
                return
            alarm[1].cancel()
        handle = loop.call_at(rings_at, self._ring, instance_id)
        self._alarms[instance_id] = (rings_at, handle)

    def offer_activity(self, number: int) -> None:
        """An activity has to run."""
        self._activities.put_nowait(number)

    async def next_instance(self) -> str:
        """Take an instance; `release` it afterwards."""
        instance_id = await self._instances.get()
        self._queued.discard(instance_id)
        self._running.add(instance_id)
        return instance_id

    def release(self, instance_id: str) -> None:
        """The episode of an instance is over."""
        self._running.discard(instance_id)
        if instance_id in self._again:
            self._again.discard(instance_id)
            self.offer(instance_id)

    async def next_activity(self) -> int:
        """Take an activity."""
        return await self._activities.get()

    def close(self) -> None:
        """Ring no more."""
        for _, handle in self._alarms.values():
            handle.cancel()
        self._alarms.clear()

    def _ring(self, instance_id: str) -> None:
        del self._alarms[instance_id]
        self.offer(instance_id)
