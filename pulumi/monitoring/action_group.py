"""Who is told when an alert fires."""

from dataclasses import dataclass

import names
import pulumi
from placement import Placement
from pulumi_azure_native import monitor


@dataclass(frozen=True, slots=True)
class ActionGroupArgs:
    """The team's address."""

    place: Placement
    email: str


class ActionGroup(pulumi.ComponentResource):
    """Outputs: `group_id`."""

    def __init__(self, name: str, args: ActionGroupArgs) -> None:
        super().__init__("kuduso:platform:ActionGroup", name)
        group = monitor.ActionGroup(
            "operators",
            action_group_name=args.place.name(names.ACTION_GROUP),
            resource_group_name=args.place.group,
            location="global",
            group_short_name=args.place.owner.short,
            enabled=True,
            email_receivers=[
                monitor.MicrosoftCommonEmailReceiverArgs(
                    name="operators", email_address=args.email, use_common_alert_schema=True
                )
            ],
            tags=args.place.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.group_id = group.id
        self.register_outputs({"group_id": group.id})
