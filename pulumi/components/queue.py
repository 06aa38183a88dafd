"""The app's queue of doorbells."""

from dataclasses import dataclass

import pulumi
from names import queue_name
from placement import Placement, kept
from pulumi_azure_native import servicebus


@dataclass(frozen=True, slots=True)
class QueueArgs:
    """`ttl_s`: a doorbell older than a job may wait is of no use."""

    place: Placement
    platform_group: pulumi.Input[str]
    namespace_name: pulumi.Input[str]
    ttl_s: int


class Queue(pulumi.ComponentResource):
    """Outputs: `queue_id`, `queue_name`."""

    def __init__(self, name: str, args: QueueArgs) -> None:
        super().__init__("kuduso:app:Queue", name)
        self.queue_name = queue_name(args.place.owner.app_id)
        queue = servicebus.Queue(
            "jobs",
            queue_name=self.queue_name,
            namespace_name=args.namespace_name,
            resource_group_name=args.platform_group,
            lock_duration="PT5M",
            max_delivery_count=5,
            requires_duplicate_detection=True,
            duplicate_detection_history_time_window="PT10M",
            default_message_time_to_live=f"PT{args.ttl_s}S",
            dead_lettering_on_message_expiration=True,
            opts=kept(self, args.place),
        )
        self.queue_id = queue.id
        self.register_outputs({"queue_id": queue.id})
