"""A private address for a resource, and the DNS zone that makes its name lead there."""

from dataclasses import dataclass

import names
import pulumi
from placement import Placement, inside
from pulumi_azure_native import network, privatedns


@dataclass(frozen=True, slots=True)
class PrivateEndpointArgs:
    """`part`: what of the resource is reached (Azure's group id); `zone`: its private DNS zone.

    Source: https://learn.microsoft.com/azure/private-link/private-endpoint-dns
    """

    place: Placement
    resource_id: pulumi.Input[str]
    part: str
    zone: str
    subnet_id: pulumi.Input[str]
    network_id: pulumi.Input[str]


class PrivateEndpoint(pulumi.ComponentResource):
    """The resource is reached inside the network only, whatever its public name says."""

    def __init__(self, name: str, args: PrivateEndpointArgs) -> None:
        super().__init__("kuduso:platform:PrivateEndpoint", name)
        place = args.place
        zone = private_zone(name, ZoneArgs(place, args.zone, args.network_id), self)
        endpoint = network.PrivateEndpoint(
            f"{name}-endpoint",
            private_endpoint_name=place.name(names.PRIVATE_ENDPOINT, name),
            resource_group_name=place.group,
            location=place.location,
            subnet=network.SubnetArgs(id=args.subnet_id),
            private_link_service_connections=[
                network.PrivateLinkServiceConnectionArgs(
                    name=name, private_link_service_id=args.resource_id, group_ids=[args.part]
                )
            ],
            tags=place.tags,
            opts=inside(self),
        )
        network.PrivateDnsZoneGroup(
            f"{name}-names",
            private_dns_zone_group_name="default",
            private_endpoint_name=endpoint.name,
            resource_group_name=place.group,
            private_dns_zone_configs=[
                network.PrivateDnsZoneConfigArgs(name=args.part, private_dns_zone_id=zone.id)
            ],
            opts=inside(self),
        )
        self.register_outputs({})


@dataclass(frozen=True, slots=True)
class ZoneArgs:
    """A DNS zone that only the network sees."""

    place: Placement
    zone: pulumi.Input[str]
    network_id: pulumi.Input[str]


def private_zone(name: str, args: ZoneArgs, parent: pulumi.Resource) -> privatedns.PrivateZone:
    """The zone, linked to the network."""
    zone = privatedns.PrivateZone(
        f"{name}-zone",
        private_zone_name=args.zone,
        resource_group_name=args.place.group,
        location="global",
        tags=args.place.tags,
        opts=inside(parent),
    )
    privatedns.VirtualNetworkLink(
        f"{name}-zone-link",
        virtual_network_link_name="platform",
        private_zone_name=zone.name,
        resource_group_name=args.place.group,
        location="global",
        registration_enabled=False,
        virtual_network=privatedns.SubResourceArgs(id=args.network_id),
        tags=args.place.tags,
        opts=inside(parent),
    )
    return zone
