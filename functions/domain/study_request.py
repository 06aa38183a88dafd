"""Body of `POST /{app_id}/studies`, read into points, objectives and rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

from pydantic import JsonValue

from contracts.errors import ContractViolationError, Violation
from contracts.model import JsonObject
from contracts.validation import SchemaChecker
from functions.domain.study import Objective, read_stop
from functions.domain.study_path import ValuePath
from functions.domain.study_schema import MAX_POINTS, SPACES, study_schema
from functions.domain.study_space import Parameter, Space, SpaceKind, Span


@dataclass(frozen=True, slots=True)
class StudyRequest:
    """What a client asks for; `space_json` and `stop` as they were sent."""

    definition: str | None
    version: str | None
    base: JsonObject
    space: Space
    space_json: JsonObject
    objectives: tuple[Objective, ...]
    concurrency: int | None
    stop: JsonObject
    labels: Mapping[str, str]


def read_study(document: JsonValue) -> StudyRequest:
    """Check the body; whether its points keep a contract is for the contract to say.

    Raises:
        ContractViolationError: naming each member that is wrong or unknown.
    """
    body = _checker().complete(document)
    space_json = _object(body["space"])
    objectives = tuple(_objectives(body))
    stop = _object(body.get("stop"))
    _check_objectives(objectives, stop)
    concurrency = body.get("concurrency")
    return StudyRequest(
        definition=_text(body.get("definition")),
        version=_text(body.get("version")),
        base=_object(body.get("base")),
        space=_read_space(space_json),
        space_json=space_json,
        objectives=objectives,
        concurrency=concurrency if isinstance(concurrency, int) else None,
        stop=stop,
        labels=cast("dict[str, str]", _object(body.get("labels"))),
    )


@cache
def _checker() -> SchemaChecker:
    return SchemaChecker(study_schema())


@cache
def _space_checker(kind: str) -> SchemaChecker:
    return SchemaChecker(SPACES[kind])


def _objectives(body: JsonObject) -> Iterator[Objective]:
    for entry in _objects(body.get("objectives")):
        goal = "min" if entry["goal"] == "min" else "max"
        yield Objective(ValuePath.parse(str(entry["path"])), goal)


def _check_objectives(objectives: tuple[Objective, ...], stop: JsonObject) -> None:
    paths = [objective.path.text for objective in objectives]
    for place, path in enumerate(paths):
        if path in paths[:place]:
            raise _broken(f"/objectives/{place}/path", "Is an objective already.")
    try:
        read_stop(stop, paths)
    except ValueError as error:
        message = "Is none of the study's objectives."
        raise _broken("/stop/objective/path", message) from error


def _read_space(document: JsonObject) -> Space:
    kind = cast("SpaceKind", document["type"])
    try:
        body = _space_checker(kind).complete(document)
    except ContractViolationError as error:
        moved = [
            Violation(f"/space{v.pointer}", v.code, v.message, v.hint) for v in error.violations
        ]
        raise ContractViolationError(error.kind, moved) from error
    if kind == "list":
        return _read_list(body)
    entries = enumerate(_objects(body["parameters"]))
    read = _grid_parameter if kind == "grid" else _sampled_parameter
    parameters = tuple(read(entry, f"/space/parameters/{place}") for place, entry in entries)
    _check_distinct(parameters)
    return Space(kind, parameters, _whole(body.get("count")), _whole(body.get("seed")))


def _read_list(body: JsonObject) -> Space:
    rows = _objects(body["points"])
    names = list(rows[0])
    for place, row in enumerate(rows):
        if set(row) != set(names):
            message = f"Must have the members of the first point: {', '.join(names)}."
            raise _broken(f"/space/points/{place}", message)
    parameters = tuple(Parameter(ValuePath.parse(name)) for name in names)
    _check_distinct(parameters)
    return Space("list", parameters, rows=tuple(tuple(row[n] for n in names) for row in rows))


def _grid_parameter(entry: JsonObject, pointer: str) -> Parameter:
    path = ValuePath.parse(str(entry["path"]))
    values = entry.get("values")
    if isinstance(values, list):
        _refuse(entry, ("min", "max", "count", "step"), pointer)
        return Parameter(path, values=tuple(values))
    span = _span(entry, pointer)
    step, count = entry.get("step"), entry.get("count")
    if (step is None) == (count is None):
        raise _broken(pointer, "Needs either `count` or `step` beside `min` and `max`.")
    if isinstance(step, int | float):
        if (span.high - span.low) / step >= MAX_POINTS:
            raise _broken(f"{pointer}/step", f"Gives more than {MAX_POINTS} values.")
        return Parameter(path, span, span.stepped(step))
    return Parameter(path, span, span.levels(_whole(count)))


def _sampled_parameter(entry: JsonObject, pointer: str) -> Parameter:
    path = ValuePath.parse(str(entry["path"]))
    values = entry.get("values")
    if isinstance(values, list):
        _refuse(entry, ("min", "max"), pointer)
        return Parameter(path, values=tuple(values))
    return Parameter(path, _span(entry, pointer))


def _span(entry: JsonObject, pointer: str) -> Span:
    low, high = entry.get("min"), entry.get("max")
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        raise _broken(pointer, "Needs either `values` or both `min` and `max`.")
    if low > high:
        raise _broken(f"{pointer}/max", "Must not be less than `min`.")
    is_integer, is_log = entry.get("integer") is True, entry.get("scale") == "log"
    if is_log and (low <= 0 or is_integer):
        raise _broken(f"{pointer}/scale", "A log scale needs a positive `min`, and fractions.")
    if is_integer and not (float(low).is_integer() and float(high).is_integer()):
        raise _broken(f"{pointer}/integer", "`min` and `max` must be whole numbers then.")
    return Span(low, high, is_integer=is_integer, is_log=is_log)


def _refuse(entry: JsonObject, names: tuple[str, ...], pointer: str) -> None:
    for name in names:
        if name in entry:
            raise _broken(f"{pointer}/{name}", "Stands for what `values` lists already.")


def _check_distinct(parameters: tuple[Parameter, ...]) -> None:
    """No path may be, or lie below, another one: the later would undo the earlier."""
    ways = [parameter.path.steps for parameter in parameters]
    for place, way in enumerate(ways):
        for other in ways[:place]:
            shorter = min(len(way), len(other))
            if way[:shorter] == other[:shorter]:
                pointer = f"/space/parameters/{place}/path"
                raise _broken(pointer, "Is, or lies within, the path of another parameter.")


def _broken(pointer: str, message: str) -> ContractViolationError:
    return ContractViolationError("schema_violation", [Violation(pointer, "study", message)])


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _objects(value: JsonValue) -> list[JsonObject]:
    entries = value if isinstance(value, list) else []
    return [entry for entry in entries if isinstance(entry, dict)]


def _whole(value: JsonValue) -> int:
    return int(value) if isinstance(value, int | float) else 0
