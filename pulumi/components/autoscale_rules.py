"""What makes nodes come and go."""

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import monitor

RULES_PER_PROFILE = 10
"""Azure takes so many. Source: learn.microsoft.com/rest/api/monitor/autoscale-settings"""
_CPU_RULES = 2
_BUSY_PERCENT, _IDLE_PERCENT = 70, 25
_NAMESPACE_METRICS = "Microsoft.ServiceBus/namespaces"


def cpu_rules(scale_set_id: pulumi.Input[str]) -> list[monitor.ScaleRuleArgs]:
    """One more when busy; one less only after a quarter of an hour of idling."""
    return [
        _rule(_cpu(scale_set_id, "GreaterThan", _BUSY_PERCENT, "PT5M"), "Increase", "PT5M"),
        _rule(_cpu(scale_set_id, "LessThan", _IDLE_PERCENT, "PT15M"), "Decrease", "PT15M"),
    ]


def queue_rules(
    namespace_id: pulumi.Input[str], queues: Sequence[str], seats: int
) -> list[monitor.ScaleRuleArgs]:
    """One more node when a queue holds more doorbells than the seats of the nodes there are.

    Each queue has its rule while they fit into the profile; beyond that one rule takes the longest
    of them, by the namespace's own metric.
    """
    if len(queues) <= RULES_PER_PROFILE - _CPU_RULES:
        triggers = [_queue_length(namespace_id, queue, seats) for queue in queues]
    else:
        triggers = [_longest(namespace_id, queues, seats)]
    return [_rule(trigger, "Increase", "PT5M") for trigger in triggers]


def _cpu(
    scale_set_id: pulumi.Input[str], operator: str, percent: float, window: str
) -> monitor.MetricTriggerArgs:
    return monitor.MetricTriggerArgs(
        metric_name="Percentage CPU",
        metric_resource_uri=scale_set_id,
        operator=monitor.ComparisonOperationType(operator),
        statistic=monitor.MetricStatisticType.AVERAGE,
        time_aggregation=monitor.TimeAggregationType.AVERAGE,
        threshold=percent,
        time_grain="PT1M",
        time_window=window,
    )


def _queue_length(
    namespace_id: pulumi.Input[str], queue: str, seats: int
) -> monitor.MetricTriggerArgs:
    return monitor.MetricTriggerArgs(
        metric_name="ActiveMessageCount",
        metric_resource_uri=pulumi.Output.concat(namespace_id, "/queues/", queue),
        operator=monitor.ComparisonOperationType.GREATER_THAN,
        statistic=monitor.MetricStatisticType.AVERAGE,
        time_aggregation=monitor.TimeAggregationType.AVERAGE,
        threshold=seats,
        time_grain="PT1M",
        time_window="PT5M",
        divide_per_instance=True,
    )


def _longest(
    namespace_id: pulumi.Input[str], queues: Sequence[str], seats: int
) -> monitor.MetricTriggerArgs:
    return monitor.MetricTriggerArgs(
        metric_name="ActiveMessages",
        metric_namespace=_NAMESPACE_METRICS,
        metric_resource_uri=namespace_id,
        dimensions=[
            monitor.ScaleRuleMetricDimensionArgs(
                dimension_name="EntityName", operator="Equals", values=list(queues)
            )
        ],
        operator=monitor.ComparisonOperationType.GREATER_THAN,
        statistic=monitor.MetricStatisticType.MAX,
        time_aggregation=monitor.TimeAggregationType.MAXIMUM,
        threshold=seats,
        time_grain="PT1M",
        time_window="PT5M",
        divide_per_instance=True,
    )


def _rule(
    trigger: monitor.MetricTriggerArgs, direction: str, cooldown: str
) -> monitor.ScaleRuleArgs:
    return monitor.ScaleRuleArgs(
        metric_trigger=trigger,
        scale_action=monitor.ScaleActionArgs(
            direction=monitor.ScaleDirection(direction),
            type=monitor.ScaleType.CHANGE_COUNT,
            value="1",
            cooldown=cooldown,
        ),
    )
