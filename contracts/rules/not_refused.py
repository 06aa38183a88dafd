"""`not_refused`: the definition gave no reason to refuse its inputs."""

from pydantic import JsonValue


def not_refused(value: JsonValue) -> str | None:
    """Check a list of reasons in words: what only the definition can see, such as a clash.

    The outputs' schema names this rule at a list that the definition fills when it cannot answer;
    the job then fails as infeasible, with the reasons, instead of as a broken definition.
    """
    if not isinstance(value, list) or not value:
        return None
    return " ".join(str(reason) for reason in value)
