"""`feasible`: a list of solutions has at least one."""

from pydantic import JsonValue


def feasible(value: JsonValue) -> str | None:
    """Check a list of solutions: an empty one means that the constraints cannot be met."""
    if value == []:
        return "No solution meets the constraints: the inputs are infeasible."
    return None
