"""The container registry that holds the AppServer's images."""

from dataclasses import dataclass

import names
import pulumi
from placement import Placement, kept
from pulumi_azure_native import containerregistry


@dataclass(frozen=True, slots=True)
class RegistryArgs:
    """`is_premium`: a private endpoint is possible. Pipelines push by its public name."""

    place: Placement
    is_premium: bool


class Registry(pulumi.ComponentResource):
    """Outputs: `registry_id`, `login_server`."""

    def __init__(self, name: str, args: RegistryArgs) -> None:
        super().__init__("kuduso:platform:Registry", name)
        place = args.place
        registry = containerregistry.Registry(
            "registry",
            registry_name=place.name(names.REGISTRY),
            resource_group_name=place.group,
            location=place.location,
            sku=containerregistry.SkuArgs(name="Premium" if args.is_premium else "Basic"),
            admin_user_enabled=False,
            anonymous_pull_enabled=False if args.is_premium else None,
            public_network_access="Enabled",
            tags=place.tags,
            opts=kept(self, place),
        )
        self.registry_id = registry.id
        self.login_server = registry.login_server
        self.register_outputs({"login_server": self.login_server})
