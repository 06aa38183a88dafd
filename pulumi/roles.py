"""Role assignments: one narrow role, on one resource, for one identity."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

import pulumi
from pulumi_azure_native import authorization


class Role(StrEnum):
    """Azure's built-in roles that the stacks use.

    Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
    """

    BUS_SENDER = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"
    BUS_RECEIVER = "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"
    BLOB_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"
    BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
    BLOB_DELEGATOR = "db58b8e5-c6ad-4a2a-8342-4190687cbf4a"
    QUEUE_CONTRIBUTOR = "974c5e8b-45b9-4653-ba55-5f855dd0fb88"
    TABLE_CONTRIBUTOR = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"
    SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
    ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
    METRICS_PUBLISHER = "3913510d-42f4-4e42-8a64-420c390055eb"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for an identity on a resource; `condition` narrows it further (Azure's ABAC)."""

    role: Role
    principal_id: pulumi.Input[str]
    scope: pulumi.Input[str]
    subscription_id: pulumi.Input[str]
    condition: str | None = None


def blobs_below(folder: str) -> str:
    """The condition that blobs are read, written and deleted in one folder of a container only.

    Source: https://learn.microsoft.com/azure/storage/blobs/storage-auth-abac-examples
    """
    blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
    others = " AND ".join(
        f"!(ActionMatches{{'{blobs}/{action}'}})"
        for action in ("read", "write", "add/action", "delete", "move/action")
    )
    return f"(({others}) OR (@Resource[{blobs}:path] StringLike '{folder}/*'))"


def assign(name: str, grant: Grant, parent: pulumi.Resource) -> authorization.RoleAssignment:
    """Give the role; its Azure name, a GUID, is made of the logical one and stays the same."""
    role = f"/providers/Microsoft.Authorization/roleDefinitions/{grant.role}"
    return authorization.RoleAssignment(
        name,
        principal_id=grant.principal_id,
        principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
        role_assignment_name=assignment_id(name),
        role_definition_id=pulumi.Output.format(
            "/subscriptions/{0}{1}", grant.subscription_id, role
        ),
        scope=grant.scope,
        condition=grant.condition,
        condition_version="2.0" if grant.condition else None,
        opts=pulumi.ResourceOptions(parent=parent, delete_before_replace=True),
    )


def assignment_id(name: str) -> str:
    """A GUID of the stack and the logical name: two stacks never share one."""
    return str(
        uuid.uuid5(uuid.NAMESPACE_URL, f"{pulumi.get_project()}/{pulumi.get_stack()}/{name}")
    )
