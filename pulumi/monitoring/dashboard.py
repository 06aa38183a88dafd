"""The platform's dashboard in the portal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import names
import pulumi
from placement import Placement
from pulumi_azure_native import portal

_CHART = "Extension/HubsExtension/PartType/MonitorChartPart"
_AVERAGE, _TOTAL, _MAXIMUM = 4, 1, 3
_WIDTH, _HEIGHT, _COLUMNS = 6, 4, 2


@dataclass(frozen=True, slots=True)
class Chart:
    """One metric of one resource over the last day."""

    title: str
    resource_id: pulumi.Input[str]
    namespace: str
    metric: str
    aggregation: int


@dataclass(frozen=True, slots=True)
class DashboardArgs:
    """What is shown."""

    place: Placement
    namespace_id: pulumi.Input[str]
    balancer_id: pulumi.Input[str]
    scale_set_id: pulumi.Input[str]
    appserver_id: pulumi.Input[str]
    artifacts_id: pulumi.Input[str]


class Dashboard(pulumi.ComponentResource):
    """Queues, dead letters, nodes, AppServer, files."""

    def __init__(self, name: str, args: DashboardArgs) -> None:
        super().__init__("kuduso:platform:Dashboard", name)
        parts = [_part(index, chart) for index, chart in enumerate(_charts(args))]
        portal.Dashboard(
            "dashboard",
            dashboard_name=args.place.name(names.DASHBOARD),
            resource_group_name=args.place.group,
            location=args.place.location,
            properties=portal.DashboardPropertiesWithProvisioningStateArgs(
                lenses=[portal.DashboardLensArgs(order=0, parts=parts)]
            ),
            tags=args.place.tags | {"hidden-title": f"Kuduso ({args.place.owner.env})"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})


def _charts(args: DashboardArgs) -> Sequence[Chart]:
    bus, containers = "microsoft.servicebus/namespaces", "microsoft.app/containerapps"
    nodes, balancers = (
        "microsoft.compute/virtualmachinescalesets",
        "microsoft.network/loadbalancers",
    )
    files = "microsoft.storage/storageaccounts"
    return [
        Chart("Doorbells waiting", args.namespace_id, bus, "ActiveMessages", _AVERAGE),
        Chart("Dead letters", args.namespace_id, bus, "DeadletteredMessages", _MAXIMUM),
        Chart("Nodes that answer, %", args.balancer_id, balancers, "DipAvailability", _AVERAGE),
        Chart("Processor time of nodes, %", args.scale_set_id, nodes, "Percentage CPU", _AVERAGE),
        Chart("Solves asked of the AppServer", args.appserver_id, containers, "Requests", _TOTAL),
        Chart("AppServer replicas", args.appserver_id, containers, "Replicas", _MAXIMUM),
        Chart("Bytes of files", args.artifacts_id, files, "UsedCapacity", _AVERAGE),
    ]


def _part(index: int, chart: Chart) -> portal.DashboardPartsArgs:
    shown = pulumi.Output.from_input(chart.resource_id).apply(
        lambda found: [_options(chart, found)]
    )
    return portal.DashboardPartsArgs(
        position=portal.DashboardPartsPositionArgs(
            x=index % _COLUMNS * _WIDTH,
            y=index // _COLUMNS * _HEIGHT,
            col_span=_WIDTH,
            row_span=_HEIGHT,
        ),
        metadata=portal.DashboardPartMetadataArgs(type=_CHART, inputs=shown, settings={}),
    )


def _options(chart: Chart, resource_id: str) -> Mapping[str, object]:
    metric = {
        "resourceMetadata": {"id": resource_id},
        "name": chart.metric,
        "aggregationType": chart.aggregation,
        "namespace": chart.namespace,
    }
    return {"name": "options", "value": {"chart": {"title": chart.title, "metrics": [metric]}}}
