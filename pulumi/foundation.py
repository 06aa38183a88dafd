"""What has to exist before images can be built and anything can run."""

from collections.abc import Mapping
from dataclasses import dataclass

import names
import pulumi
from components.address_ranges import Ranges, cut
from components.diagnostics import DiagnosticsArgs, diagnose
from components.gallery import Gallery, GalleryArgs
from components.message_namespace import MessageNamespace, MessageNamespaceArgs
from components.network import Network, NetworkArgs
from components.observability import Observability, ObservabilityArgs
from components.private_endpoint import PrivateEndpoint, PrivateEndpointArgs
from components.registry import Registry, RegistryArgs
from components.storage import ArtifactStorage, ArtifactStorageArgs
from components.vault import Vault, VaultArgs
from monitoring.action_group import ActionGroup, ActionGroupArgs
from placement import Placement, tags_of
from pulumi_azure_native import authorization, resources
from stack_config import OPTIONAL_SECRET_KEYS, SECRET_KEYS, PlatformConfig

from contracts.policy import Policy

_NOT_IN_VAULT = ("node-admin-password",)


@dataclass(frozen=True, slots=True)
class Foundation:
    """The parts that the rest of the platform stands on."""

    place: Placement
    subscription_id: pulumi.Output[str]
    ranges: Ranges
    observability: Observability
    network: Network
    vault: Vault
    artifacts: ArtifactStorage
    bus: MessageNamespace
    registry: Registry
    gallery: Gallery
    operators: ActionGroup


def build_foundation(config: PlatformConfig, policies: Mapping[str, Policy]) -> Foundation:
    """Network, vault, storage, namespace, registry, gallery, logs; exported for the apps."""
    place, client = _place(config), authorization.get_client_config_output()
    ttl_days = {app_id: policy.artifact_ttl_days for app_id, policy in policies.items()}
    ranges = cut(config.address_space, len(policies))
    found = Foundation(
        place=place,
        subscription_id=client.subscription_id,
        ranges=ranges,
        observability=Observability(
            "observability",
            ObservabilityArgs(place, config.log_cap_gb, config.log_retention_days),
        ),
        network=Network("network", NetworkArgs(place, ranges)),
        vault=Vault("vault", VaultArgs(place, client.tenant_id, _secrets())),
        artifacts=ArtifactStorage(
            "artifacts", ArtifactStorageArgs(place, ttl_days, config.premium)
        ),
        bus=MessageNamespace("messages", MessageNamespaceArgs(place, config.premium)),
        registry=Registry("images", RegistryArgs(place, config.premium)),
        gallery=Gallery("node-images", GalleryArgs(place)),
        operators=ActionGroup("operators", ActionGroupArgs(place, config.alert_email)),
    )
    _add_private_endpoints(found, config)
    _diagnose(found)
    _export(found)
    return found


def _place(config: PlatformConfig) -> Placement:
    owner, tags = config.owner, tags_of(config.owner)
    group = resources.ResourceGroup(
        "group",
        resource_group_name=owner.name(names.RESOURCE_GROUP),
        location=config.location,
        tags=tags,
        opts=pulumi.ResourceOptions(protect=config.protects),
    )
    return Placement(owner, group.name, group.id, config.location, tags, config.protects)


def _secrets() -> dict[str, pulumi.Output[str]]:
    """Values by the vault's names; a key that is missing stops the preview."""
    config = pulumi.Config()
    needed = {
        key.upper(): config.require_secret(key) for key in SECRET_KEYS if key not in _NOT_IN_VAULT
    }
    for key in OPTIONAL_SECRET_KEYS:
        value = config.get_secret(key)
        if value is not None:
            needed[key.upper()] = value
    return needed


def _add_private_endpoints(found: Foundation, config: PlatformConfig) -> None:
    """The namespace and the registry take one in their Premium tiers only."""
    wanted = {
        "vault": (found.vault.vault_id, "vault", "privatelink.vaultcore.azure.net"),
        "artifacts": (found.artifacts.account_id, "blob", "privatelink.blob.core.windows.net"),
    }
    if config.premium:
        wanted["messages"] = (
            found.bus.namespace_id,
            "namespace",
            "privatelink.servicebus.windows.net",
        )
        wanted["images"] = (found.registry.registry_id, "registry", "privatelink.azurecr.io")
    network = found.network
    for name, (resource_id, part, zone) in wanted.items():
        PrivateEndpoint(
            name,
            PrivateEndpointArgs(
                found.place,
                resource_id,
                part,
                zone,
                network.endpoints_subnet_id,
                network.network_id,
            ),
        )


def _diagnose(found: Foundation) -> None:
    """Reads of files are left out: there are too many."""
    workspace = found.observability.workspace_id
    blobs = pulumi.Output.concat(found.artifacts.account_id, "/blobServices/default")
    changes = ("StorageWrite", "StorageDelete")
    diagnose("vault", DiagnosticsArgs(found.vault.vault_id, workspace), found.vault)
    diagnose("messages", DiagnosticsArgs(found.bus.namespace_id, workspace), found.bus)
    diagnose("images", DiagnosticsArgs(found.registry.registry_id, workspace), found.registry)
    diagnose(
        "artifacts",
        DiagnosticsArgs(blobs, workspace, categories=changes, metrics="Transaction"),
        found.artifacts,
    )


def _export(found: Foundation) -> None:
    """What the apps' stacks read."""
    observability, network = found.observability, found.network
    pulumi.export("platform_group", found.place.group)
    pulumi.export("workspace_id", observability.workspace_id)
    pulumi.export("insights_id", observability.insights_id)
    pulumi.export("insights_connection_string", observability.connection_string)
    pulumi.export("functions_subnet_id", network.functions_subnet_id)
    pulumi.export("egress_address", network.egress_address)
    pulumi.export("namespace_id", found.bus.namespace_id)
    pulumi.export("namespace_name", found.bus.namespace_name)
    pulumi.export("namespace_host", found.bus.host)
    pulumi.export("vault_id", found.vault.vault_id)
    pulumi.export("vault_uri", found.vault.uri)
    pulumi.export("artifacts_account_id", found.artifacts.account_id)
    pulumi.export("artifacts_container_id", found.artifacts.container_id)
    pulumi.export("artifacts_url", found.artifacts.blob_endpoint)
    pulumi.export("login_server", found.registry.login_server)
    pulumi.export("node_image_id", found.gallery.image_id)
    pulumi.export("action_group_id", found.operators.group_id)
