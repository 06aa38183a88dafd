"""A node may protect itself from scale-in while it solves, and nothing else in Azure."""

import uuid
from dataclasses import dataclass

import pulumi
from placement import Placement
from pulumi_azure_native import authorization
from roles import assignment_id

from components.identity import Identity


@dataclass(frozen=True, slots=True)
class DrainRoleArgs:
    """The nodes' identity and their set."""

    place: Placement
    scale_set_id: pulumi.Input[str]
    identity: Identity


class DrainRole(pulumi.ComponentResource):
    """Built-in roles that may write an instance may also write the whole set: hence our own."""

    def __init__(self, name: str, args: DrainRoleArgs) -> None:
        super().__init__("kuduso:platform:DrainRole", name)
        owner = args.place.owner
        role = authorization.RoleDefinition(
            "protect-instances",
            role_definition_id=str(
                uuid.uuid5(uuid.NAMESPACE_URL, f"{owner.prefix}/{owner.env}/drain")
            ),
            role_name=f"{owner.prefix} {owner.env}: protect nodes from scale-in",
            role_type="CustomRole",
            description="Read instances of the nodes' scale set and set their protection.",
            scope=args.place.group_id,
            assignable_scopes=[args.place.group_id],
            permissions=[
                authorization.PermissionArgs(
                    actions=[
                        "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read",
                        "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/write",
                    ]
                )
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
        authorization.RoleAssignment(
            "nodes-protect-instances",
            role_assignment_name=assignment_id("nodes-protect-instances"),
            role_definition_id=role.id,
            principal_id=args.identity.principal_id,
            principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
            scope=args.scale_set_id,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.register_outputs({})
