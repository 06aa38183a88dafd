"""Studies on real PostgreSQL and Azurite; time and the engine belong to the test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import psycopg
import pytest

from contracts.model import JsonObject
from contracts.policy import Policy
from functions.clients.clock import Clock
from functions.domain.caller import Caller, Trace
from functions.domain.job import Run
from functions.domain.study import StudyKey
from functions.domain.study_request import read_study
from functions.domain.submitted import Terms
from functions.services import Services
from functions.store import runs
from functions.use_cases.advance_study import Step, advance_study
from functions.use_cases.create_study import create_study
from functions.use_cases.get_study import get_study
from functions.use_cases.get_study_results import Page, get_study_results
from functions.use_cases.store_study_results import store_study_results
from tests.builders.jobs import APP, OTHER_TENANT, TENANT, claimed
from tests.builders.ports import free_port
from tests.conftest import TestDatabase

CALLER = Caller(TENANT, frozenset({APP}))
FOREIGNER = Caller(OTHER_TENANT, frozenset({APP}))
TRACE = Trace("study", "00-" + "1" * 32 + "-" + "2" * 16 + "-01")
OBJECTIVE: JsonObject = {"path": "$.result", "goal": "max"}


def a_space(*values: Any) -> JsonObject:
    return {"type": "list", "points": [{"$.value": value} for value in values]}


async def nothing() -> None:
    """The engine is away."""


@dataclass(eq=False)
class StudyClock(Clock):
    """Moves by what is slept only; who sleeps lets the engine work."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    work: Callable[[], Awaitable[None]] = nothing

    def now(self) -> datetime:
        return self.at

    async def sleep(self, duration_s: float) -> None:
        await self.work()
        self.at += timedelta(seconds=duration_s)


@dataclass
class Lab:
    """A tenant's studies of sitefit 1.1.0, and the engine that solves their points.

    `seats` is how many jobs a moment of the engine ends; values among `broken` fail.
    """

    services: Services
    clock: StudyClock
    owner_url: str
    seats: int = 100
    broken: set[float] = field(default_factory=set[float])
    solved: list[float] = field(default_factory=list[float])
    most_open: int = 0

    async def create(
        self, space: JsonObject, *, terms: Terms | None = None, **more: Any
    ) -> StudyKey:
        body: JsonObject = {"version": "1.1.0", "space": space, "objectives": [OBJECTIVE], **more}
        created = await create_study(
            self.services, CALLER, TRACE, APP, read_study(body), terms or Terms()
        )
        assert created.key is not None
        return created.key

    async def claim(self) -> Run | None:
        return await claimed(self.services.database, self.clock.now())

    async def solve(self) -> None:
        """One moment of the engine."""
        ((unfinished,),) = self.query("SELECT count(*) FROM job WHERE ended_at IS NULL")
        self.most_open = max(self.most_open, unfinished)
        for _ in range(self.seats):
            run = await self.claim()
            if run is None:
                return
            await self.end(run)

    async def end(self, run: Run) -> None:
        value = run.inputs["value"]
        assert isinstance(value, int | float)
        async with self.services.database.tenant(TENANT, [APP]) as connection:
            if value in self.broken:
                error: JsonObject = {"code": "engine_error", "detail": "broken", "retryable": True}
                assert await runs.fail(connection, run, error, self.clock.now())
            else:
                self.solved.append(value)
                outputs: JsonObject = {"result": value + 10}
                assert await runs.succeed(connection, run, outputs, None, [], self.clock.now())

    async def follow(self, key: StudyKey) -> Step:
        """What the orchestration does."""
        self.clock.work = self.solve
        for _ in range(50):
            step = await advance_study(self.services, key)
            if step.is_settled:
                step = await store_study_results(self.services, key)
            if step.is_over:
                return step
            await self.clock.sleep(step.wait_s)
        raise AssertionError("the study does not end")

    async def look(self, key: StudyKey) -> Step:
        """Advance while the engine is away."""
        self.clock.work = nothing
        return await advance_study(self.services, key)

    async def shown(self, key: StudyKey, caller: Caller = CALLER) -> dict[str, Any]:
        _, body = await get_study(self.services, caller, key.study_id, APP)
        return body

    async def counts(self, key: StudyKey) -> dict[str, int]:
        counts = (await self.shown(key))["counts"]
        return {name: count for name, count in counts.items() if count}

    async def rows(self, key: StudyKey, **page: Any) -> list[dict[str, Any]]:
        shown = await get_study_results(self.services, CALLER, key.study_id, APP, Page(**page))
        rows: Any = shown["rows"]
        return rows

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            cursor = connection.execute(sql.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def limit(self, **caps: int) -> None:
        """Change the app's caps of studies."""
        policies = cast("dict[str, Policy]", self.services.registry.policies)
        policy = policies[APP]
        studies = policy.studies.model_copy(update=caps)
        policies[APP] = policy.model_copy(update={"studies": studies})


@pytest.fixture
async def lab(
    database_urls: TestDatabase, blobs: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Lab]:
    nowhere = f"127.0.0.1:{free_port()}"
    settings = {
        "APP_IDS": APP,
        "DATABASE_URL": database_urls.runtime_url,
        "APPSERVER_URL": f"http://{nowhere}",
        "JWKS_URL": f"http://{nowhere}/jwks",
        "JWT_ISSUER": "nobody",
        "ARTIFACTS_CONNECTION": blobs,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    # Without a queue each doorbell fails at once and is left to the outbox.
    monkeypatch.delenv("SERVICEBUS_CONNECTION", raising=False)
    clock = StudyClock()
    services = Services(app_ids=(APP,), clock=clock)
    yield Lab(services, clock, database_urls.owner_url)
    await services.errands.close()
    await services.job_queue.close()
    await services.artifact_store.close()
    await services.database.close()
