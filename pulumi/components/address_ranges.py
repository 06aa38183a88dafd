"""How a platform's address space is cut into subnets."""

import ipaddress
from dataclasses import dataclass

ADDRESSES_PER_APP = 40
"""A Flex Consumption app takes up to 40.

Source: https://learn.microsoft.com/azure/azure-functions/flex-consumption-how-to
"""
RESERVED = 5
"""Azure keeps five addresses of each subnet."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """Of a /16: functions /20 (102 apps), containers /23, nodes /24, private endpoints /24."""

    functions: ipaddress.IPv4Network
    containers: ipaddress.IPv4Network
    compute: ipaddress.IPv4Network
    endpoints: ipaddress.IPv4Network

    @property
    def balancer_address(self) -> str:
        """The internal load balancer's fixed address in front of the nodes."""
        return str(self.compute[10])


def cut(space: ipaddress.IPv4Network, apps: int) -> Ranges:
    """The subnets' ranges.

    Raises:
        ValueError: the functions' subnet is too small for so many apps.
    """
    functions, second, third, *_ = space.subnets(new_prefix=20)
    if apps * ADDRESSES_PER_APP > functions.num_addresses - RESERVED:
        raise ValueError(
            f"{apps} apps need more addresses than {functions}: stamp another platform"
        )
    compute, endpoints, *_ = third.subnets(new_prefix=24)
    return Ranges(functions, next(second.subnets(new_prefix=23)), compute, endpoints)
