"""An app's workbook: one page in the portal, filtered on its `app_id`."""

import json
import uuid
from dataclasses import dataclass

import pulumi
from placement import Placement
from pulumi_azure_native import applicationinsights

from monitoring import queries, workbook_tiles


@dataclass(frozen=True, slots=True)
class WorkbookArgs:
    """What the page asks."""

    place: Placement
    workspace_id: pulumi.Input[str]
    namespace_id: pulumi.Input[str]
    queue: str
    site: str


class Workbook(pulumi.ComponentResource):
    """Latency, jobs, queue and dead letters, attempts, errors by code, seats, functions, cost."""

    def __init__(self, name: str, args: WorkbookArgs) -> None:
        super().__init__("kuduso:app:Workbook", name)
        owner = args.place.owner
        page = pulumi.Output.all(
            workspace=args.workspace_id, namespace=args.namespace_id, group=args.place.group_id
        ).apply(
            lambda ids: json.dumps(_page(args, ids["workspace"], ids["namespace"], ids["group"]))
        )
        applicationinsights.Workbook(
            "workbook",
            resource_name_=str(
                uuid.uuid5(uuid.NAMESPACE_URL, f"{owner.prefix}/{owner.env}/{owner.app_id}")
            ),
            resource_group_name=args.place.group,
            location=args.place.location,
            display_name=f"{owner.app_id} ({owner.env})",
            category="workbook",
            kind="shared",
            serialized_data=page,
            source_id=args.workspace_id,
            version="Notebook/1.0",
            tags=args.place.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})


def _page(args: WorkbookArgs, workspace: str, namespace: str, group: str) -> dict[str, object]:
    """The counts of messages exist as metrics only: their tile is no query."""

    def ask(title: str, query: str) -> dict[str, object]:
        text = query.format(app_id="{app_id}", site=args.site)
        return workbook_tiles.query(title, text, workspace)

    metrics = ["ActiveMessages", "ScheduledMessages", "DeadletteredMessages"]
    return {
        "version": "Notebook/1.0",
        "items": [
            workbook_tiles.parameters(args.place.owner.app_id),
            ask("Latency of jobs, s", queries.LATENCY_OVER_TIME),
            ask("Jobs", queries.JOBS_OVER_TIME),
            workbook_tiles.metrics("Queue and dead letters", namespace, args.queue, metrics),
            ask("Attempts that jobs needed", queries.ATTEMPTS),
            ask("Errors by code", queries.ERRORS_BY_CODE),
            ask("Seats in use", queries.SEATS_IN_USE),
            ask("Functions", queries.HTTP_BY_FUNCTION),
            workbook_tiles.cost("Cost of this month", group),
        ],
        "fallbackResourceIds": [workspace],
        "$schema": "https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json",
    }
