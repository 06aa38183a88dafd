"""Who talks to whom: addresses, connection strings and the settings that each part is given."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from devstack import azurite, identity, postgres
from devstack.credentials import Credentials
from devstack.service_bus.config import AccessKey, connection_string
from devstack.settings import StackSettings, served_apps
from devstack.tokens import AUDIENCE

RUNTIME_ROLE = "kuduso_runtime"


@dataclass(frozen=True, slots=True)
class Wiring:
    """Everything about the connections that can be said before the first process starts."""

    settings: StackSettings
    credentials: Credentials

    def port(self, name: str) -> int:
        """The loopback port of a part."""
        return self.settings.ports[name]

    def url(self, name: str) -> str:
        """Where a part answers over HTTP."""
        return f"http://127.0.0.1:{self.port(name)}"

    @property
    def owner_url(self) -> str:
        """The database as its owner sees it."""
        own = postgres.owner_url(self.port("postgres"), self.credentials.database_owner_password)
        return self.settings.database_url or own

    @property
    def runtime_url(self) -> str:
        """The database as the function app sees it: through a role that owns nothing."""
        parts = urlsplit(self.owner_url)
        password = quote(self.credentials.database_runtime_password, safe="")
        host = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=f"{RUNTIME_ROLE}:{password}@{host}").geturl()

    @property
    def storage_connection(self) -> str:
        """The connection string of blob storage."""
        return azurite.connection_string(self.port("blob"), self.credentials.blob_account_key)

    def function_app(self) -> dict[str, str]:
        """Settings of the function app, as docs/settings.md names them."""
        return {
            "FUNCTIONS_WORKER_RUNTIME": "python",
            "AzureWebJobsStorage": self.storage_connection,
            "APP_IDS": ",".join(served_apps()),
            "DATABASE_URL": self.runtime_url,
            "SERVICEBUS_CONNECTION": connection_string(self.port("service_bus"), AccessKey()),
            "ARTIFACTS_CONNECTION": self.storage_connection,
            "ARTIFACTS_CONTAINER": azurite.CONTAINER,
            "APPSERVER_URL": self.url("appserver"),
            "APPSERVER_GRANT_KEY": self.credentials.appserver_grant_key,
            "JWKS_URL": self.url("identity") + identity.JWKS_PATH,
            "JWT_ISSUER": identity.issuer(self.port("identity")),
            "JWT_AUDIENCE": AUDIENCE,
            "PUBLIC_URL": self.url("functions"),
            "WEBHOOK_ALLOW_PRIVATE": "true",
        }

    def appserver(self) -> dict[str, str]:
        """Settings of the AppServer."""
        return {
            "USE_COMPUTE": "true",
            "COMPUTE_URL": self.url("compute"),
            "COMPUTE_API_KEY": self.credentials.compute_api_key,
            "COMPUTE_CHILDREN": "1",
            "PROVENANCE_KEY": self.credentials.provenance_key,
            "APPSERVER_GRANT_KEY": self.credentials.appserver_grant_key,
            "CALLBACK_ORIGINS": self.url("functions"),
        }

    def environment(self) -> dict[str, str]:
        """What `env` prints: every setting above, with what was overridden."""
        overridden = self.settings.environment
        return {
            **self.appserver(),
            **overridden.get("appserver", {}),
            **self.function_app(),
            **overridden.get("functions", {}),
            "FUNCTIONS_URL": self.url("functions"),
            "DATABASE_OWNER_URL": self.owner_url,
        }
