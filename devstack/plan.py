"""The parts of the stack: commands, order and readiness."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql

from devstack import azurite, identity, postgres
from devstack.component import Component
from devstack.probes import http_probe, postgres_probe, tcp_probe
from devstack.process import Command
from devstack.settings import REPOSITORY, child_environment, served_apps
from devstack.tokens import key_file
from devstack.wiring import RUNTIME_ROLE, Wiring

_MAX_DELIVERY_COUNT = 5
_DUPLICATE_WINDOW_S = 600
FUNCTIONS_STATE = "functions"
"""Folder of the Functions host: its keys, its timers and its task hub."""


def components(wiring: Wiring) -> list[Component]:
    """Every part of the stack; our own PostgreSQL only where no other is given."""
    parts = _Parts(wiring)
    own_database = [] if wiring.settings.database_url else [parts.postgres()]
    return [
        *own_database,
        parts.migrate(),
        parts.blob(),
        parts.service_bus(),
        parts.identity(),
        parts.compute(),
        parts.appserver(),
        parts.functions(),
    ]


def queues() -> dict[str, dict[str, float | bool]]:
    """The queue of every served app, without its lock time."""
    shared: dict[str, float | bool] = {
        "max_delivery_count": _MAX_DELIVERY_COUNT,
        "duplicate_window_s": _DUPLICATE_WINDOW_S,
        "dead_letter_on_expiry": True,
    }
    return {f"jobs-{app_id}": shared for app_id in served_apps()}


@dataclass(frozen=True, slots=True)
class _Parts:
    wiring: Wiring

    def postgres(self) -> Component:
        root, port = self.wiring.settings.root, self.wiring.port("postgres")
        password = self.wiring.credentials.database_owner_password
        data_dir, log = root / "postgres", self._log("postgres")
        return Component(
            postgres.server_command(data_dir, port, log),
            url=f"127.0.0.1:{port}",
            prepare=partial(postgres.initialise, data_dir, password, log),
            probe=postgres_probe(postgres.owner_url(port, password, "postgres")),
            complete=partial(postgres.ensure_database, port, password),
            grace_s=10,
        )

    def migrate(self) -> Component:
        arguments = ("alembic", "-c", "migrations/alembic.ini", "upgrade", "head")
        return Component(
            self._python("migrate", arguments, {"DATABASE_URL": self.wiring.owner_url}),
            after=() if self.wiring.settings.database_url else ("postgres",),
            complete=partial(_open_runtime_role, self.wiring),
            ends=True,
        )

    def blob(self) -> Component:
        port, key = self.wiring.port("blob"), self.wiring.credentials.blob_account_key
        location = self.wiring.settings.root / "azurite"
        return Component(
            self._command(
                "blob",
                azurite.arguments(REPOSITORY, location, port),
                {"AZURITE_ACCOUNTS": f"{azurite.ACCOUNT}:{key}"},
            ),
            url=self.wiring.url("blob"),
            probe=tcp_probe(port),
            complete=partial(azurite.ensure_container, self.wiring.storage_connection),
        )

    def service_bus(self) -> Component:
        root, port = self.wiring.settings.root, self.wiring.port("service_bus")
        where = ("--queues", str(root / "queues.json"), "--database", str(root / "service_bus.db"))
        return Component(
            self._python("service_bus", ("devstack.service_bus", "--port", str(port), *where)),
            url=f"sb://127.0.0.1:{port}",
            prepare=partial(_write_queues, root / "queues.json", self.wiring),
            probe=tcp_probe(port),
        )

    def identity(self) -> Component:
        keys = ("--keys", str(key_file(self.wiring.settings.root)))
        return self._http("identity", ("devstack.identity", *keys), identity.JWKS_PATH)

    def compute(self) -> Component:
        key = self.wiring.credentials.compute_api_key
        return self._http(
            "compute",
            ("devstack.rhino_compute",),
            "/version",
            environment={"RHINO_COMPUTE_KEY": key},
            headers={"RhinoComputeKey": key},
        )

    def appserver(self) -> Component:
        program = ("uvicorn", "--factory", "appserver.main:create_app", "--host", "127.0.0.1")
        quiet = ("--no-access-log", "--timeout-graceful-shutdown", "3")
        environment = self.wiring.appserver()
        return self._http("appserver", (*program, *quiet), "/health", environment=environment)

    def functions(self) -> Component:
        state = self.wiring.settings.root / FUNCTIONS_STATE
        arguments = ("devstack.functions_host", "--app", str(REPOSITORY), "--state", str(state))
        return self._http(
            "functions",
            (*arguments, "--grace", "5"),
            "/health/ready",
            environment=self.wiring.function_app(),
            after=("migrate", "blob", "service_bus"),
        )

    def _http(
        self,
        name: str,
        arguments: tuple[str, ...],
        ready_path: str,
        *,
        environment: Mapping[str, str] | None = None,
        headers: dict[str, str] | None = None,
        after: tuple[str, ...] = (),
    ) -> Component:
        port = ("--port", str(self.wiring.port(name)))
        return Component(
            self._python(name, (*arguments, *port), environment),
            after=after,
            url=self.wiring.url(name),
            probe=http_probe(self.wiring.url(name) + ready_path, headers),
            grace_s=8,
        )

    def _python(
        self, name: str, arguments: tuple[str, ...], environment: Mapping[str, str] | None = None
    ) -> Command:
        return self._command(name, (sys.executable, "-m", *arguments), environment)

    def _command(
        self, name: str, arguments: tuple[str, ...], environment: Mapping[str, str] | None = None
    ) -> Command:
        overridden = self.wiring.settings.environment.get(name, {})
        complete = {**child_environment(), **(environment or {}), **overridden}
        return Command(name, arguments, complete, REPOSITORY, self._log(name))

    def _log(self, name: str) -> Path:
        return self.wiring.settings.root / "logs" / f"{name}.log"


def _write_queues(file: Path, wiring: Wiring) -> None:
    lock = {"lock_s": wiring.settings.message_lock_s}
    document = {"queues": {name: {**rules, **lock} for name, rules in queues().items()}}
    file.write_text(json.dumps(document, indent=2), encoding="utf-8")


def _open_runtime_role(wiring: Wiring) -> None:
    """Let the function app's role log in; the migrations create it closed."""
    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
        sql.Identifier(RUNTIME_ROLE), sql.Literal(wiring.credentials.database_runtime_password)
    )
    with psycopg.connect(wiring.owner_url) as connection:
        connection.execute(statement)
