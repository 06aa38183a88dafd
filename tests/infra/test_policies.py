"""Each rule catches what it is for, on the real programs with one thing wrong."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from checks.policies import policy_faults
from offline.recording import Recording
from offline.stacks import Estate
from policy.rules.flex import NEVER_CONFIGURED, NEVER_SET
from policy.rules.pack import RESOURCE_RULES, STACK_RULES

from tests.infra.seeding import ABSENT, with_copy, with_input, with_resource, without

APP, PLATFORM, PROD = "dev-sitefit", "dev-platform", "prod-platform"
ANYBODY = {"name": "hole", "direction": "Inbound", "access": "Allow", "sourceAddressPrefix": "*"}
CARD = "virtualMachineProfile.networkProfile.networkInterfaceConfigurations.0.ipConfigurations.0"
SCALE = "functionAppConfig.scaleAndConcurrency"
RUNTIME = "functionAppConfig.runtime.version"
PACKAGE = "functionAppConfig.deployment.storage.authentication.type"
KEY = {"name": "EXTRA", "value": "Endpoint=sb://x;SharedAccessKeyName=a;SharedAccessKey=b"}
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
OWNER_ROLE = (
    f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
)
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-kuduso-dev-platform"
ELEVEN_RULES = [{"metricTrigger": {}}] * 11

PROPERTIES = [
    ("no-public-address", PLATFORM, "nodes", f"{CARD}.publicIPAddressConfiguration", {"name": "x"}),
    (
        "no-public-address",
        PLATFORM,
        "balancer",
        "frontendIPConfigurations.0.publicIPAddress",
        {"id": "x"},
    ),
    ("no-public-address", PLATFORM, "environment", "vnetConfiguration.internal", False),
    ("no-public-address", PLATFORM, "environment", "publicNetworkAccess", "Enabled"),
    ("no-public-address", PLATFORM, "vault", "properties.publicNetworkAccess", "Enabled"),
    ("closed-subnets", PLATFORM, "compute-rules", "securityRules.+", ANYBODY),
    ("closed-subnets", PLATFORM, "containers-rules", "securityRules", []),
    ("encrypted-in-transit", PLATFORM, "artifact-account", "minimumTlsVersion", "TLS1_0"),
    ("encrypted-in-transit", PLATFORM, "artifact-account", "enableHttpsTrafficOnly", False),
    ("encrypted-in-transit", PLATFORM, "bus", "minimumTlsVersion", "1.0"),
    ("encrypted-in-transit", PLATFORM, "appserver", "configuration.ingress.allowInsecure", True),
    ("encrypted-in-transit", APP, "site", "httpsOnly", False),
    ("encrypted-in-transit", APP, "site", "siteConfig.minTlsVersion", "1.0"),
    ("identity-only", PLATFORM, "artifact-account", "allowSharedKeyAccess", True),
    ("identity-only", PLATFORM, "artifact-account", "allowBlobPublicAccess", True),
    ("identity-only", APP, "host-account", "allowSharedKeyAccess", ABSENT),
    ("identity-only", PLATFORM, "bus", "disableLocalAuth", False),
    ("identity-only", PLATFORM, "registry", "adminUserEnabled", True),
    ("identity-only", PLATFORM, "vault", "properties.enableRbacAuthorization", False),
    (
        "identity-only",
        PLATFORM,
        "appserver",
        "configuration.registries.0.passwordSecretRef",
        "password",
    ),
    ("identity-only", APP, "site", "identity.type", "SystemAssigned"),
    ("identity-only", APP, "site", "siteConfig.appSettings.+", KEY),
    ("flex-site", APP, "site", "functionAppConfig", ABSENT),
    ("flex-site", APP, "site", f"{SCALE}.maximumInstanceCount", 39),
    ("flex-site", APP, "site", f"{SCALE}.maximumInstanceCount", 1001),
    ("flex-site", APP, "site", f"{SCALE}.instanceMemoryMB", 1024),
    ("flex-site", APP, "site", RUNTIME, "3.9"),
    ("flex-site", APP, "site", PACKAGE, "StorageAccountConnectionString"),
    *(
        ("flex-site", APP, "site", f"siteConfig.{name}", "v4.6" if name[0] == "n" else True)
        for name in sorted(NEVER_CONFIGURED)
    ),
    *(
        ("flex-site", APP, "site", "siteConfig.appSettings.+", {"name": name, "value": "1"})
        for name in sorted(
            {*NEVER_SET, "AzureWebJobsStorage", "AzureWebJobsStorage__blobServiceUri"}
        )
    ),
    ("narrow-roles", APP, "identity-bus-sender-on-queue", "roleDefinitionId", OWNER_ROLE),
    ("narrow-roles", APP, "identity-bus-sender-on-queue", "scope", GROUP),
    ("narrow-roles", APP, "identity-bus-sender-on-queue", "scope", SUBSCRIPTION),
    ("narrow-roles", APP, "identity-bus-sender-on-queue", "principalType", "User"),
    ("narrow-roles", APP, "identity-blob-contributor-on-artifacts", "condition", ABSENT),
    (
        "narrow-own-roles",
        PLATFORM,
        "protect-instances",
        "permissions.0.actions.+",
        "Microsoft.Compute/*",
    ),
    ("tagged", PLATFORM, "bus", "tags.env", ABSENT),
    ("tagged", APP, "site", "tags", ABSENT),
    ("tagged", APP, "site", "tags.app_id", ""),
    ("alerts-reach-somebody", APP, "dead-letters", "actions", []),
    ("alerts-reach-somebody", APP, "failed-functions", "actions.actionGroups", []),
    ("alerts-reach-somebody", APP, "slow-jobs", "description", "Something is slow."),
    ("autoscale-within-limits", PLATFORM, "autoscale", "profiles.0.rules", ELEVEN_RULES),
    ("autoscale-within-limits", PLATFORM, "autoscale", "profiles.0.capacity.minimum", "99"),
    ("doorbells-are-safe", APP, "jobs", "lockDuration", "PT1M"),
    ("doorbells-are-safe", APP, "jobs", "maxDeliveryCount", 10),
    ("doorbells-are-safe", APP, "jobs", "requiresDuplicateDetection", False),
    ("doorbells-are-safe", APP, "jobs", "deadLetteringOnMessageExpiration", False),
]
Change = Callable[[Recording], Recording]


def unprotected(name: str) -> Change:
    return lambda run: with_resource(run, name, lambda one: replace(one, is_protected=False))


STRUCTURES: list[tuple[str, str, str, Change]] = [
    ("diagnosed", PLATFORM, "vault", lambda run: without(run, "vault-diagnostics")),
    ("diagnosed", PLATFORM, "bus", lambda run: without(run, "messages-diagnostics")),
    ("diagnosed", PLATFORM, "registry", lambda run: without(run, "images-diagnostics")),
    ("diagnosed", PLATFORM, "environment", lambda run: without(run, "containers-diagnostics")),
    ("diagnosed", PLATFORM, "balancer", lambda run: without(run, "balancer-diagnostics")),
    ("diagnosed", APP, "site", lambda run: without(run, "functions-diagnostics")),
    *(
        ("kept-in-production", PROD, name, unprotected(name))
        for name in ("group", "vault", "bus", "artifact-account", "workspace", "egress-address")
    ),
    ("kept-in-production", "prod-sitefit", "jobs", unprotected("jobs")),
    ("one-app-on-a-plan", APP, "twin", lambda run: with_copy(run, "site", "twin")),
    (
        "public-address-for-egress-only",
        PLATFORM,
        "twin",
        lambda run: with_copy(run, "egress-address", "twin"),
    ),
]


def broken(recording: Recording, name: str) -> set[str]:
    where = f"{recording.stack}/{name}"
    return {
        fault.rule.removeprefix("policy: ")
        for fault in policy_faults(recording)
        if fault.where == where
    }


def test_every_stack_keeps_every_rule(estate: Estate) -> None:
    assert [fault for one in estate.applied.values() for fault in policy_faults(one)] == []


@pytest.mark.parametrize(("rule", "stack", "name", "path", "value"), PROPERTIES)
def test_a_property_that_breaks_a_rule_is_found(
    estate: Estate, rule: str, stack: str, name: str, path: str, value: object
) -> None:
    assert rule in broken(with_input(estate.applied[stack], name, path, value), name)


@pytest.mark.parametrize(
    ("rule", "stack", "name", "change"),
    STRUCTURES,
    ids=[f"{rule}-{name}" for rule, _, name, _ in STRUCTURES],
)
def test_a_resource_that_breaks_a_rule_is_found(
    estate: Estate, rule: str, stack: str, name: str, change: Change
) -> None:
    assert rule in broken(change(estate.applied[stack]), name)


def test_every_rule_of_the_pack_has_a_seeded_fault() -> None:
    seeded = {rule for rule, *_ in PROPERTIES} | {rule for rule, *_ in STRUCTURES}
    assert {rule.name for rule in (*RESOURCE_RULES, *STACK_RULES)} == seeded


def test_development_may_be_deleted(estate: Estate) -> None:
    for name in ("vault", "bus", "artifact-account"):
        assert not estate.applied[PLATFORM].named(name).is_protected
