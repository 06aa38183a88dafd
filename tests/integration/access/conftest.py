"""The function app's HTTP functions, called as the worker does, with a real token issuer."""

import json
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import azure.functions as func
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from devstack.functions_host.durable.binding import HubAddress
from devstack.identity import JWKS_PATH, build_server, documents, issuer
from devstack.tokens import ALGORITHM, AUDIENCE, KEY_ID, key_set
from functions import bootstrap
from functions.clients.clock import Clock
from functions.services import Services
from tests.builders.jobs import APP, LAYOUTS
from tests.builders.ports import free_port
from tests.conftest import TestDatabase

APPS = (APP, LAYOUTS)  # those served here


@dataclass(frozen=True, slots=True)
class Issuer:
    """Signs tokens that the function app takes; `url` is its `iss`."""

    key: ec.EllipticCurvePrivateKey
    url: str

    def token(
        self, *, key: Any = None, algorithm: str = ALGORITHM, kid: str = KEY_ID, **claims: Any
    ) -> str:
        """A token; claims given as None are left out."""
        now = int(time.time())
        whole = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": str(uuid4()),
            "iat": now,
            "exp": now + 600,
            **claims,
        }
        said = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(said, key or self.key, algorithm=algorithm, headers={"kid": kid})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One HTTP-triggered function."""

    name: str
    method: str
    route: str
    run: Any
    is_orchestrating: bool


@dataclass(frozen=True, slots=True)
class FunctionApp:
    """Every HTTP-triggered function, and what they work with."""

    services: Services
    endpoints: Mapping[str, Endpoint]
    task_hub: HubAddress

    async def call(
        self,
        name: str,
        token: str | None = None,
        *,
        body: Any = None,
        params: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> func.HttpResponse:
        """Call one function; `body` is bytes as they are, or JSON."""
        endpoint = self.endpoints[name]
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        bound = {"client": self.task_hub.binding()} if endpoint.is_orchestrating else {}
        return await endpoint.run(
            func.HttpRequest(
                method=endpoint.method,
                url=f"http://localhost/{endpoint.route}",
                headers=sent,
                params=dict(query or {}),
                route_params={key: str(value) for key, value in (params or {}).items()},
                body=content if isinstance(content, bytes) else content.encode(),
            ),
            **bound,
        )


@pytest.fixture(scope="session")
def token_issuer() -> Iterator[Issuer]:
    port = free_port()
    key = ec.generate_private_key(ec.SECP256R1())
    with build_server(port, documents(port, key_set(key))) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield Issuer(key, issuer(port))
        server.shutdown()
        serving.join()


@pytest.fixture
async def function_app(
    database_urls: TestDatabase, token_issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FunctionApp]:
    """PostgreSQL and the issuer are real; queue, storage, task hub and AppServer are away."""
    nowhere = f"127.0.0.1:{free_port()}"
    bus = f"Endpoint=sb://{nowhere};SharedAccessKeyName=x;SharedAccessKey=y"
    settings = {
        "APP_IDS": ",".join(APPS),
        "DATABASE_URL": database_urls.runtime_url,
        "APPSERVER_URL": f"http://{nowhere}",
        "JWKS_URL": token_issuer.url + JWKS_PATH,
        "JWT_ISSUER": token_issuer.url,
        "SERVICEBUS_CONNECTION": f"{bus};UseDevelopmentEmulator=true",
        "CORS_ORIGINS": "https://site.example",
        "READS_PER_MIN": "600",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    services = Services(app_ids=APPS, clock=Clock())
    # The app is put together as in production, around services that the test can close.
    monkeypatch.setattr(bootstrap, "Services", lambda **_: services)
    hub = HubAddress("Away", f"http://{nowhere}/hub", f"http://{nowhere}/durabletask", "key")
    yield FunctionApp(services, http_endpoints(), hub)
    await services.errands.close()
    await services.job_queue.close()
    await services.appserver.close()
    await services.database.close()


def http_endpoints() -> dict[str, Endpoint]:
    """Every HTTP-triggered function that `function_app.py` registers, by name."""
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
    for blueprint in bootstrap.build_blueprints():
        app.register_functions(blueprint)
    found: dict[str, Endpoint] = {}
    for registered in app.get_functions():
        trigger: Any = registered.get_trigger()
        if trigger.type == "httpTrigger":
            name, (method,) = str(registered.get_function_name()), trigger.methods
            method = str(getattr(method, "value", method)).upper()
            kinds = [binding.type for binding in registered.get_bindings()]
            found[name] = Endpoint(
                name,
                method,
                trigger.route,
                registered.get_user_function(),
                is_orchestrating="durableClient" in kinds,
            )
    return found
