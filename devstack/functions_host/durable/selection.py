"""Which instances a caller wants, and the statement that finds them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InstanceFilter:
    """Which instances to list; None and empty mean any."""

    created_from: float | None = None
    created_to: float | None = None
    statuses: Sequence[str] = ()
    id_prefix: str = ""


def selection(wanted: InstanceFilter) -> tuple[str, list[object]]:
    """The statement of a filter, with its arguments."""
    conditions: list[tuple[str, list[object]]] = []
    if wanted.created_from is not None:
        conditions.append(("created_at >= ?", [wanted.created_from]))
    if wanted.created_to is not None:
        conditions.append(("created_at <= ?", [wanted.created_to]))
    if wanted.statuses:
        places = ",".join("?" * len(wanted.statuses))
        conditions.append((f"status IN ({places})", list(wanted.statuses)))
    if wanted.id_prefix:
        prefix = wanted.id_prefix
        conditions.append(("substr(id, 1, ?) = ?", [len(prefix), prefix]))
    where = " AND ".join(text for text, _ in conditions) or "true"
    arguments = [argument for _, given in conditions for argument in given]
    return (
        f"SELECT * FROM instance WHERE {where} ORDER BY created_at, id",  # noqa: S608 - constant texts
        arguments,
    )
