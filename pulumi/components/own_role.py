"""A role of our own, where every built-in one that would do may do far more."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from placement import Placement
from pulumi_azure_native import authorization
from roles import assignment_id

from components.identity import Identity


@dataclass(frozen=True, slots=True)
class OwnRoleArgs:
    """Who may do what on which resource; `title` says it in a few words."""

    place: Placement
    title: str
    actions: Sequence[str]
    scope: pulumi.Input[str]
    identity: Identity


class OwnRole(pulumi.ComponentResource):
    """The definition in the platform's resource group, and its one assignment."""

    def __init__(self, name: str, args: OwnRoleArgs) -> None:
        super().__init__("kuduso:platform:OwnRole", name)
        owner = args.place.owner
        role = authorization.RoleDefinition(
            name,
            role_definition_id=str(
                uuid.uuid5(uuid.NAMESPACE_URL, f"{owner.prefix}/{owner.env}/{name}")
            ),
            role_name=f"{owner.prefix} {owner.env}: {args.title}",
            role_type="CustomRole",
            description=args.title,
            scope=args.place.group_id,
            assignable_scopes=[args.place.group_id],
            permissions=[authorization.PermissionArgs(actions=list(args.actions))],
            opts=pulumi.ResourceOptions(parent=self),
        )
        authorization.RoleAssignment(
            f"{name}-assignment",
            role_assignment_name=assignment_id(f"{name}-assignment"),
            role_definition_id=role.id,
            principal_id=args.identity.principal_id,
            principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
            scope=args.scope,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.register_outputs({})
