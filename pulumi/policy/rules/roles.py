"""Roles are narrow: few of them, each on one resource."""

from policy.rules.properties import Report, kind, members, text
from pulumi_policy import ResourceValidationArgs
from roles import Role

ALLOWED = frozenset(str(role) for role in Role)
BROAD = frozenset(
    {
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",  # Owner
        "b24988ac-6180-42a0-ab88-20f7382dd24c",  # Contributor
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",  # User Access Administrator
    }
)


def narrow_roles(args: ResourceValidationArgs, report: Report) -> None:
    """A known data role or one of our own, on a resource and never on a group or subscription."""
    if kind(args.resource_type) != "authorization:RoleAssignment":
        return
    role, scope = text(args.props, "roleDefinitionId"), text(args.props, "scope")
    guid = role.rsplit("/", 1)[-1]
    is_own = "/resourceGroups/" in role and guid not in BROAD
    if role and not is_own and guid not in ALLOWED:
        report(f"role {guid} is none of those that the stacks need")
    if scope and "/providers/" not in scope:
        report(f"a role on {scope} reaches more than one resource")
    if "/containers/" in scope and not text(args.props, "condition"):
        report("apps share this container: a condition must name the app's folder")
    if text(args.props, "principalType") != "ServicePrincipal":
        report("a role of the stacks goes to an identity, not to a person")


def narrow_own_roles(args: ResourceValidationArgs, report: Report) -> None:
    """A role of our own names its actions one by one."""
    if kind(args.resource_type) != "authorization:RoleDefinition":
        return
    for permission in members(args.props, "permissions"):
        for action in (*members(permission, "actions"), *members(permission, "dataActions")):
            if isinstance(action, str) and "*" in action:
                report(f"{action} is a whole class of actions")
