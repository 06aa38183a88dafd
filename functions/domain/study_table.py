"""The results of a study as a table: one row a point, for people and for programs."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from contracts.model import JsonObject
from functions.domain.study import Study, StudyPoint
from functions.domain.study_ranking import rank
from functions.domain.study_resource import job_link, named_objectives, named_parameters

MAX_OUTPUT_COLUMNS = 100
CSV = "text/csv"


@dataclass(frozen=True, slots=True)
class Row:
    """A point with its rank: 1 is the best, or the Pareto front where objectives are several."""

    point: StudyPoint
    rank: int | None

    @property
    def is_front(self) -> bool:
        """Whether no other point is better."""
        return self.rank == 1


@dataclass(frozen=True, slots=True)
class Table:
    """All rows, in the order of their points; those that have no result have no rank."""

    study: Study
    rows: tuple[Row, ...]

    @property
    def front(self) -> list[int]:
        """Points that no other point is better than."""
        return [row.point.point for row in self.rows if row.is_front]

    def by_rank(self) -> list[Row]:
        """The best first, what has no rank last."""
        return sorted(self.rows, key=lambda row: (row.rank is None, row.rank, row.point.point))


def build_table(study: Study, points: Sequence[StudyPoint]) -> Table:
    """Rank the points that have succeeded."""
    ranks = rank([point.objectives for point in points], study.goals)
    pairs = zip(points, ranks, strict=True)
    return Table(study, tuple(Row(point, place) for point, place in pairs))


def row_json(study: Study, row: Row, outputs: JsonObject | None) -> JsonObject:
    """One row with everything that is known of the point."""
    point = row.point
    return {
        "point": point.point,
        "status": point.status,
        "parameters": named_parameters(study, point),
        "objectives": named_objectives(study, point),
        "rank": row.rank,
        "is_pareto": row.is_front,
        "is_reused": point.is_reused,
        "outputs": outputs,
        "error": point.error,
        "job_id": None if point.job_id is None else str(point.job_id),
        "job": job_link(study, point),
    }


def to_csv(table: Table, outputs: Mapping[int, JsonObject]) -> str:
    """Comma-separated values with a heading (RFC 4180); lists inside outputs are left out."""
    flat = {point: dict(_scalars(document)) for point, document in outputs.items()}
    names = list(dict.fromkeys(name for row in flat.values() for name in row))
    names = names[:MAX_OUTPUT_COLUMNS]
    study = table.study
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [
            *("point", "status", "rank", "is_pareto"),
            *(f"inputs.{path.removeprefix('$.')}" for path in study.paths),
            *(f"objectives.{str(o['path']).removeprefix('$.')}" for o in study.objectives),
            *(f"outputs.{name}" for name in names),
            *("is_reused", "job_id", "error"),
        ]
    )
    for row in table.rows:
        point = row.point
        values: list[JsonValue] = [
            *(point.point, point.status, row.rank, row.is_front),
            *point.parameters,
            *(point.objectives or [None] * len(study.objectives)),
            *(flat.get(point.point, {}).get(name) for name in names),
            *(point.is_reused, None if point.job_id is None else str(point.job_id)),
            None if point.error is None else point.error.get("code"),
        ]
        writer.writerow([_cell(value) for value in values])
    return text.getvalue()


def _scalars(document: JsonObject, prefix: str = "") -> list[tuple[str, JsonValue]]:
    """Every value that is no list, by its way."""
    found: list[tuple[str, JsonValue]] = []
    for name, value in document.items():
        if isinstance(value, dict):
            found += _scalars(value, f"{prefix}{name}.")
        elif not isinstance(value, list):
            found.append((prefix + name, value))
    return found


def _cell(value: JsonValue) -> str:
    """A cell's text; one that a spreadsheet would take for a formula is quoted (OWASP)."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
        case int() | float():
            return repr(value)
        case _:
            return json.dumps(value, ensure_ascii=False)
