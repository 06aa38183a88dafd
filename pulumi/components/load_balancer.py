"""The internal address in front of the nodes."""

from dataclasses import dataclass

import names
import pulumi
from placement import Placement, inside
from pulumi_azure_native import network

from components import ports

_FRONT, _POOL, _PROBE = "solves", "nodes", "agent"


@dataclass(frozen=True, slots=True)
class LoadBalancerArgs:
    """`address`: a fixed one, for whoever does not list the nodes."""

    place: Placement
    subnet_id: pulumi.Input[str]
    address: str


class LoadBalancer(pulumi.ComponentResource):
    """Outputs: `balancer_id`, `pool_id`, `probe_id`.

    The probe asks the node agent, not rhino.compute: that one checks the API key before its
    /healthcheck, and a probe sends no header, so that healthy nodes would be replaced for ever.
    """

    def __init__(self, name: str, args: LoadBalancerArgs) -> None:
        super().__init__("kuduso:platform:LoadBalancer", name)
        place = args.place
        balancer_name = place.name(names.LOAD_BALANCER)
        own = pulumi.Output.concat(
            place.group_id, "/providers/Microsoft.Network/loadBalancers/", balancer_name
        )
        balancer = network.LoadBalancer(
            "balancer",
            load_balancer_name=balancer_name,
            resource_group_name=place.group,
            location=place.location,
            sku=network.LoadBalancerSkuArgs(name="Standard"),
            frontend_ip_configurations=[
                network.FrontendIPConfigurationArgs(
                    name=_FRONT,
                    private_ip_address=args.address,
                    private_ip_allocation_method="Static",
                    subnet=network.SubnetArgs(id=args.subnet_id),
                )
            ],
            backend_address_pools=[network.BackendAddressPoolArgs(name=_POOL)],
            probes=[_probe()],
            load_balancing_rules=[_rule(own)],
            tags=place.tags,
            opts=inside(self),
        )
        self.balancer_id = balancer.id
        self.pool_id = pulumi.Output.concat(balancer.id, "/backendAddressPools/", _POOL)
        self.probe_id = pulumi.Output.concat(balancer.id, "/probes/", _PROBE)
        self.register_outputs({"balancer_id": balancer.id})


def _probe() -> network.ProbeArgs:
    return network.ProbeArgs(
        name=_PROBE,
        protocol="Http",
        port=ports.AGENT,
        request_path=ports.AGENT_HEALTH_PATH,
        interval_in_seconds=10,
        probe_threshold=3,
    )


def _rule(own: pulumi.Output[str]) -> network.LoadBalancingRuleArgs:
    """A solve may be silent for long: the idle time-out is the longest there is."""

    def part(kind: str, name: str) -> network.SubResourceArgs:
        return network.SubResourceArgs(id=pulumi.Output.concat(own, f"/{kind}/", name))

    return network.LoadBalancingRuleArgs(
        name=_FRONT,
        protocol="Tcp",
        frontend_port=80,
        backend_port=ports.SOLVE,
        frontend_ip_configuration=part("frontendIPConfigurations", _FRONT),
        backend_address_pool=part("backendAddressPools", _POOL),
        probe=part("probes", _PROBE),
        enable_tcp_reset=True,
        idle_timeout_in_minutes=30,
    )
