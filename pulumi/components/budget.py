"""What an app may cost a month, and who hears of it."""

from dataclasses import dataclass

import names
import pulumi
from placement import Placement
from pulumi_azure_native import consumption


@dataclass(frozen=True, slots=True)
class BudgetArgs:
    """`start`: first day of a month; Azure wants the current one when the budget is made."""

    place: Placement
    monthly: float
    start: str
    action_group_id: pulumi.Input[str]


class Budget(pulumi.ComponentResource):
    """Told at 80 % spent and at 100 % foreseen. It stops nothing."""

    def __init__(self, name: str, args: BudgetArgs) -> None:
        super().__init__("kuduso:app:Budget", name)
        consumption.Budget(
            "budget",
            budget_name=args.place.name(names.BUDGET),
            scope=args.place.group_id,
            category="Cost",
            amount=args.monthly,
            time_grain="Monthly",
            time_period=consumption.BudgetTimePeriodArgs(start_date=f"{args.start}T00:00:00Z"),
            notifications={
                "spent": _told("Actual", 80, args.action_group_id),
                "foreseen": _told("Forecasted", 100, args.action_group_id),
            },
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["timePeriod"]),
        )
        self.register_outputs({})


def _told(
    kind: str, percent: float, action_group_id: pulumi.Input[str]
) -> consumption.NotificationArgs:
    return consumption.NotificationArgs(
        enabled=True,
        operator="GreaterThanOrEqualTo",
        threshold=percent,
        threshold_type=kind,
        contact_emails=[],
        contact_roles=["Owner"],
        contact_groups=[action_group_id],
    )
