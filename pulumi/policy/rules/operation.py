"""What operators rely on: tags, diagnostics, alerts that reach somebody, data that stays."""

import re

from policy.rules.properties import Report, inside, kind, members, text
from pulumi_policy import ResourceValidationArgs, StackValidationArgs

_WITHOUT_TAGS = frozenset(
    {
        "authorization:RoleAssignment",
        "authorization:RoleDefinition",
        "consumption:Budget",
        "monitor:DiagnosticSetting",
        "network:PrivateDnsZoneGroup",
        "privatedns:PrivateRecordSet",
        "servicebus:Queue",
        "storage:BlobContainer",
        "storage:ManagementPolicy",
    }
)
_DIAGNOSED = frozenset(
    {
        "app:ManagedEnvironment",
        "containerregistry:Registry",
        "keyvault:Vault",
        "network:LoadBalancer",
        "servicebus:Namespace",
        "web:WebApp",
    }
)
_KEPT = frozenset(
    {
        "compute:Gallery",
        "containerregistry:Registry",
        "keyvault:Vault",
        "network:PublicIPAddress",
        "operationalinsights:Workspace",
        "resources:ResourceGroup",
        "servicebus:Namespace",
        "servicebus:Queue",
        "storage:StorageAccount",
    }
)
_ALERTS = {
    "monitor:MetricAlert": ("actions",),
    "monitor:ScheduledQueryRule": ("actions", "actionGroups"),
}
_RUNBOOK = re.compile(r"https://\S+/runbooks/[a-z0-9-]+\.md$")
AUTOSCALE_RULES = 10


def tagged(args: ResourceValidationArgs, report: Report) -> None:
    """Costs, alerts and searches filter by `app_id` and `env`."""
    found = args.resource_type
    if not found.startswith("azure-native:") or kind(found) in _WITHOUT_TAGS:
        return
    for tag in ("app_id", "env"):
        if not text(args.props, "tags", tag):
            report(f"needs the tag {tag}")


def diagnosed(args: StackValidationArgs, report: Report) -> None:
    """What can tell of itself does, to the workspace."""
    covered = {
        found.urn
        for one in args.resources
        if kind(one.resource_type) == "monitor:DiagnosticSetting"
        for found in one.property_dependencies.get("resourceUri", [])
    }
    for one in args.resources:
        if kind(one.resource_type) in _DIAGNOSED and one.urn not in covered:
            report("no diagnostic setting sends its logs and metrics", one.urn)


def alerts_reach_somebody(args: ResourceValidationArgs, report: Report) -> None:
    """Every alert has an action and links to its runbook."""
    path = _ALERTS.get(kind(args.resource_type))
    if path is None:
        return
    if not members(args.props, *path):
        report("the alert tells nobody")
    if not _RUNBOOK.search(text(args.props, "description")):
        report("the alert's description links to no runbook")


def kept_in_production(args: StackValidationArgs, report: Report) -> None:
    """Data in production is protected from deletion."""
    groups = [one for one in args.resources if kind(one.resource_type) == "resources:ResourceGroup"]
    if not any(text(group.props, "tags", "env") == "prod" for group in groups):
        return
    for one in args.resources:
        if kind(one.resource_type) in _KEPT and not one.opts.protect:
            report("holds data in production and is not protected", one.urn)


def autoscale_within_limits(args: ResourceValidationArgs, report: Report) -> None:
    """Azure takes ten rules in a profile; a minimum above the maximum never settles."""
    if kind(args.resource_type) != "monitor:AutoscaleSetting":
        return
    for profile in members(args.props, "profiles"):
        name, rules = text(profile, "name"), len(members(profile, "rules"))
        if rules > AUTOSCALE_RULES:
            report(f"profile {name} has {rules} rules, {AUTOSCALE_RULES} are allowed")
        least, most = inside(profile, "capacity", "minimum"), inside(profile, "capacity", "maximum")
        if int(str(least)) > int(str(most)):
            report(f"profile {name}: minimum {least} exceeds maximum {most}")


def doorbells_are_safe(args: ResourceValidationArgs, report: Report) -> None:
    """A queue as the function app expects it: what docs/adr/0002 relies on."""
    if kind(args.resource_type) != "servicebus:Queue":
        return
    wanted = {
        "lockDuration": "PT5M",
        "maxDeliveryCount": 5,
        "requiresDuplicateDetection": True,
        "deadLetteringOnMessageExpiration": True,
    }
    for name, value in wanted.items():
        if args.props.get(name) != value:
            report(f"{name} must be {value}")
