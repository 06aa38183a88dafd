"""Diagnostic settings: a resource's own logs and metrics go to the workspace."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import monitor

ALL_LOGS = "allLogs"


@dataclass(frozen=True, slots=True)
class DiagnosticsArgs:
    """What is kept of which resource; `categories` instead of everything where that is too much."""

    resource_id: pulumi.Input[str]
    workspace_id: pulumi.Input[str]
    categories: Sequence[str] = ()
    has_logs: bool = True
    metrics: str = "AllMetrics"


def diagnose(name: str, args: DiagnosticsArgs, parent: pulumi.Resource) -> None:
    """Send logs and metrics of one resource to the workspace."""
    logs = [
        monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True)
        for category in args.categories
    ]
    if args.has_logs and not args.categories:
        logs = [monitor.DiagnosticsLogSettingsArgs(category_group=ALL_LOGS, enabled=True)]
    monitor.DiagnosticSetting(
        f"{name}-diagnostics",
        name="to-workspace",
        resource_uri=args.resource_id,
        workspace_id=args.workspace_id,
        log_analytics_destination_type="Dedicated",
        logs=logs,
        metrics=[monitor.DiagnosticsMetricSettingsArgs(category=args.metrics, enabled=True)],
        opts=pulumi.ResourceOptions(parent=parent),
    )
