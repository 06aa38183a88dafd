"""Alert rules: on a metric of a resource, or on what a query of the logs finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import names
import pulumi
from placement import Placement, inside
from pulumi_azure_native import monitor


class Severity(IntEnum):
    """Azure's scale."""

    CRITICAL = 0
    ERROR = 1
    WARNING = 2


@dataclass(frozen=True, slots=True)
class Told:
    """What every rule of a component shares; `runbooks`: the address of their folder."""

    place: Placement
    action_group_id: pulumi.Input[str]
    runbooks: str

    def description(self, title: str, runbook: str) -> str:
        """What is wrong, and the page that says what to do."""
        return f"{title}. What to do: {self.runbooks}/{runbook}"


@dataclass(frozen=True, slots=True)
class Threshold:
    """One condition on a metric; `only` restricts dimensions to single values."""

    metric: str
    aggregation: str
    operator: str
    value: float
    only: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])


@dataclass(frozen=True, slots=True)
class MetricRule:
    """Fires when all thresholds are crossed over `window` (ISO 8601)."""

    title: str
    severity: Severity
    scope: pulumi.Input[str]
    namespace: str
    thresholds: Sequence[Threshold]
    runbook: str
    window: str = "PT5M"


@dataclass(frozen=True, slots=True)
class LogRule:
    """Fires when `query` finds more than `most` in `column`, or any row without a column."""

    title: str
    severity: Severity
    workspace_id: pulumi.Input[str]
    query: str
    runbook: str
    column: str | None = None
    most: float = 0
    window: str = "PT15M"


def metric_alert(name: str, rule: MetricRule, told: Told, parent: pulumi.Resource) -> None:
    """Make the rule. The criteria are Args: in a dict Pulumi would send their keys unchanged."""
    monitor.MetricAlert(
        name,
        rule_name=told.place.name(names.ALERT, name),
        resource_group_name=told.place.group,
        location="global",
        description=told.description(rule.title, rule.runbook),
        severity=int(rule.severity),
        enabled=True,
        auto_mitigate=True,
        scopes=[rule.scope],
        evaluation_frequency="PT1M" if rule.window == "PT5M" else "PT5M",
        window_size=rule.window,
        criteria=monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
            odata_type="Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
            all_of=[_criterion(rule, index) for index in range(len(rule.thresholds))],
        ),
        actions=[monitor.MetricAlertActionArgs(action_group_id=told.action_group_id)],
        tags=told.place.tags,
        opts=inside(parent),
    )


def _criterion(rule: MetricRule, index: int) -> monitor.MetricCriteriaArgs:
    threshold = rule.thresholds[index]
    return monitor.MetricCriteriaArgs(
        name=f"criterion-{index + 1}",
        criterion_type="StaticThresholdCriterion",
        metric_namespace=rule.namespace,
        metric_name=threshold.metric,
        time_aggregation=threshold.aggregation,
        operator=threshold.operator,
        threshold=threshold.value,
        dimensions=[
            monitor.MetricDimensionArgs(name=name, operator="Include", values=list(values))
            for name, values in threshold.only.items()
        ],
    )


def log_alert(name: str, rule: LogRule, told: Told, parent: pulumi.Resource) -> None:
    """Make the rule."""
    monitor.ScheduledQueryRule(
        name,
        rule_name=told.place.name(names.ALERT, name),
        resource_group_name=told.place.group,
        location=told.place.location,
        kind="LogAlert",
        display_name=rule.title,
        description=told.description(rule.title, rule.runbook),
        severity=int(rule.severity),
        enabled=True,
        auto_mitigate=True,
        scopes=[rule.workspace_id],
        evaluation_frequency="PT5M",
        window_size=rule.window,
        criteria=monitor.ScheduledQueryRuleCriteriaArgs(
            all_of=[
                monitor.ConditionArgs(
                    query=rule.query,
                    metric_measure_column=rule.column,
                    time_aggregation="Maximum" if rule.column else "Count",
                    operator="GreaterThan",
                    threshold=rule.most,
                    failing_periods=monitor.ConditionFailingPeriodsArgs(
                        number_of_evaluation_periods=1, min_failing_periods_to_alert=1
                    ),
                )
            ]
        ),
        actions=monitor.ActionsArgs(action_groups=[told.action_group_id]),
        tags=told.place.tags,
        opts=inside(parent),
    )
