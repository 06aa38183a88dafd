"""A storage account without keys."""

from dataclasses import dataclass

import pulumi
from placement import Placement, kept
from pulumi_azure_native import storage


@dataclass(frozen=True, slots=True)
class StorageAccountArgs:
    """`public_links`: clients outside fetch by signed link; otherwise only `subnet_id` gets in."""

    place: Placement
    account_name: str
    sku: str
    public_links: bool = False
    subnet_id: pulumi.Input[str] | None = None


def storage_account(
    name: str, args: StorageAccountArgs, parent: pulumi.Resource
) -> storage.StorageAccount:
    """TLS 1.2, no shared keys, no anonymous reading."""
    place = args.place
    return storage.StorageAccount(
        name,
        account_name=args.account_name,
        resource_group_name=place.group,
        location=place.location,
        kind=storage.Kind.STORAGE_V2,
        sku=storage.SkuArgs(name=args.sku),
        access_tier=storage.AccessTier.HOT,
        allow_blob_public_access=False,
        allow_shared_key_access=False,
        allow_cross_tenant_replication=False,
        default_to_o_auth_authentication=True,
        enable_https_traffic_only=True,
        minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
        public_network_access="Enabled",
        network_rule_set=_rules(args),
        tags=place.tags,
        opts=kept(parent, place),
    )


def _rules(args: StorageAccountArgs) -> storage.NetworkRuleSetArgs:
    if args.public_links or args.subnet_id is None:
        return storage.NetworkRuleSetArgs(
            default_action=storage.DefaultAction.ALLOW, bypass="AzureServices"
        )
    return storage.NetworkRuleSetArgs(
        default_action=storage.DefaultAction.DENY,
        bypass="AzureServices",
        virtual_network_rules=[
            storage.VirtualNetworkRuleArgs(virtual_network_resource_id=args.subnet_id)
        ],
    )
