"""Pulumi's types and Azure's: the one table that neither the SDK nor Azure's models hold.

The type check proves that each Azure type exists and takes what the programs send.
"""

from dataclasses import dataclass

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class ArmType:
    """An Azure type, the inputs that make the parts of its id, and where it hangs.

    `path`: input names in order; `=word` is that word. `attached_by`: input that holds the id of
    the resource which an extension resource belongs to.
    """

    name: str
    path: tuple[str, ...]
    attached_by: str | None = None


def _of(name: str, *path: str, attached_by: str | None = None) -> ArmType:
    return ArmType(name, path, attached_by)


_NETWORK = "Microsoft.Network"
_ZONES = f"{_NETWORK}/privateDnsZones"
_INSIGHTS = "Microsoft.Insights"
_ACCOUNTS = "Microsoft.Storage/storageAccounts"

ARM_TYPES = {
    "app:ContainerApp": _of("Microsoft.App/containerApps", "containerAppName"),
    "app:ManagedEnvironment": _of("Microsoft.App/managedEnvironments", "environmentName"),
    "applicationinsights:Component": _of(f"{_INSIGHTS}/components", "resourceName"),
    "applicationinsights:Workbook": _of(f"{_INSIGHTS}/workbooks", "resourceName"),
    "authorization:RoleAssignment": _of(
        "Microsoft.Authorization/roleAssignments", "roleAssignmentName", attached_by="scope"
    ),
    "authorization:RoleDefinition": _of(
        "Microsoft.Authorization/roleDefinitions", "roleDefinitionId", attached_by="scope"
    ),
    "compute:Gallery": _of("Microsoft.Compute/galleries", "galleryName"),
    "compute:GalleryImage": _of(
        "Microsoft.Compute/galleries/images", "galleryName", "galleryImageName"
    ),
    "compute:VirtualMachineScaleSet": _of(
        "Microsoft.Compute/virtualMachineScaleSets", "vmScaleSetName"
    ),
    "consumption:Budget": _of("Microsoft.Consumption/budgets", "budgetName", attached_by="scope"),
    "containerregistry:Registry": _of("Microsoft.ContainerRegistry/registries", "registryName"),
    "keyvault:Secret": _of("Microsoft.KeyVault/vaults/secrets", "vaultName", "secretName"),
    "keyvault:Vault": _of("Microsoft.KeyVault/vaults", "vaultName"),
    "managedidentity:UserAssignedIdentity": _of(
        "Microsoft.ManagedIdentity/userAssignedIdentities", "resourceName"
    ),
    "monitor:ActionGroup": _of(f"{_INSIGHTS}/actionGroups", "actionGroupName"),
    "monitor:AutoscaleSetting": _of(f"{_INSIGHTS}/autoscalesettings", "autoscaleSettingName"),
    "monitor:DiagnosticSetting": _of(
        f"{_INSIGHTS}/diagnosticSettings", "name", attached_by="resourceUri"
    ),
    "monitor:MetricAlert": _of(f"{_INSIGHTS}/metricAlerts", "ruleName"),
    "monitor:ScheduledQueryRule": _of(f"{_INSIGHTS}/scheduledQueryRules", "ruleName"),
    "network:LoadBalancer": _of(f"{_NETWORK}/loadBalancers", "loadBalancerName"),
    "network:NatGateway": _of(f"{_NETWORK}/natGateways", "natGatewayName"),
    "network:NetworkSecurityGroup": _of(
        f"{_NETWORK}/networkSecurityGroups", "networkSecurityGroupName"
    ),
    "network:PrivateDnsZoneGroup": _of(
        f"{_NETWORK}/privateEndpoints/privateDnsZoneGroups",
        "privateEndpointName",
        "privateDnsZoneGroupName",
    ),
    "network:PrivateEndpoint": _of(f"{_NETWORK}/privateEndpoints", "privateEndpointName"),
    "network:PublicIPAddress": _of(f"{_NETWORK}/publicIPAddresses", "publicIpAddressName"),
    "network:VirtualNetwork": _of(f"{_NETWORK}/virtualNetworks", "virtualNetworkName"),
    "operationalinsights:Workspace": _of(
        "Microsoft.OperationalInsights/workspaces", "workspaceName"
    ),
    "portal:Dashboard": _of("Microsoft.Portal/dashboards", "dashboardName"),
    "privatedns:PrivateRecordSet": _of(f"{_ZONES}/A", "privateZoneName", "relativeRecordSetName"),
    "privatedns:PrivateZone": _of(_ZONES, "privateZoneName"),
    "privatedns:VirtualNetworkLink": _of(
        f"{_ZONES}/virtualNetworkLinks", "privateZoneName", "virtualNetworkLinkName"
    ),
    "resources:ResourceGroup": _of("Microsoft.Resources/resourceGroups", "resourceGroupName"),
    "servicebus:Namespace": _of("Microsoft.ServiceBus/namespaces", "namespaceName"),
    "servicebus:Queue": _of("Microsoft.ServiceBus/namespaces/queues", "namespaceName", "queueName"),
    "storage:BlobContainer": _of(
        f"{_ACCOUNTS}/blobServices/containers", "accountName", "=default", "containerName"
    ),
    "storage:ManagementPolicy": _of(
        f"{_ACCOUNTS}/managementPolicies", "accountName", "managementPolicyName"
    ),
    "storage:StorageAccount": _of(_ACCOUNTS, "accountName"),
    "web:AppServicePlan": _of("Microsoft.Web/serverfarms", "name"),
    "web:WebApp": _of("Microsoft.Web/sites", "name"),
}


class UnknownTypeError(Exception):
    """A program registers a type that the table lacks."""


def arm_type(pulumi_type: str) -> ArmType:
    """The Azure type of `azure-native:<module>:<Type>`.

    Raises:
        UnknownTypeError: the table lacks it.
    """
    found = ARM_TYPES.get(pulumi_type.removeprefix("azure-native:"))
    if found is None:
        raise UnknownTypeError(f"{pulumi_type}: add its Azure type to offline/arm_types.py")
    return found


def azure_name(pulumi_type: str, inputs: dict[str, object]) -> str:
    """The last part of its id, or nothing where Azure would invent it."""
    return _part(arm_type(pulumi_type).path[-1], inputs)


def arm_id(pulumi_type: str, inputs: dict[str, object]) -> str:
    """The id that Azure would give it."""
    kind = arm_type(pulumi_type)
    parts = [_part(part, inputs) for part in kind.path]
    if kind.name == "Microsoft.Resources/resourceGroups":
        return f"{SUBSCRIPTION}/resourceGroups/{parts[0]}"
    provider, *words = kind.name.split("/")
    pairs = "/".join(f"{word}/{part}" for word, part in zip(words, parts, strict=True))
    tail = f"/providers/{provider}/{pairs}"
    if kind.attached_by:
        return f"{inputs.get(kind.attached_by)}{tail}"
    return f"{SUBSCRIPTION}/resourceGroups/{inputs.get('resourceGroupName')}{tail}"


def _part(part: str, inputs: dict[str, object]) -> str:
    return part[1:] if part.startswith("=") else str(inputs.get(part) or "")
