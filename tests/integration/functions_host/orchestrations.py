"""A Functions host with the app of Durable functions, as its clients see it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from .conftest import ROOT, Host, make_host, wait_until

DURABLE_APP = ROOT / "tests/fixtures/durable_app"
RUNNING = {"Pending", "Running", "Suspended", "ContinuedAsNew"}
WEBHOOK = "/runtime/webhooks/durabletask"


def make_durable_host(folder: Path, **environment: str) -> Host:
    host = make_host(folder, "unused", app=DURABLE_APP)
    host.environment = {**host.environment, "TASK_HUB": "TestHub", **environment}
    return host


@dataclass(frozen=True)
class Orchestrations:
    host: Host
    http: httpx.Client

    def start(self, name: str, given: object = None, instance_id: str = "", **query: str) -> Any:
        """Start an instance; the management links."""
        path = f"/v1/start/{name}" + (f"/{instance_id}" if instance_id else "")
        body: dict[str, Any] = {} if given is None else {"json": given}
        answer = self.http.post(path, params=query, **body)
        assert answer.status_code == 202, answer.text
        return answer.json()

    def status(self, instance_id: str, **query: str) -> httpx.Response:
        return self.webhook("GET", f"/instances/{instance_id}", **query)

    def webhook(
        self, method: str, path: str, json: object = None, key: str = "SYSTEM-KEY", **query: str
    ) -> httpx.Response:
        body: dict[str, Any] = {} if json is None else {"json": json}
        return self.http.request(method, WEBHOOK + path, params={"code": key, **query}, **body)

    def finish(self, links: Mapping[str, str]) -> dict[str, Any]:
        """The status of an instance once it is over."""
        return wait_until(lambda: self._over(links["id"]), f"the end of {links['id']}")

    def run(self, name: str, given: object = None) -> dict[str, Any]:
        return self.finish(self.start(name, given))

    def reach(self, instance_id: str, status: str) -> None:
        wait_until(
            lambda: self.status(instance_id).json()["runtimeStatus"] == status, f"status {status}"
        )

    def reach_custom_status(self, instance_id: str, wanted: object) -> None:
        wait_until(
            lambda: self.status(instance_id).json()["customStatus"] == wanted, f"status {wanted}"
        )

    def manage(self, instance_id: str, op: str, given: object = None, **query: str) -> Any:
        body: dict[str, Any] = {} if given is None else {"json": given}
        answer = self.http.post(f"/v1/manage/{instance_id}/{op}", params=query, **body)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.text)

    def _over(self, instance_id: str) -> dict[str, Any]:
        found = self.status(instance_id).json()
        return {} if found["runtimeStatus"] in RUNNING else found


def path_of(url: str) -> str:
    """Path and query of a link."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
