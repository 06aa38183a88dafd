"""Microsoft's management SDKs as a source of shapes: the generated models say what a PUT takes."""

import importlib
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from checks.attribute_maps import map_shape
from checks.rest_fields import field_shape
from checks.shapes import Shape

# Azure type -> (package with the models, model of the body of a PUT)
_BODIES: Mapping[str, tuple[str, str]] = {
    "Microsoft.App/containerApps": ("appcontainers", "ContainerApp"),
    "Microsoft.App/managedEnvironments": ("appcontainers", "ManagedEnvironment"),
    "Microsoft.Authorization/roleAssignments": (
        "authorization.v2022_04_01",
        "RoleAssignmentCreateParameters",
    ),
    "Microsoft.Authorization/roleDefinitions": ("authorization.v2022_04_01", "RoleDefinition"),
    "Microsoft.Compute/galleries": ("compute", "Gallery"),
    "Microsoft.Compute/galleries/images": ("compute", "GalleryImage"),
    "Microsoft.Compute/virtualMachineScaleSets": ("compute", "VirtualMachineScaleSet"),
    "Microsoft.Consumption/budgets": ("consumption", "Budget"),
    "Microsoft.ContainerRegistry/registries": ("containerregistry", "Registry"),
    "Microsoft.Insights/actionGroups": ("monitor.v2022_06_01", "ActionGroupResource"),
    "Microsoft.Insights/autoscalesettings": ("monitor.v2022_10_01", "AutoscaleSettingResource"),
    "Microsoft.Insights/components": (
        "applicationinsights.v2020_02_02",
        "ApplicationInsightsComponent",
    ),
    "Microsoft.Insights/diagnosticSettings": (
        "monitor.v2021_05_01_preview",
        "DiagnosticSettingsResource",
    ),
    "Microsoft.Insights/metricAlerts": ("monitor.v2018_03_01", "MetricAlertResource"),
    "Microsoft.Insights/scheduledQueryRules": (
        "monitor.v2022_08_01_preview",
        "ScheduledQueryRuleResource",
    ),
    "Microsoft.Insights/workbooks": ("applicationinsights.v2023_06_01", "Workbook"),
    "Microsoft.KeyVault/vaults": ("keyvault", "VaultCreateOrUpdateParameters"),
    "Microsoft.KeyVault/vaults/secrets": ("keyvault", "SecretCreateOrUpdateParameters"),
    "Microsoft.ManagedIdentity/userAssignedIdentities": ("msi.v2024_11_30", "Identity"),
    "Microsoft.Network/loadBalancers": ("network", "LoadBalancer"),
    "Microsoft.Network/natGateways": ("network", "NatGateway"),
    "Microsoft.Network/networkSecurityGroups": ("network", "NetworkSecurityGroup"),
    "Microsoft.Network/privateDnsZones": ("privatedns", "PrivateZone"),
    "Microsoft.Network/privateDnsZones/A": ("privatedns", "RecordSet"),
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": ("privatedns", "VirtualNetworkLink"),
    "Microsoft.Network/privateEndpoints": ("network", "PrivateEndpoint"),
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": ("network", "PrivateDnsZoneGroup"),
    "Microsoft.Network/publicIPAddresses": ("network", "PublicIPAddress"),
    "Microsoft.Network/virtualNetworks": ("network", "VirtualNetwork"),
    "Microsoft.OperationalInsights/workspaces": ("loganalytics", "Workspace"),
    "Microsoft.Portal/dashboards": ("portal", "Dashboard"),
    "Microsoft.Resources/resourceGroups": ("resource.resources", "ResourceGroup"),
    "Microsoft.ServiceBus/namespaces": ("servicebus", "SBNamespace"),
    "Microsoft.ServiceBus/namespaces/queues": ("servicebus", "SBQueue"),
    "Microsoft.Storage/storageAccounts": ("storage", "StorageAccountCreateParameters"),
    "Microsoft.Storage/storageAccounts/blobServices/containers": ("storage", "BlobContainer"),
    "Microsoft.Storage/storageAccounts/managementPolicies": ("storage", "ManagementPolicy"),
    "Microsoft.Web/serverfarms": ("web", "AppServicePlan"),
    "Microsoft.Web/sites": ("web", "Site"),
}


class UnknownAzureTypeError(Exception):
    """No model is known for an Azure type."""


class MgmtModels:
    """Shapes by Azure type, read on demand and kept."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[str, str], Shape] = {}

    def body(self, azure_type: str) -> Shape:
        """What a PUT of this type takes.

        Raises:
            UnknownAzureTypeError: the table lacks it.
        """
        if azure_type not in _BODIES:
            raise UnknownAzureTypeError(f"{azure_type}: add its model to checks/mgmt_models.py")
        package, model = _BODIES[azure_type]
        models = importlib.import_module(f"azure.mgmt.{package}.models")
        return self.shape(getattr(models, model), models)

    def shape(self, model: type[Any], models: ModuleType) -> Shape:
        """The shape of a model, whichever generator wrote it."""
        key = (models.__name__, model.__name__)
        if key not in self._shapes:
            make = map_shape if hasattr(model, "_attribute_map") else field_shape
            make(self._shapes, key, model, models)
        return self._shapes[key]
