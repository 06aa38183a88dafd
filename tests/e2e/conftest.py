"""The whole platform, started once for all end-to-end tests on ports of its own."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from devstack.ports import ephemeral_ports
from devstack.settings import StackSettings
from devstack.stack import Stack, running_stack

FINAL = ("succeeded", "failed", "cancelled", "expired")
DEADLINE_S = 40.0
ROOT = Path(__file__).parents[2]


def wait_until(condition: Callable[[], Any], what: str, deadline_s: float = DEADLINE_S) -> Any:
    """The first true value of a condition."""
    ends_at = time.monotonic() + deadline_s
    while not (value := condition()):
        assert time.monotonic() < ends_at, f"waited {deadline_s:g} s for {what}"
        time.sleep(0.02)
    return value


def example(name: str, version: str = "1.0.0") -> dict[str, Any]:
    file = ROOT / f"contracts/sitefit/{version}/examples/valid/{name}.json"
    return json.loads(file.read_text())


@dataclass(frozen=True)
class Platform:
    """A running stack and a tenant's client of it."""

    stack: Stack
    client: httpx.Client

    def submit(
        self, inputs: dict[str, Any], version: str = "1.1.0", **headers: str
    ) -> httpx.Response:
        body = {"version": version, "inputs": inputs}
        return self.client.post("/sitefit/jobs/run", json=body, headers=headers)

    def accepted(self, inputs: dict[str, Any], version: str = "1.1.0") -> str:
        answer = self.submit(inputs, version)
        assert answer.status_code == 202, answer.text
        return answer.json()["job_id"]

    def job(self, job_id: str) -> dict[str, Any]:
        answer = self.client.get(f"/sitefit/jobs/{job_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def status(self, job_id: str) -> str:
        return self.job(job_id)["status"]

    def ended(self, job_id: str) -> dict[str, Any]:
        wait_until(lambda: self.status(job_id) in FINAL, f"the end of {job_id}")
        return self.job(job_id)

    def result(self, job_id: str) -> httpx.Response:
        return self.client.get(f"/sitefit/jobs/{job_id}/result")

    def run_function(self, name: str) -> None:
        """Start a timer's function now, as an operator can."""
        keys = json.loads((self.stack.settings.root / "functions/keys.json").read_text())
        answer = self.client.post(
            f"/admin/functions/{name}", json={}, headers={"x-functions-key": keys["master"]}
        )
        assert answer.status_code == 202, answer.text

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database as its owner."""
        with psycopg.connect(self.stack.wiring.owner_url, autocommit=True) as connection:
            cursor = connection.execute(sql.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def as_tenant(self, tenant_id: str, *apps: str) -> httpx.Client:
        token = self.stack.token(tenant_id, apps or None)
        return httpx.Client(
            base_url=self.stack.functions_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = StackSettings(
        ports=ephemeral_ports(),
        root=tmp_path_factory.mktemp("stack"),
        message_lock_s=4,
        environment={"functions": {"LEASE_S": "2"}},
    )
    with running_stack(settings) as running:
        yield running


@pytest.fixture
def platform(stack: Stack) -> Iterator[Platform]:
    """A fresh tenant, on a stack whose every part runs."""
    stack.check()
    token = stack.token(str(uuid4()))
    with httpx.Client(
        base_url=stack.functions_url, headers={"Authorization": f"Bearer {token}"}, timeout=30
    ) as client:
        yield Platform(stack, client)
