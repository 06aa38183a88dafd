"""The Key Vault and its secrets; everybody else holds references."""

from collections.abc import Mapping
from dataclasses import dataclass

import names
import pulumi
from placement import Placement, kept
from pulumi_azure_native import keyvault

DATABASE_URL = "DATABASE-URL"
BUS_CONNECTION = "SERVICEBUS-CONN"
SAS_SIGNING = "BLOB-SAS-SIGNING"
COMPUTE_API_KEY = "COMPUTE-API-KEY"
GRANT_KEY = "APPSERVER-GRANT-KEY"
PROVENANCE_KEY = "PROVENANCE-KEY"
NODE_AGENT_KEY = "NODE-AGENT-KEY"
RHINO_TOKEN = "RHINO-TOKEN"  # noqa: S105 - the secret's name


@dataclass(frozen=True, slots=True)
class VaultArgs:
    """`secrets`: values by name, each a Pulumi secret."""

    place: Placement
    tenant_id: pulumi.Input[str]
    secrets: Mapping[str, pulumi.Output[str]]


class Vault(pulumi.ComponentResource):
    """Outputs: `vault_id`, `uri`, `secret_ids` (resource ids by name, for roles)."""

    def __init__(self, name: str, args: VaultArgs) -> None:
        super().__init__("kuduso:platform:Vault", name)
        place = args.place
        vault = keyvault.Vault(
            "vault",
            vault_name=place.name(names.VAULT),
            resource_group_name=place.group,
            location=place.location,
            properties=_properties(args),
            tags=place.tags,
            opts=kept(self, place),
        )
        self.vault_id = vault.id
        self.uri = vault.properties.apply(lambda found: found.vault_uri or "")
        self.secret_ids = {
            secret: self._secret(secret, value, vault, place).id
            for secret, value in args.secrets.items()
        }
        self.register_outputs({"uri": self.uri})

    def _secret(
        self, name: str, value: pulumi.Output[str], vault: keyvault.Vault, place: Placement
    ) -> keyvault.Secret:
        return keyvault.Secret(
            name.lower(),
            secret_name=name,
            vault_name=vault.name,
            resource_group_name=place.group,
            properties=keyvault.SecretPropertiesArgs(value=pulumi.Output.secret(value)),
            tags=place.tags,
            opts=pulumi.ResourceOptions(parent=self, additional_secret_outputs=["properties"]),
        )


def _properties(args: VaultArgs) -> keyvault.VaultPropertiesArgs:
    """Purge protection cannot be taken back, so that only what is kept has it."""
    return keyvault.VaultPropertiesArgs(
        tenant_id=args.tenant_id,
        sku=keyvault.SkuArgs(family="A", name=keyvault.SkuName.STANDARD),
        enable_rbac_authorization=True,
        enable_soft_delete=True,
        soft_delete_retention_in_days=90 if args.place.protects else 7,
        enable_purge_protection=True if args.place.protects else None,
        enabled_for_template_deployment=True,
        public_network_access="Disabled",
        network_acls=keyvault.NetworkRuleSetArgs(bypass="AzureServices", default_action="Deny"),
    )


def app_setting_reference(vault_uri: pulumi.Input[str], secret: str) -> pulumi.Output[str]:
    """What an app setting says instead of the value; without a version, so that keys can rotate."""
    return pulumi.Output.format("@Microsoft.KeyVault(SecretUri={0}secrets/{1})", vault_uri, secret)


def secret_url(vault_uri: pulumi.Input[str], secret: str) -> pulumi.Output[str]:
    """Where a container's secret is read from."""
    return pulumi.Output.concat(vault_uri, "secrets/", secret)
