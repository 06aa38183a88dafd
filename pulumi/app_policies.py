"""What the apps' contract folders say: seats, times, limits. Nothing of it is said twice."""

import math
from collections.abc import Iterable, Mapping

from stack_config import CONTRACTS, StackConfigError

from contracts.files import read_model
from contracts.policy import Policy


def read_policies(app_ids: Iterable[str]) -> dict[str, Policy]:
    """The policies of several apps by id."""
    return {app_id: read_policy(app_id) for app_id in app_ids}


def read_policy(app_id: str) -> Policy:
    """`contracts/<app_id>/policy.json`.

    Raises:
        StackConfigError: there is no such app.
        ContractFileError: the file breaks a rule.
    """
    file = CONTRACTS / app_id / "policy.json"
    if not file.is_file():
        raise StackConfigError(f"there is no app {app_id!r}: {file} is missing")
    return read_model(file, Policy)


def nodes_for(policies: Mapping[str, Policy], seats_per_node: int, most: int) -> int:
    """How many nodes the apps' seats can use, at most `most`; more would only be paid for."""
    seats = sum(policy.batch_seats + policy.preview_seats for policy in policies.values())
    return max(1, min(most, math.ceil(seats / seats_per_node)))
