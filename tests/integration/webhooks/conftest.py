"""A function app's services with a clock that tests move, and receivers."""

import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.wire.webhook import EVENT_TYPES
from functions.clients.clock import Clock
from functions.domain.webhook import Endpoint
from functions.services import Services
from functions.store import runs
from functions.store.webhooks import create_endpoint
from tests.builders.jobs import APP, START, TENANT, a_job, submitted_and_claimed
from tests.builders.ports import free_port
from tests.builders.receiver import Receiver, running_receiver
from tests.conftest import TestDatabase


class SetClock(Clock):
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


@pytest.fixture
def silence() -> Iterator[str]:
    """The URL of a receiver that takes connections and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield f"http://127.0.0.1:{silent.getsockname()[1]}/in"


@pytest.fixture
async def services(
    database_urls: TestDatabase, monkeypatch: pytest.MonkeyPatch, clock: SetClock
) -> AsyncIterator[Services]:
    """PostgreSQL and receivers are real; everything else is away."""
    nowhere = f"127.0.0.1:{free_port()}"
    settings = {
        "APP_IDS": f"{APP},daylight",
        "DATABASE_URL": database_urls.runtime_url,
        "APPSERVER_URL": f"http://{nowhere}",
        "JWKS_URL": f"http://{nowhere}/jwks",
        "JWT_ISSUER": "nobody",
        "WEBHOOK_ALLOW_PRIVATE": "true",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    built = Services(app_ids=(APP,), clock=clock)
    yield built
    await built.errands.close()
    await built.database.close()


async def an_endpoint(
    services: Services,
    url: str | None,
    tenant_id: UUID = TENANT,
    app_id: str = APP,
    event_types: Sequence[str] = EVENT_TYPES,
) -> Endpoint:
    async with services.database.tenant(tenant_id, [app_id]) as connection:
        owner = (tenant_id, app_id)
        made = await create_endpoint(connection, owner, url, event_types, START)
    assert made is not None
    return made


async def a_failed_job(services: Services, tenant_id: UUID = TENANT) -> UUID:
    run = await submitted_and_claimed(services.database, a_job(tenant_id))
    async with services.database.tenant(tenant_id, [APP]) as connection:
        assert await runs.fail(connection, run, {"code": "engine_error"}, services.clock.now())
    return run.job_id


async def deliveries(services: Services, tenant_id: UUID = TENANT) -> list[dict[str, Any]]:
    """Every delivery that the tenant sees."""
    async with services.database.tenant(tenant_id, [APP, "daylight"]) as connection:
        cursor = await connection.execute("SELECT * FROM webhook_delivery ORDER BY created_at, id")
        return await cursor.fetchall()
