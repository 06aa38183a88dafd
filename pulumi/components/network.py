"""One virtual network: a subnet for each kind of guest, one fixed address to the outside."""

import ipaddress
from dataclasses import dataclass

import names
import pulumi
from placement import Placement, inside
from pulumi_azure_native import network

from components.address_ranges import Ranges
from components.network_rules import compute_rules, container_rules

_CONTAINER_GUESTS = "Microsoft.App/environments"


@dataclass(frozen=True, slots=True)
class NetworkArgs:
    """The address ranges."""

    place: Placement
    ranges: Ranges


class Network(pulumi.ComponentResource):
    """Outputs: `network_id`, the ids of the subnets, `egress_address`.

    The subnets are part of the network's own definition: as resources of their own they would be
    written in parallel, which Azure refuses (AnotherOperationInProgress).
    """

    def __init__(self, name: str, args: NetworkArgs) -> None:
        super().__init__("kuduso:platform:Network", name)
        place, ranges = args.place, args.ranges
        address, nat = self._egress(place)
        self._nat_id = nat.id
        containers = self._security_group("containers", place, container_rules(ranges))
        compute = self._security_group("compute", place, compute_rules(ranges))
        vnet = network.VirtualNetwork(
            "vnet",
            virtual_network_name=place.name(names.NETWORK),
            resource_group_name=place.group,
            location=place.location,
            address_space=network.AddressSpaceArgs(
                address_prefixes=[str(ranges.functions.supernet(new_prefix=16))]
            ),
            subnets=[
                self._subnet("functions", ranges.functions, delegated=True),
                self._subnet("containers", ranges.containers, containers, delegated=True),
                self._subnet("compute", ranges.compute, compute),
                self._subnet("endpoints", ranges.endpoints),
            ],
            tags=place.tags,
            opts=inside(self),
        )
        self.network_id = vnet.id
        self.functions_subnet_id = pulumi.Output.concat(vnet.id, "/subnets/functions")
        self.containers_subnet_id = pulumi.Output.concat(vnet.id, "/subnets/containers")
        self.compute_subnet_id = pulumi.Output.concat(vnet.id, "/subnets/compute")
        self.endpoints_subnet_id = pulumi.Output.concat(vnet.id, "/subnets/endpoints")
        self.egress_address = address.ip_address
        self.register_outputs({"network_id": vnet.id})

    def _egress(self, place: Placement) -> tuple[network.PublicIPAddress, network.NatGateway]:
        address = network.PublicIPAddress(
            "egress-address",
            public_ip_address_name=place.name(names.PUBLIC_ADDRESS),
            resource_group_name=place.group,
            location=place.location,
            public_ip_allocation_method="Static",
            sku=network.PublicIPAddressSkuArgs(name="Standard"),
            tags=place.tags,
            opts=pulumi.ResourceOptions(parent=self, protect=place.protects),
        )
        nat = network.NatGateway(
            "nat",
            nat_gateway_name=place.name(names.NAT),
            resource_group_name=place.group,
            location=place.location,
            sku=network.NatGatewaySkuArgs(name="Standard"),
            idle_timeout_in_minutes=10,
            public_ip_addresses=[network.SubResourceArgs(id=address.id)],
            tags=place.tags,
            opts=inside(self),
        )
        return address, nat

    def _security_group(
        self, part: str, place: Placement, rules: list[network.SecurityRuleArgs]
    ) -> network.NetworkSecurityGroup:
        return network.NetworkSecurityGroup(
            f"{part}-rules",
            network_security_group_name=place.name(names.SECURITY_GROUP, part),
            resource_group_name=place.group,
            location=place.location,
            security_rules=rules,
            tags=place.tags,
            opts=inside(self),
        )

    def _subnet(
        self,
        name: str,
        addresses: ipaddress.IPv4Network,
        rules: network.NetworkSecurityGroup | None = None,
        *,
        delegated: bool = False,
    ) -> network.SubnetArgs:
        guests = [network.DelegationArgs(name="guests", service_name=_CONTAINER_GUESTS)]
        storage = [network.ServiceEndpointPropertiesFormatArgs(service="Microsoft.Storage")]
        return network.SubnetArgs(
            name=name,
            address_prefix=str(addresses),
            default_outbound_access=False,
            nat_gateway=None if name == "endpoints" else network.SubResourceArgs(id=self._nat_id),
            network_security_group=network.NetworkSecurityGroupArgs(id=rules.id) if rules else None,
            delegations=guests if delegated else [],
            service_endpoints=storage if name == "functions" else [],
        )
