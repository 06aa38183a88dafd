"""PostgreSQL and Azurite as the stack runs them: they keep what they are given."""

from pathlib import Path

import psycopg
import pytest
from azure.storage.blob import BlobServiceClient

from devstack.credentials import read_or_create
from devstack.errors import StartError
from devstack.plan import components
from devstack.ports import ephemeral_ports
from devstack.postgres import PostgresServer
from devstack.settings import StackSettings
from devstack.supervisor import Supervisor
from devstack.wiring import Wiring


def test_postgres_keeps_rows_over_a_restart_and_refuses_a_wrong_password(tmp_path: Path) -> None:
    port = ephemeral_ports()["postgres"]
    with (
        PostgresServer(tmp_path / "data", port, durable=True) as server,
        psycopg.connect(server.url) as connection,
    ):
        connection.execute("CREATE TABLE kept (x int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    with PostgresServer(tmp_path / "data", port) as server:
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT x FROM kept").fetchall() == [(7,)]
            listens = connection.execute("SHOW listen_addresses").fetchone()
            assert listens == ("127.0.0.1",)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.url.replace(":kuduso_owner@", ":wrong@"))


def test_postgres_that_cannot_start_says_why(tmp_path: Path) -> None:
    first_port = ephemeral_ports()["postgres"]
    with (
        PostgresServer(tmp_path / "first", first_port),
        pytest.raises(StartError, match=r"(?s)PostgreSQL did not start:.*Address already in use"),
        PostgresServer(tmp_path / "second", first_port, password="another"),
    ):
        pass


def test_an_interrupted_initialisation_is_started_over(tmp_path: Path) -> None:
    partial = tmp_path / "data.partial"
    partial.mkdir()
    (partial / "PG_VERSION").write_text("18")
    with (
        PostgresServer(tmp_path / "data", ephemeral_ports()["postgres"]) as server,
        psycopg.connect(server.url) as connection,
    ):
        assert connection.execute("SELECT current_database()").fetchone() == ("kuduso",)
    assert not partial.exists()


def test_azurite_keeps_a_blob_over_a_restart(tmp_path: Path) -> None:
    settings = StackSettings(ports=ephemeral_ports(), root=tmp_path)
    wiring = Wiring(settings, read_or_create(tmp_path / "secrets.json"))
    part = next(found for found in components(wiring) if found.name == "blob")
    client = BlobServiceClient.from_connection_string(wiring.storage_connection)
    supervisor = Supervisor([part], lambda _line: None, lambda: None)
    with client:
        blob = client.get_blob_client("artifacts", "sitefit/plan.svg")
        try:
            supervisor.start_all(30)
            blob.upload_blob(b"<svg/>")
            supervisor.stop("blob")
            supervisor.start("blob")
            assert blob.download_blob().readall() == b"<svg/>"
        finally:
            supervisor.stop_all()
