"""Who may talk to whom: the AppServer's subnet hears functions, the nodes' subnet the AppServer."""

from pulumi_azure_native import network

from components import ports
from components.address_ranges import Ranges


def container_rules(ranges: Ranges) -> list[network.SecurityRuleArgs]:
    """The AppServer: the function apps over HTTPS, the environment itself, Azure's load balancer.

    Source: https://learn.microsoft.com/azure/container-apps/firewall-integration
    """
    containers = str(ranges.containers)
    return [
        _inbound("functions", 100, str(ranges.functions), ["443", "31443"]),
        _inbound("environment", 110, containers, ["*"], protocol="*"),
        _inbound("balancer", 120, "AzureLoadBalancer", ["30000-32767"]),
        _refused("Inbound"),
    ]


def compute_rules(ranges: Ranges) -> list[network.SecurityRuleArgs]:
    """The nodes: solves and agent calls from the AppServer, probes from the load balancer.

    Outwards: the vault, and HTTPS for the licence; a definition reaches nothing else of ours.
    """
    appserver = str(ranges.containers)
    return [
        _inbound("appserver", 100, appserver, [str(ports.SOLVE), str(ports.AGENT)]),
        _inbound("probe", 110, "AzureLoadBalancer", [str(ports.AGENT)]),
        _refused("Inbound"),
        _outbound("vault", 100, str(ranges.endpoints)),
        _outbound("licence", 110, "Internet"),
        _refused("Outbound"),
    ]


def _inbound(
    name: str, priority: int, source: str, destination_ports: list[str], *, protocol: str = "Tcp"
) -> network.SecurityRuleArgs:
    return network.SecurityRuleArgs(
        name=f"allow-{name}",
        priority=priority,
        direction="Inbound",
        access="Allow",
        protocol=protocol,
        source_address_prefix=source,
        source_port_range="*",
        destination_address_prefix="*",
        destination_port_ranges=destination_ports,
    )


def _outbound(name: str, priority: int, destination: str) -> network.SecurityRuleArgs:
    return network.SecurityRuleArgs(
        name=f"allow-{name}",
        priority=priority,
        direction="Outbound",
        access="Allow",
        protocol="Tcp",
        source_address_prefix="*",
        source_port_range="*",
        destination_address_prefix=destination,
        destination_port_ranges=["443"],
    )


def _refused(direction: str) -> network.SecurityRuleArgs:
    return network.SecurityRuleArgs(
        name=f"refuse-{direction.lower()}",
        priority=4000,
        direction=direction,
        access="Deny",
        protocol="*",
        source_address_prefix="*",
        source_port_range="*",
        destination_address_prefix="*",
        destination_port_range="*",
    )
