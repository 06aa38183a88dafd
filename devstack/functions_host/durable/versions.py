"""Which orchestration versions this host may run.

Source: https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-orchestration-versioning
"""

import re
from typing import Literal

MatchStrategy = Literal["None", "Strict", "CurrentOrOlder"]
FailureStrategy = Literal["Reject", "Fail"]

_NUMERIC = re.compile(r"\d+(\.\d+){1,3}")


def may_run(instance_version: str, host_version: str, strategy: MatchStrategy) -> bool:
    """Whether a host of one default version may run an instance of another."""
    if strategy == "None":
        return True
    order = _order(instance_version, host_version)
    return order == 0 if strategy == "Strict" else order <= 0


def _order(left: str, right: str) -> int:
    """Negative when left is older: numbers as System.Version, other texts as they sort."""
    if _NUMERIC.fullmatch(left) and _NUMERIC.fullmatch(right):
        return _sign(_numbers(left) > _numbers(right), _numbers(left) < _numbers(right))
    # No version sorts before every other, and so does the empty text.
    return _sign(left.lower() > right.lower(), left.lower() < right.lower())


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _sign(is_after: bool, is_before: bool) -> int:  # noqa: FBT001 - both read as words above
    return int(is_after) - int(is_before)
