"""Tiles of a workbook, as Azure's notebook format writes them.

Source: https://github.com/microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json
"""

import json
from collections.abc import Sequence

_PARAMETERS, _QUERY, _METRICS = 9, 3, 10
_LOGS, _ARM = 0, 12
_TEXT, _TIME_RANGE = 1, 4


def parameters(app_id: str) -> dict[str, object]:
    """The page's time range, and the app that every query filters on."""
    return {
        "type": _PARAMETERS,
        "name": "parameters",
        "content": {
            "version": "KqlParameterItem/1.0",
            "parameters": [
                {
                    "id": "a2b4ae0e-5ac4-4d3a-9d3c-0a4d76d3d001",
                    "version": "KqlParameterItem/1.0",
                    "name": "time_range",
                    "type": _TIME_RANGE,
                    "value": {"durationMs": 86_400_000},
                },
                {
                    "id": "a2b4ae0e-5ac4-4d3a-9d3c-0a4d76d3d002",
                    "version": "KqlParameterItem/1.0",
                    "name": "app_id",
                    "type": _TEXT,
                    "isRequired": True,
                    "value": app_id,
                },
            ],
        },
    }


def query(title: str, text: str, workspace: str) -> dict[str, object]:
    """A question to the logs."""
    return {
        "type": _QUERY,
        "name": title,
        "content": {
            "version": "KqlItem/1.0",
            "title": title,
            "query": text,
            "queryType": _LOGS,
            "resourceType": "microsoft.operationalinsights/workspaces",
            "crossComponentResources": [workspace],
            "timeContextFromParameter": "time_range",
            "size": 0,
        },
    }


def metrics(title: str, resource: str, queue: str, found: Sequence[str]) -> dict[str, object]:
    """Metrics of one queue of a Service Bus namespace."""
    kind = "microsoft.servicebus/namespaces"
    return {
        "type": _METRICS,
        "name": title,
        "content": {
            "version": "MetricsItem/2.0",
            "title": title,
            "chartType": 2,
            "resourceType": kind,
            "resourceIds": [resource],
            "timeContextFromParameter": "time_range",
            "metrics": [
                {"namespace": kind, "metric": f"{kind}--{metric}", "aggregation": 3}
                for metric in found
            ],
            "filters": [{"key": "EntityName", "operator": 0, "values": [queue]}],
        },
    }


def cost(title: str, group: str) -> dict[str, object]:
    """What the app's resource group cost since the first of the month, by kind of resource."""
    asked = {
        "type": "ActualCost",
        "timeframe": "MonthToDate",
        "dataset": {
            "granularity": "None",
            "aggregation": {"total": {"name": "Cost", "function": "Sum"}},
            "grouping": [{"type": "Dimension", "name": "ServiceName"}],
        },
    }
    call = {
        "version": "ARMEndpoint/1.0",
        "method": "POST",
        "path": f"{group}/providers/Microsoft.CostManagement/query",
        "urlParams": [{"key": "api-version", "value": "2023-03-01"}],
        "data": json.dumps(asked),
        "transformers": [{"type": "jsonpath", "settings": {"tablePath": "$.properties.rows"}}],
    }
    return {
        "type": _QUERY,
        "name": title,
        "content": {
            "version": "KqlItem/1.0",
            "title": title,
            "query": json.dumps(call),
            "queryType": _ARM,
            "size": 0,
        },
    }
