"""The platform's alerts: what all apps feel."""

from dataclasses import dataclass

import pulumi

from monitoring import queries
from monitoring.alerts import (
    LogRule,
    MetricRule,
    Severity,
    Threshold,
    Told,
    log_alert,
    metric_alert,
)


@dataclass(frozen=True, slots=True)
class PlatformAlertsArgs:
    """What is watched."""

    told: Told
    workspace_id: pulumi.Input[str]
    namespace_id: pulumi.Input[str]
    vault_id: pulumi.Input[str]
    artifacts_id: pulumi.Input[str]
    balancer_id: pulumi.Input[str]
    appserver_id: pulumi.Input[str]
    appserver_name: str


class PlatformAlerts(pulumi.ComponentResource):
    """Every rule names its runbook and tells the action group."""

    def __init__(self, name: str, args: PlatformAlertsArgs) -> None:
        super().__init__("kuduso:platform:Alerts", name)
        for rule_name, rule in (_solving_rules(args) | _shared_rules(args)).items():
            metric_alert(rule_name, rule, args.told, self)
        for rule_name, rule in _log_rules(args).items():
            log_alert(rule_name, rule, args.told, self)
        self.register_outputs({})


def _solving_rules(args: PlatformAlertsArgs) -> dict[str, MetricRule]:
    """Nodes and the AppServer in front of them."""
    unhealthy = Threshold("DipAvailability", "Average", "LessThan", 50)
    restarted = Threshold("RestartCount", "Maximum", "GreaterThan", 3)
    crashed = Threshold("Requests", "Total", "GreaterThan", 10, {"statusCodeCategory": ["5xx"]})
    containers = "Microsoft.App/containerapps"
    return {
        "nodes-down": MetricRule(
            "More than half of the nodes do not answer",
            Severity.CRITICAL,
            args.balancer_id,
            "Microsoft.Network/loadBalancers",
            [unhealthy],
            "rhino-down.md",
        ),
        "appserver-restarts": MetricRule(
            "The AppServer restarts again and again",
            Severity.ERROR,
            args.appserver_id,
            containers,
            [restarted],
            "rhino-down.md",
        ),
        "appserver-faults": MetricRule(
            "The AppServer answers 5xx",
            Severity.ERROR,
            args.appserver_id,
            containers,
            [crashed],
            "rhino-down.md",
        ),
    }


def _shared_rules(args: PlatformAlertsArgs) -> dict[str, MetricRule]:
    """Messages, secrets, files."""
    throttled = Threshold("ThrottledRequests", "Total", "GreaterThan", 0)
    refused = Threshold("Availability", "Average", "LessThan", 99)
    return {
        "bus-throttled": MetricRule(
            "Service Bus throttles",
            Severity.WARNING,
            args.namespace_id,
            "Microsoft.ServiceBus/namespaces",
            [throttled],
            "queue-stuck.md",
        ),
        "vault-unavailable": MetricRule(
            "Secrets cannot be read",
            Severity.ERROR,
            args.vault_id,
            "Microsoft.KeyVault/vaults",
            [refused],
            "rotate-keys.md",
        ),
        "storage-unavailable": MetricRule(
            "Files cannot be read or written",
            Severity.ERROR,
            args.artifacts_id,
            "Microsoft.Storage/storageAccounts",
            [refused],
            "disaster-recovery.md",
        ),
    }


def _log_rules(args: PlatformAlertsArgs) -> dict[str, LogRule]:
    busy = queries.APPSERVER_BUSY.format(container=args.appserver_name)
    return {
        "appserver-busy": LogRule(
            "More than 5 % of the AppServer's answers are 429 or 504",
            Severity.WARNING,
            args.workspace_id,
            busy,
            "high-429.md",
            "Percent",
            5,
        ),
        "log-cap-reached": LogRule(
            "The daily cap on logs is reached: nothing is recorded until midnight",
            Severity.WARNING,
            args.workspace_id,
            queries.CAP_REACHED,
            "log-cap.md",
            window="PT1H",
        ),
    }
