"""Services of a function app on the test's own database."""

from collections.abc import AsyncIterator

import pytest

from functions.clients.clock import Clock
from functions.services import Services
from tests.builders.jobs import APP
from tests.builders.ports import free_port
from tests.conftest import TestDatabase


@pytest.fixture
async def services(
    database_urls: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Services]:
    """PostgreSQL is real; everything else is away."""
    nowhere = f"127.0.0.1:{free_port()}"
    bus = f"Endpoint=sb://{nowhere};SharedAccessKeyName=x;SharedAccessKey=y"
    settings = {
        "APP_IDS": APP,
        "DATABASE_URL": database_urls.runtime_url,
        "APPSERVER_URL": f"http://{nowhere}",
        "JWKS_URL": f"http://{nowhere}/jwks",
        "JWT_ISSUER": "nobody",
        "SERVICEBUS_CONNECTION": f"{bus};UseDevelopmentEmulator=true",
        "LEASE_S": "0.3",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    built = Services(app_ids=(APP,), clock=Clock())
    yield built
    await built.errands.close()
    await built.job_queue.close()
    await built.appserver.close()
    await built.database.close()
