"""Real services for tests: one PostgreSQL server a session, one cloned database a test."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
import structlog
from hypothesis import HealthCheck, settings
from psycopg.conninfo import make_conninfo

from devstack.credentials import read_or_create
from devstack.plan import components
from devstack.ports import ephemeral_ports
from devstack.postgres import PostgresServer
from devstack.settings import StackSettings
from devstack.supervisor import Supervisor
from devstack.wiring import Wiring
from functions.store.tenant import Database
from tests.builders.ports import free_port

collect_ignore = ["infra"]  # in a .venv of its own: `make infra`
ROOT = Path(__file__).parent.parent
# `--hypothesis-profile=search` looks further than what every run looks at, each time elsewhere.
PATIENT, SEARCH = "patient", "search"
# The machine may be busy: how long an example takes says nothing.
settings.register_profile(
    PATIENT, settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    SEARCH, settings.get_profile(PATIENT), max_examples=500, derandomize=False
)
settings.load_profile(PATIENT)
RUNTIME_PASSWORD = "runtime"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class TestDatabase:
    """One database: the URL of its owner and that of the role the function app uses."""

    __test__ = False
    owner_url: str
    runtime_url: str


def migrate(owner_url: str, *command: str) -> None:
    """Run Alembic as an operator would."""
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "-c", str(ROOT / "migrations/alembic.ini"), *command],
        env={**os.environ, "DATABASE_URL": owner_url},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(autouse=True)
def event_log_of_its_own() -> Iterator[None]:
    """Two deployables log in one process here; neither is left with the other's way of it."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A server of our own."""
    folder = tmp_path_factory.mktemp("postgres")
    with PostgresServer(folder / "data", free_port()) as server:
        yield server


@pytest.fixture(scope="session")
def template(postgres: PostgresServer) -> str:
    """The owner's URL of a migrated database that every test clones."""
    migrate(postgres.url, "upgrade", "head")
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("ALTER ROLE kuduso_runtime LOGIN PASSWORD 'runtime'")
    return postgres.url


@pytest.fixture
def empty_database(postgres: PostgresServer) -> Iterator[str]:
    """The owner's URL of a database without tables."""
    name = f"empty_{next(_numbers)}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        yield make_conninfo(postgres.url, dbname=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def database_urls(postgres: PostgresServer, template: str) -> Iterator[TestDatabase]:
    """A clone of the migrated template."""
    name = f"test_{next(_numbers)}"
    admin = make_conninfo(postgres.url, dbname="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE kuduso".encode())
        owner = make_conninfo(template, dbname=name)
        runtime = make_conninfo(owner, user="kuduso_runtime", password=RUNTIME_PASSWORD)
        yield TestDatabase(owner, runtime)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
async def database(database_urls: TestDatabase) -> AsyncIterator[Database]:
    """The function app's way to the test's database."""
    opened = Database(database_urls.runtime_url, pool_size=4)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def blobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The connection string of an Azurite of our own."""
    folder = tmp_path_factory.mktemp("blobs")
    wiring = Wiring(StackSettings(ephemeral_ports(), folder), read_or_create(folder / "secrets"))
    part = next(found for found in components(wiring) if found.name == "blob")
    supervisor = Supervisor([part], lambda _line: None, lambda: None)
    try:
        supervisor.start_all(30)
        yield wiring.storage_connection
    finally:
        supervisor.stop_all()
