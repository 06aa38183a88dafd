"""The programs against Microsoft's own models, and faults that no SDK of Pulumi's reports."""

import pytest
from checks.azure_types import type_faults
from checks.mgmt_models import MgmtModels, UnknownAzureTypeError
from offline.arm_types import UnknownTypeError, arm_type
from offline.stacks import Estate

from tests.infra.seeding import ABSENT, with_input

NODES = "virtualMachineProfile.storageProfile.osDisk"


def test_every_stack_is_what_azure_takes_in_both_modes(estate: Estate, models: MgmtModels) -> None:
    assert [fault for one in estate.recordings() for fault in type_faults(one, models)] == []


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        pytest.param(
            ("dev-sitefit", "site", "siteConfig.minTlsVersoin"),
            "1.2",
            "siteConfig.minTlsVersoin: SiteConfig has none; did you mean minTlsVersion?",
            id="misspelt property",
        ),
        pytest.param(
            ("dev-platform", "artifact-account", "accessTier"),
            "Warm",
            "'Warm' is none of Hot, Cool",
            id="choice that does not exist",
        ),
        pytest.param(
            ("dev-platform", "nodes", f"{NODES}.createOption"),
            ABSENT,
            "createOption: VirtualMachineScaleSetOSDisk needs it",
            id="required property of a nested object",
        ),
        pytest.param(
            ("dev-sitefit", "jobs", "maxDeliveryCount"),
            "five",
            "'five' is no whole number",
            id="text for a number",
        ),
        pytest.param(
            ("dev-sitefit", "jobs", "requiresDuplicateDetection"),
            1,
            "1 is no true or false",
            id="number for a flag",
        ),
        pytest.param(
            ("dev-platform", "autoscale", "profiles.0.capacity"),
            ["1"],
            "is no object ScaleCapacity",
            id="list for an object",
        ),
        pytest.param(
            ("dev-platform", "vnet", "subnets"),
            {"name": "functions"},
            "is no list",
            id="object for a list",
        ),
        pytest.param(
            ("dev-platform", "nodes-down", "criteria"),
            {
                "odata_type": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
                "all_of": [],
            },
            "odata.type is none of",
            id="snake case, as Pulumi sends a dict for a union",
        ),
        pytest.param(
            ("dev-platform", "bus", "serviceBusEndpoint"),
            "https://elsewhere",
            "Azure sets this itself",
            id="property that Azure computes",
        ),
        pytest.param(
            ("dev-platform", "compute-rules", "securityRules.0.access"),
            "Maybe",
            "'Maybe' is none of Allow, Deny",
            id="choice inside a list",
        ),
        pytest.param(
            ("dev-sitefit", "dead-letters", "scopes"),
            ABSENT,
            "scopes: MetricAlertResource.properties needs it",
            id="required property of the resource",
        ),
    ],
)
def test_a_fault_is_found_and_no_other(
    estate: Estate, models: MgmtModels, place: tuple[str, str, str], value: object, told: str
) -> None:
    stack, name, path = place
    found = type_faults(with_input(estate.applied[stack], name, path, value), models)
    assert {fault.where for fault in found} == {f"{stack}/{name}"}
    assert any(told in str(fault) for fault in found), found


def test_a_type_without_a_model_stops_the_check(models: MgmtModels) -> None:
    with pytest.raises(UnknownAzureTypeError, match="add its model"):
        models.body("Microsoft.Sql/servers")


def test_a_type_without_its_azure_name_stops_the_run() -> None:
    with pytest.raises(UnknownTypeError, match="add its Azure type"):
        arm_type("azure-native:sql:Server")
