"""An app's alerts: its queue, its functions, its answers."""

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

_BUS = "Microsoft.ServiceBus/namespaces"


@dataclass(frozen=True, slots=True)
class AppAlertsArgs:
    """`queue_most`: doorbells that may wait before somebody should look; `latency_s`: see p95."""

    told: Told
    namespace_id: pulumi.Input[str]
    workspace_id: pulumi.Input[str]
    queue: str
    queue_most: int
    latency_s: float
    site: str


class AppAlerts(pulumi.ComponentResource):
    """Every rule names its runbook and tells the platform's action group."""

    def __init__(self, name: str, args: AppAlertsArgs) -> None:
        super().__init__("kuduso:app:Alerts", name)
        for rule_name, rule in _queue_rules(args).items():
            metric_alert(rule_name, rule, args.told, self)
        for rule_name, rule in _log_rules(args).items():
            log_alert(rule_name, rule, args.told, self)
        self.register_outputs({})


def _queue_rules(args: AppAlertsArgs) -> dict[str, MetricRule]:
    only = {"EntityName": [args.queue]}
    waiting = Threshold("ActiveMessages", "Average", "GreaterThan", args.queue_most, only)
    some = Threshold("ActiveMessages", "Minimum", "GreaterThan", 0, only)
    none_done = Threshold("CompleteMessage", "Total", "LessThan", 1, only)
    dead = Threshold("DeadletteredMessages", "Maximum", "GreaterThan", 0, only)
    scope = args.namespace_id
    return {
        "queue-long": MetricRule(
            "Jobs wait in the queue",
            Severity.WARNING,
            scope,
            _BUS,
            [waiting],
            "queue-stuck.md",
            "PT15M",
        ),
        "dead-letters": MetricRule(
            "Messages were dead-lettered", Severity.ERROR, scope, _BUS, [dead], "dead-letters.md"
        ),
        "no-consumer": MetricRule(
            "Doorbells wait and nobody takes them",
            Severity.CRITICAL,
            scope,
            _BUS,
            [some, none_done],
            "queue-stuck.md",
            "PT15M",
        ),
    }


def _log_rules(args: AppAlertsArgs) -> dict[str, LogRule]:
    def ask(query: str) -> str:
        return query.format(site=args.site, app_id=args.told.place.owner.app_id)

    logs = args.workspace_id
    return {
        "failed-functions": LogRule(
            "Functions fail",
            Severity.ERROR,
            logs,
            ask(queries.FAILED_FUNCTIONS),
            "failed-functions.md",
            "Failures",
            5,
        ),
        "slow-jobs": LogRule(
            f"More than 5 of 100 jobs take longer than {args.latency_s:g} s",
            Severity.WARNING,
            logs,
            ask(queries.JOB_LATENCY),
            "queue-stuck.md",
            "P95",
            args.latency_s,
        ),
        "busy-answers": LogRule(
            "More than 5 % of the answers are 429 or 504",
            Severity.WARNING,
            logs,
            ask(queries.BUSY_ANSWERS),
            "high-429.md",
            "Percent",
            5,
        ),
    }
