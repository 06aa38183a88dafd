"""The Service Bus namespace that the apps' queues live in."""

from dataclasses import dataclass

import names
import pulumi
from placement import Placement, kept
from pulumi_azure_native import servicebus


@dataclass(frozen=True, slots=True)
class MessageNamespaceArgs:
    """`is_premium`: a private endpoint is possible; Standard is reached by its public name only."""

    place: Placement
    is_premium: bool


class MessageNamespace(pulumi.ComponentResource):
    """Outputs: `namespace_id`, `namespace_name`, `host`."""

    def __init__(self, name: str, args: MessageNamespaceArgs) -> None:
        super().__init__("kuduso:platform:MessageNamespace", name)
        place = args.place
        tier = "Premium" if args.is_premium else "Standard"
        self.namespace_name = place.name(names.BUS_NAMESPACE)
        namespace = servicebus.Namespace(
            "bus",
            namespace_name=self.namespace_name,
            resource_group_name=place.group,
            location=place.location,
            sku=servicebus.SBSkuArgs(
                name=servicebus.SkuName(tier),
                tier=servicebus.SkuTier(tier),
                capacity=1 if args.is_premium else None,
            ),
            disable_local_auth=True,
            minimum_tls_version="1.2",
            public_network_access="Disabled" if args.is_premium else "Enabled",
            tags=place.tags,
            opts=kept(self, place),
        )
        self.namespace_id = namespace.id
        self.host = f"{self.namespace_name}.servicebus.windows.net"
        self.register_outputs({"namespace_id": namespace.id})
