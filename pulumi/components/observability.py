"""Where logs, metrics and traces go: a capped workspace, and Application Insights on it."""

from dataclasses import dataclass

import names
import pulumi
from placement import Placement, inside, kept
from pulumi_azure_native import applicationinsights, operationalinsights


@dataclass(frozen=True, slots=True)
class ObservabilityArgs:
    """`cap_gb` a day bounds the bill; an alert tells when it is reached."""

    place: Placement
    cap_gb: float
    retention_days: int


class Observability(pulumi.ComponentResource):
    """Outputs: `workspace_id`, `insights_id`, `connection_string` (secret)."""

    def __init__(self, name: str, args: ObservabilityArgs) -> None:
        super().__init__("kuduso:platform:Observability", name)
        place = args.place
        workspace = operationalinsights.Workspace(
            "workspace",
            workspace_name=place.name(names.WORKSPACE),
            resource_group_name=place.group,
            location=place.location,
            sku=operationalinsights.WorkspaceSkuArgs(name="PerGB2018"),
            retention_in_days=args.retention_days,
            workspace_capping=operationalinsights.WorkspaceCappingArgs(daily_quota_gb=args.cap_gb),
            tags=place.tags,
            opts=kept(self, place),
        )
        insights = applicationinsights.Component(
            "insights",
            resource_name_=place.name(names.INSIGHTS),
            resource_group_name=place.group,
            location=place.location,
            kind="web",
            application_type="web",
            ingestion_mode="LogAnalytics",
            workspace_resource_id=workspace.id,
            disable_local_auth=False,  # the Container Apps agent knows connection strings only
            tags=place.tags,
            opts=inside(self),
        )
        self.workspace_id = workspace.id
        self.insights_id = insights.id
        self.connection_string = pulumi.Output.secret(insights.connection_string)
        self.register_outputs({"workspace_id": self.workspace_id})
