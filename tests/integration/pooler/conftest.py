"""PgBouncer in transaction mode between the function app's role and the test's database."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from devstack.postgres import PostgresServer
from tests.builders.ports import free_port
from tests.conftest import ROOT, RUNTIME_PASSWORD, TestDatabase

# These tests run as they are, through the pooler: they need the fixtures that they have there.
from tests.integration.function_app.conftest import services
from tests.integration.store.test_listing import full
from tests.integration.store.test_tenant_tables import tables

__all__ = ["full", "services", "tables"]

PROGRAM = ROOT / ".venv/pgbouncer/pgbouncer"
START_S = 10.0
# A few connections for everybody: transactions of different tenants share them.
CONFIGURATION = """
[databases]
* = host=127.0.0.1 port={server_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
"""


@pytest.fixture(scope="session")
def pooler(
    postgres: PostgresServer, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    """The port of a running pooler."""
    assert PROGRAM.exists(), "PgBouncer is missing: run `make setup`, which says how to get it"
    folder, port = tmp_path_factory.mktemp("pooler"), free_port()
    users = folder / "users.txt"
    users.write_text(f'"kuduso_runtime" "{RUNTIME_PASSWORD}"\n')
    server_port = conninfo_to_dict(postgres.url)["port"]
    file = folder / "pgbouncer.ini"
    file.write_text(CONFIGURATION.format(server_port=server_port, port=port, users=users))
    log = folder / "pgbouncer.log"
    with log.open("w") as output, subprocess.Popen(command(file), stderr=output) as process:
        try:
            wait_until_open(process, port, log)
            yield port
        finally:
            process.terminate()


def command(configuration: Path) -> list[str]:
    """PgBouncer refuses to serve as root: it reads its files and becomes somebody else."""
    options = ["-u", "nobody"] if os.geteuid() == 0 else []
    return [str(PROGRAM), *options, str(configuration)]


def wait_until_open(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ends_at = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            is_late = time.monotonic() > ends_at
            assert process.poll() is None, log.read_text()
            assert not is_late, log.read_text()
        else:
            return


@pytest.fixture
def database_urls(database_urls: TestDatabase, pooler: int) -> TestDatabase:
    """The owner connects directly, the function app's role through the pooler."""
    pooled = make_conninfo(database_urls.runtime_url, port=pooler)
    return TestDatabase(database_urls.owner_url, pooled)
