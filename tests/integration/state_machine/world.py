"""A platform on real PostgreSQL whose time, broker, engine and deaths belong to the test."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from contracts.registry import Registry
from contracts.wire.submission import Submission
from functions.clients.appserver import AppServer
from functions.config import Settings
from functions.domain.caller import Caller, Trace
from functions.domain.errors import ConflictError, InvalidStateError, KudusoError
from functions.domain.job import Run
from functions.domain.submitted import Terms
from functions.services import Services
from functions.store.tenant import Database
from functions.use_cases.cancel_job import cancel_job
from functions.use_cases.expire_overdue_jobs import expire_overdue_jobs
from functions.use_cases.recover_lost_runs import recover_lost_runs
from functions.use_cases.relay_outbox import relay_outbox
from functions.use_cases.run_job import run_job
from functions.use_cases.submit_job import submit_job
from functions.use_cases.wake_waiting_jobs import wake_waiting_jobs
from tests.builders.jobs import APP, START
from tests.integration.state_machine.engine import Engine, Outcome, PendingSolve
from tests.integration.state_machine.workers import (
    Broker,
    MortalAppServer,
    MortalDatabase,
    MortalQueue,
    NoErrands,
    Worker,
    WorkerClock,
    WorldClock,
)

T = TypeVar("T")
SETTLE_S = 10.0
Timer = Callable[[Services], Coroutine[Any, Any, int]]
TIMERS: tuple[Timer, ...] = (
    relay_outbox,
    recover_lost_runs,
    wake_waiting_jobs,
    expire_overdue_jobs,
)


class World:
    """Everything that outlives a worker."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, database: Database, registry: Registry
    ) -> None:
        self._loop, self._database, self._registry = loop, database, registry
        self._changed = asyncio.Event()
        self.clock = WorldClock(START)
        self.broker = Broker()
        self.workers: list[Worker] = []
        self.answered: dict[int, Run] = {}
        self.keyed: dict[tuple[UUID, str], str] = {}
        self.engine = Engine(self._changed.set)
        self.committed: Callable[[], None] = lambda: None
        self._run(self.engine.start())
        self._client = AppServer(self.engine.url)

    def close(self) -> None:
        for worker in self.workers:
            worker.is_dead = True
        self._settle()
        self._run(self._client.close())
        self._run(self.engine.stop())

    def submit(
        self, tenant_id: UUID, value: int, ttl_s: int, terms: Terms, fuse: int | None
    ) -> None:
        """Submit as the endpoint does, to an app whose jobs may wait for `ttl_s`."""
        caller = Caller(tenant_id, frozenset({APP}))
        trace = Trace(str(uuid4()), "00-" + "1" * 32 + "-" + "2" * 16 + "-01")
        submission = Submission(APP, None, "1.1.0", {"value": value})

        async def ask(services: Services) -> None:
            services.__dict__["registry"] = waiting_for(self._registry, ttl_s)
            with suppress(ConflictError):  # the first request with this key is on its way
                outcome = await submit_job(services, caller, trace, submission, terms)
                job_id = str(outcome.answer.body["job_id"])
                if terms.key is not None:
                    first = self.keyed.setdefault((tenant_id, terms.key.key), job_id)
                    assert first == job_id, "one key, two jobs"

        self._act(ask, fuse)

    def deliver(self, index: int, fuse: int | None, *, is_repeated: bool) -> None:
        """A due message starts a worker, which may claim any job or none."""
        due = [entry for entry in self.broker.messages if (entry[1] or START) <= self.clock.now()]
        if not due:
            return
        entry = due[index % len(due)]
        if not is_repeated:
            self.broker.messages.remove(entry)
        worker, services = self._hire(fuse)
        worker.holds = None if is_repeated else entry[0]
        self._begin(worker, run_job(services, entry[0]))

    def lose(self, index: int) -> None:
        if self.broker.messages:
            self.broker.messages.pop(index % len(self.broker.messages))

    def answer(self, index: int, outcome: Outcome) -> None:
        if self.engine.pending:
            solve = self.engine.pending[index % len(self.engine.pending)]
            self._loop.call_soon(self._end, solve, outcome)
            self._loop.run_until_complete(asyncio.sleep(0))
            self._settle()

    def _end(self, solve: PendingSolve, outcome: Outcome) -> None:
        self.engine.end(solve, outcome)

    def cancel(self, tenant_id: UUID, job_id: UUID, fuse: int | None) -> None:
        caller = Caller(tenant_id, frozenset({APP}))

        async def ask(services: Services) -> None:
            with suppress(InvalidStateError):
                await cancel_job(services, caller, job_id, APP)

        self._act(ask, fuse)

    def tick(self, timer: Timer, fuse: int | None) -> None:
        self._act(timer, fuse)

    def advance(self, duration: timedelta) -> None:
        self.clock.at += duration
        self._wake()

    def freeze(self, worker: Worker, *, is_frozen: bool) -> None:
        worker.is_frozen = is_frozen
        self._wake()

    def oversleep(self, worker: Worker, *, is_recovered: bool, is_answered: bool) -> None:
        """A process freezes for longer than its lease, and others go on without it."""
        self.freeze(worker, is_frozen=True)
        if is_answered:
            self.answer(self.workers.index(worker), "solved")
        self.advance(timedelta(seconds=61))
        if is_recovered:
            self.tick(recover_lost_runs, None)
            self.advance(timedelta(seconds=5))
        for _ in range(2):
            self.deliver(0, None, is_repeated=False)

    def kill(self, worker: Worker) -> None:
        worker.is_dead = True
        self._settle()

    def heal(self) -> None:
        """Everything works for a while: timers tick, messages arrive, solves succeed."""
        self.broker.is_away = False
        for worker in self.workers:
            worker.is_frozen = False
        self._wake()
        for _ in range(8):
            while self.engine.pending:
                self.answer(0, "solved")
            self.advance(timedelta(seconds=61))
            for timer in TIMERS:
                self.tick(timer, None)
            while any((due or START) <= self.clock.now() for _, due in self.broker.messages):
                self.deliver(0, None, is_repeated=False)
                while self.engine.pending:
                    self.answer(0, "solved")

    def _act(
        self, use_case: Callable[[Services], Coroutine[Any, Any, Any]], fuse: int | None
    ) -> None:
        worker, services = self._hire(fuse)
        self._begin(worker, use_case(services))

    def _hire(self, fuse: int | None) -> tuple[Worker, Services]:
        worker = Worker(len(self.workers), self.clock, self._changed.set, fuse)
        services = Services(app_ids=(APP,), clock=WorkerClock(worker))
        services.__dict__.update(
            settings=SETTINGS,
            registry=self._registry,
            database=MortalDatabase(self._database, worker, self._note_commit),
            job_queue=MortalQueue(self.broker, worker),
            appserver=MortalAppServer(self._client, worker, self.answered),
            errands=NoErrands(),
        )
        return worker, services

    def _note_commit(self) -> None:
        self.committed()

    def _begin(self, worker: Worker, work: Coroutine[Any, Any, Any]) -> None:
        self.workers.append(worker)
        self._run(_started(worker, work))
        self._settle()

    def _wake(self) -> None:
        self._run(_awoken(self.workers))
        self._settle()

    def _settle(self) -> None:
        self._run(asyncio.wait_for(self._rest(), SETTLE_S))
        for worker in [worker for worker in self.workers if worker.is_over]:
            self.workers.remove(worker)
            self._bury(worker)

    def _bury(self, worker: Worker) -> None:
        assert worker.task is not None
        error = None if worker.task.cancelled() else worker.task.exception()
        if worker.holds is not None and (worker.is_dead or error is not None):
            self.broker.messages.append((worker.holds, None))  # its lock runs out
        if error is not None and not isinstance(error, KudusoError):
            raise error

    async def _rest(self) -> None:
        """Wait until nothing moves; bury the dead."""
        while True:
            dead = [worker.task for worker in self.workers if worker.is_dead and worker.task]
            for task in dead:
                task.cancel()
            await asyncio.gather(*dead, return_exceptions=True)
            solving = [worker for worker in self.workers if worker.is_solving]
            if all(worker.is_parked for worker in self.workers) and len(self.engine.pending) == len(
                solving
            ):
                return
            self._changed.clear()
            await self._changed.wait()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)


def waiting_for(registry: Registry, ttl_s: int) -> Registry:
    """The same contracts under a policy with another `queue_ttl`."""
    policy = registry.policy(APP).model_copy(update={"queue_ttl": ttl_s})
    return Registry({**registry.policies, APP: policy}, registry.contracts)


async def _started(worker: Worker, work: Coroutine[Any, Any, Any]) -> None:
    worker.start(work)


async def _awoken(workers: list[Worker]) -> None:
    for worker in workers:
        worker.wake()


SETTINGS = Settings.read(
    {
        "APP_IDS": APP,
        "DATABASE_URL": "unused",
        "APPSERVER_URL": "unused",
        "JWKS_URL": "unused",
        "JWT_ISSUER": "unused",
        "LEASE_S": "60",
    }
)
