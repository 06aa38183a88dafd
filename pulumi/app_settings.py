"""The function app's settings, named as in docs/settings.md; a test compares the two."""

from dataclasses import dataclass

import pulumi
from components import vault
from components.storage import ARTIFACTS
from names import site_origin
from platform_outputs import PlatformOutputs
from stack_config import AppConfig

from contracts.policy import Policy

_DOORBELLS_AT_ONCE = "AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentCalls"
_MOST_AT_ONCE = 16
_BUS = "SERVICEBUS_CONNECTION"
_HOST = "AzureWebJobsStorage"


@dataclass(frozen=True, slots=True)
class SettingSources:
    """Where values come from that no file knows."""

    platform: PlatformOutputs
    host_account: str
    client_id: pulumi.Output[str]


def settings_of(
    config: AppConfig, policy: Policy, sources: SettingSources
) -> dict[str, pulumi.Input[str]]:
    """Every setting. Secrets are references to the vault; the stack's own `settings` come last.

    Flex Consumption refuses FUNCTIONS_WORKER_RUNTIME, WEBSITE_* and the like: a rule checks that.
    """
    platform = sources.platform
    reference = vault.app_setting_reference
    own: dict[str, pulumi.Input[str]] = {
        "APP_IDS": config.owner.app_id,
        "PUBLIC_URL": site_origin(config.owner),
        "DATABASE_URL": reference(platform.vault_uri, config.database_secret),
        "APPSERVER_GRANT_KEY": reference(platform.vault_uri, vault.GRANT_KEY),
        "APPSERVER_URL": platform.appserver_url,
        "ARTIFACTS_ACCOUNT_URL": platform.artifacts_url,
        "ARTIFACTS_CONTAINER": ARTIFACTS,
        "JWKS_URL": platform.jwks_url,
        "JWT_ISSUER": platform.jwt_issuer,
        "OTEL_EXPORTER_OTLP_ENDPOINT": platform.collector_url,
        # As many doorbells at once as the app has seats: the others would only find none free.
        _DOORBELLS_AT_ONCE: str(min(policy.batch_seats, _MOST_AT_ONCE)),
    }
    return own | _identity_settings(sources) | config.settings


def _identity_settings(sources: SettingSources) -> dict[str, pulumi.Input[str]]:
    """Connections by identity: the host's storage, Service Bus, Application Insights, our clients.

    AZURE_CLIENT_ID is what azure-identity reads to choose between identities.
    """
    platform, client_id = sources.platform, sources.client_id
    return {
        "AZURE_CLIENT_ID": client_id,
        f"{_HOST}__accountName": sources.host_account,
        f"{_HOST}__credential": "managedidentity",
        f"{_HOST}__clientId": client_id,
        f"{_BUS}__fullyQualifiedNamespace": platform.namespace_host,
        f"{_BUS}__credential": "managedidentity",
        f"{_BUS}__clientId": client_id,
        "APPLICATIONINSIGHTS_CONNECTION_STRING": platform.insights_connection_string,
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": pulumi.Output.concat(
            "Authorization=AAD;ClientId=", client_id
        ),
    }
