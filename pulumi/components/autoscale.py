"""How many nodes there are: by processor time and by what waits in the apps' queues."""

from collections.abc import Sequence
from dataclasses import dataclass

import names
import pulumi
from placement import Placement, inside
from pulumi_azure_native import monitor

from components.autoscale_rules import cpu_rules, queue_rules

_WORKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
_MORNING_H, _EVENING_H = 7, 20


@dataclass(frozen=True, slots=True)
class AutoscaleArgs:
    """`most` is already within the apps' seats. `queues`: every app's, by name."""

    place: Placement
    scale_set_id: pulumi.Input[str]
    namespace_id: pulumi.Input[str]
    queues: Sequence[str]
    seats: int
    least: int
    most: int
    off_hours: bool
    time_zone: str


class Autoscale(pulumi.ComponentResource):
    """One setting a target is all that Azure allows: the platform owns the rules of every queue."""

    def __init__(self, name: str, args: AutoscaleArgs) -> None:
        super().__init__("kuduso:platform:Autoscale", name)
        monitor.AutoscaleSetting(
            "autoscale",
            autoscale_setting_name=args.place.name(names.AUTOSCALE),
            resource_group_name=args.place.group,
            location=args.place.location,
            enabled=True,
            target_resource_uri=args.scale_set_id,
            profiles=_profiles(args),
            tags=args.place.tags,
            opts=inside(self),
        )
        self.register_outputs({})


def _profiles(args: AutoscaleArgs) -> list[monitor.AutoscaleProfileArgs]:
    working = _working(args, "always", None)
    if not args.off_hours:
        return [working]
    closed = monitor.ScaleCapacityArgs(default="0", minimum="0", maximum="0")
    return [
        working,
        _working(args, "working-hours", _weekdays(_MORNING_H, args.time_zone)),
        monitor.AutoscaleProfileArgs(
            name="off-hours",
            capacity=closed,
            rules=[],
            recurrence=_weekdays(_EVENING_H, args.time_zone),
        ),
    ]


def _working(
    args: AutoscaleArgs, name: str, recurrence: monitor.RecurrenceArgs | None
) -> monitor.AutoscaleProfileArgs:
    return monitor.AutoscaleProfileArgs(
        name=name,
        capacity=monitor.ScaleCapacityArgs(
            default=str(args.least), minimum=str(args.least), maximum=str(args.most)
        ),
        rules=[
            *cpu_rules(args.scale_set_id),
            *queue_rules(args.namespace_id, args.queues, args.seats),
        ],
        recurrence=recurrence,
    )


def _weekdays(hour: int, time_zone: str) -> monitor.RecurrenceArgs:
    """A recurring profile holds until the next one begins: Friday's evening lasts to Monday."""
    return monitor.RecurrenceArgs(
        frequency=monitor.RecurrenceFrequency.WEEK,
        schedule=monitor.RecurrentScheduleArgs(
            days=_WORKDAYS, hours=[hour], minutes=[0], time_zone=time_zone
        ),
    )
