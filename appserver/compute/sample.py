"""A document that is valid against a JSON Schema, the same for the same draws."""

import math

from pydantic import JsonValue

from appserver.compute.draws import Draws
from appserver.compute.sample_text import sample_text
from contracts.defaults import members, resolve
from contracts.model import JsonObject

_SPAN = 100.0
_DECIMALS = 3
_LONGEST_LIST = 3


def sample(root: JsonObject, schema: JsonValue, draws: Draws) -> JsonValue:
    """A value for `schema`, whose references point into `root`.

    Follows const, enum, type, required and optional members, bounds, lengths and simple patterns;
    of anyOf and oneOf it takes the first form. A list has at least one entry where it may, but
    refusals have none.

    Raises:
        ValueError: a pattern is beyond the sampler.
    """
    schema = _merged(root, resolve(root, schema))
    if "const" in schema:
        return schema["const"]
    options = schema.get("enum")
    if isinstance(options, list):
        return options[draws.below(len(options))]
    kind = _kind(schema)
    if kind == "object":
        return {name: sample(root, member, draws) for name, member in members(schema)}
    if kind == "array":
        return _list(root, schema, draws)
    return _plain(kind, schema, draws)


def _plain(kind: JsonValue, schema: JsonObject, draws: Draws) -> JsonValue:
    match kind:
        case "string":
            return _text(schema, draws)
        case "boolean":
            return draws.below(2) == 1
        case "integer":
            return int(_number(schema, draws, whole=True))
        case "number":
            return _number(schema, draws, whole=False)
        case _:
            return None


def _merged(root: JsonObject, schema: JsonObject) -> JsonObject:
    """The schema with the first form of each combination folded in."""
    forms: list[JsonValue] = []
    for keyword, count in (("allOf", None), ("anyOf", 1), ("oneOf", 1)):
        listed = schema.get(keyword)
        if isinstance(listed, list):
            forms += listed[:count]
    for form in forms:
        inner = _merged(root, resolve(root, form))
        together: JsonObject = {**dict(members(schema)), **dict(members(inner))}
        schema = {**schema, **inner}
        if together:
            schema["properties"] = together
    return schema


def _kind(schema: JsonObject) -> JsonValue:
    kind = schema.get("type")
    if isinstance(kind, list):
        return next((name for name in kind if name != "null"), "null")
    if kind is None and "properties" in schema:
        return "object"
    return kind


def _list(root: JsonObject, schema: JsonObject, draws: Draws) -> JsonValue:
    rules = schema.get("x-rules")
    if isinstance(rules, list) and "not_refused" in rules:
        return []
    least = int(_bound(schema, "minItems", 0))
    most = int(_bound(schema, "maxItems", max(least, _LONGEST_LIST)))
    low = min(max(least, 1), most)
    count = low + draws.below(max(min(most, max(_LONGEST_LIST, low)) - low, 0) + 1)
    return [sample(root, schema.get("items"), draws) for _ in range(count)]


def _text(schema: JsonObject, draws: Draws) -> str:
    pattern = schema.get("pattern")
    if isinstance(pattern, str):
        return sample_text(pattern, draws)
    least = int(_bound(schema, "minLength", 0))
    most = int(_bound(schema, "maxLength", math.inf)) if "maxLength" in schema else None
    return f"mock-{draws.below(10_000)}".ljust(least, "x")[:most]


def _number(schema: JsonObject, draws: Draws, *, whole: bool) -> float:
    low = max(_bound(schema, "minimum", -math.inf), _bound(schema, "exclusiveMinimum", -math.inf))
    high = min(_bound(schema, "maximum", math.inf), _bound(schema, "exclusiveMaximum", math.inf))
    if math.isinf(low):
        low = 0.0 if high > 0 else high - _SPAN
    if math.isinf(high):
        high = low + _SPAN
    step = _bound(schema, "multipleOf", 1.0 if whole else 0.0)
    if step > 0:
        return _multiple(schema, draws, (low, high, step))
    value = round(low + draws.fraction() * (high - low), _DECIMALS)
    # Rounding may leave the range or meet an exclusive end; the middle does neither.
    return value if low < value < high else (low + high) / 2


def _multiple(schema: JsonObject, draws: Draws, span: tuple[float, float, float]) -> float:
    low, high, step = span
    first, last = math.ceil(low / step), math.floor(high / step)
    first += first * step == schema.get("exclusiveMinimum")
    last -= last * step == schema.get("exclusiveMaximum")
    return (first + draws.below(max(last - first, 0) + 1)) * step


def _bound(schema: JsonObject, keyword: str, otherwise: float) -> float:
    value = schema.get(keyword)
    return value if isinstance(value, int | float) else otherwise
