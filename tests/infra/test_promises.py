"""Properties that the platform and the apps are promised to have, read off what would be sent."""

from typing import Any, cast

import pytest
from offline.stacks import Estate
from offline.values import plain

from contracts.policy import Policy


def given(estate: Estate, stack: str, name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", plain(estate.applied[stack].named(name).inputs))


def test_an_app_s_queue_is_as_its_policy_says(estate: Estate) -> None:
    queue = given(estate, "dev-daylight", "jobs")
    assert queue["queueName"] == "jobs-daylight"
    assert queue["lockDuration"] == "PT5M"
    assert queue["maxDeliveryCount"] == 5
    assert queue["requiresDuplicateDetection"]
    assert queue["deadLetteringOnMessageExpiration"]
    ttl_s = Policy.model_fields["queue_ttl"].default
    assert queue["defaultMessageTimeToLive"] == f"PT{ttl_s}S"


def test_a_function_app_is_a_flex_app_in_the_network(estate: Estate) -> None:
    site = given(estate, "prod-daylight", "site")
    flex = site["functionAppConfig"]
    assert flex["runtime"] == {"name": "python", "version": "3.12"}
    assert flex["scaleAndConcurrency"]["alwaysReady"] == [
        {"instanceCount": 1, "name": "function:run_job_daylight"},
        {"instanceCount": 1, "name": "http"},
    ]
    assert flex["scaleAndConcurrency"]["maximumInstanceCount"] == 100
    assert site["virtualNetworkSubnetId"].endswith("/subnets/functions")
    assert site["keyVaultReferenceIdentity"] == site["identity"]["userAssignedIdentities"][0]
    assert given(estate, "prod-daylight", "plan")["sku"]["name"] == "FC1"


def test_an_app_reads_and_writes_its_own_files_only(estate: Estate) -> None:
    role = given(estate, "dev-sitefit", "identity-blob-contributor-on-artifacts")
    assert role["scope"].endswith("/blobServices/default/containers/artifacts")
    assert "StringLike 'sitefit/*'" in role["condition"]
    assert role["conditionVersion"] == "2.0"


@pytest.mark.parametrize("env", ["dev", "prod"])
def test_files_get_cool_and_then_go(estate: Estate, env: str) -> None:
    rules = given(estate, f"{env}-platform", "life-cycle")["policy"]["rules"]
    found = {rule["definition"]["filters"]["prefixMatch"][0]: rule for rule in rules}
    assert set(found) == {f"artifacts/{app}/" for app in ("daylight", "layouts", "sitefit")}
    actions = found["artifacts/sitefit/"]["definition"]["actions"]["baseBlob"]
    assert actions["tierToCool"]["daysAfterModificationGreaterThan"] == 10
    assert actions["delete"]["daysAfterModificationGreaterThan"] == 37


def test_production_keeps_what_development_may_lose(estate: Estate) -> None:
    dev, prod = (given(estate, f"{env}-platform", "vault")["properties"] for env in ("dev", "prod"))
    assert prod["enablePurgeProtection"]
    assert "enablePurgeProtection" not in dev


def test_nodes_follow_every_queue_within_the_seats(estate: Estate) -> None:
    profiles = given(estate, "dev-platform", "autoscale")["profiles"]
    assert [one["name"] for one in profiles] == ["always", "working-hours", "off-hours"]
    closed = profiles[2]
    assert closed["capacity"] == {"default": "0", "maximum": "0", "minimum": "0"}
    assert closed["recurrence"]["schedule"]["hours"] == [20]
    triggers = [rule["metricTrigger"] for rule in profiles[0]["rules"]]
    queues = [one for one in triggers if one["metricName"] == "ActiveMessageCount"]
    assert [one["metricResourceUri"].rpartition("/")[2] for one in queues] == [
        *("jobs-daylight", "jobs-layouts", "jobs-sitefit")
    ]
    assert {one["threshold"] for one in queues} == {4}
    (open_always,) = given(estate, "prod-platform", "autoscale")["profiles"]
    assert open_always["capacity"]["maximum"] == "4"  # 14 seats on nodes of 4, of 20 allowed


def test_a_node_is_probed_at_its_agent_and_drained(estate: Estate) -> None:
    (probe,) = given(estate, "dev-platform", "balancer")["probes"]
    assert (probe["port"], probe["requestPath"]) == (6400, "/health/live")
    nodes = given(estate, "dev-platform", "nodes")
    profile = nodes["virtualMachineProfile"]
    assert nodes["upgradePolicy"]["mode"] == "Rolling"
    assert nodes["automaticRepairsPolicy"]["gracePeriod"] == "PT30M"
    assert profile["scheduledEventsProfile"]["terminateNotificationProfile"]["enable"]
    assert "/galleries/" in profile["storageProfile"]["imageReference"]["id"]
    assert "licenseType" not in profile  # a benefit that somebody has to have
    (extension,) = profile["extensionProfile"]["extensions"]
    assert "secret" not in extension["settings"]["commandToExecute"].lower()


def test_only_the_appserver_s_subnet_and_probes_reach_the_nodes(estate: Estate) -> None:
    rules = given(estate, "dev-platform", "compute-rules")["securityRules"]
    allowed = {
        rule["sourceAddressPrefix"]
        for rule in rules
        if (rule["direction"], rule["access"]) == ("Inbound", "Allow")
    }
    assert allowed == {"10.20.16.0/23", "AzureLoadBalancer"}


def test_one_configuration_makes_a_single_cheap_node(estate: Estate) -> None:
    assert given(estate, "dev-platform", "bus")["sku"]["name"] == "Standard"
    assert given(estate, "dev-platform", "registry")["sku"]["name"] == "Basic"
    assert given(estate, "dev-platform", "artifact-account")["sku"]["name"] == "Standard_LRS"
    assert given(estate, "dev-platform", "nodes")["sku"]["capacity"] == 1
    assert given(estate, "prod-platform", "bus")["sku"]["name"] == "Premium"


def test_logs_are_capped_and_belong_to_the_workspace(estate: Estate) -> None:
    workspace = given(estate, "dev-platform", "workspace")
    assert workspace["workspaceCapping"]["dailyQuotaGb"] == 1
    insights = given(estate, "dev-platform", "insights")
    assert insights["workspaceResourceId"].endswith("/workspaces/log-kuduso-dev-platform")
