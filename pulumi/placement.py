"""Where resources go, and what each of them carries."""

from dataclasses import dataclass

import pulumi
from names import Kind, Owner


@dataclass(frozen=True, slots=True)
class Placement:
    """Resource group, region, tags; `protects` keeps what holds data from being deleted."""

    owner: Owner
    group: pulumi.Input[str]
    group_id: pulumi.Input[str]
    location: str
    tags: dict[str, str]
    protects: bool

    def name(self, kind: Kind, part: str = "") -> str:
        """The Azure name of a resource of this owner."""
        return self.owner.name(kind, part)


def tags_of(owner: Owner) -> dict[str, str]:
    """`app_id` and `env` are what costs, alerts and searches filter by."""
    return {"app_id": owner.app_id, "env": owner.env, "managed_by": "pulumi"}


def inside(component: pulumi.Resource) -> pulumi.ResourceOptions:
    """Options of a component's children."""
    return pulumi.ResourceOptions(parent=component)


def kept(component: pulumi.Resource, place: Placement) -> pulumi.ResourceOptions:
    """Options of a component's children that hold data."""
    return pulumi.ResourceOptions(parent=component, protect=place.protects)
