"""A user-assigned identity: its roles can exist before what uses it starts."""

from dataclasses import dataclass

import names
import pulumi
from placement import Placement
from pulumi_azure_native import managedidentity
from roles import Grant, Role, assign


@dataclass(frozen=True, slots=True)
class IdentityArgs:
    """Whose identity; `part` tells several of one owner apart."""

    place: Placement
    subscription_id: pulumi.Input[str]
    part: str = ""


class Identity(pulumi.ComponentResource):
    """Outputs: `identity_id`, `principal_id`, `client_id`."""

    def __init__(self, name: str, args: IdentityArgs) -> None:
        super().__init__("kuduso:Identity", name)
        self._subscription_id = args.subscription_id
        self._name = name
        identity = managedidentity.UserAssignedIdentity(
            name,
            resource_name_=args.place.name(names.IDENTITY, args.part),
            resource_group_name=args.place.group,
            location=args.place.location,
            tags=args.place.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.identity_id = identity.id
        self.principal_id = identity.principal_id
        self.client_id = identity.client_id
        self.register_outputs({"client_id": self.client_id})

    def may(
        self, role: Role, scope: pulumi.Input[str], on: str, condition: str | None = None
    ) -> pulumi.Resource:
        """Give one role on one resource; `on` names it in the assignment's logical name."""
        name = f"{self._name}-{role.name.lower().replace('_', '-')}-on-{on}"
        grant = Grant(role, self.principal_id, scope, self._subscription_id, condition)
        return assign(name, grant, self)
