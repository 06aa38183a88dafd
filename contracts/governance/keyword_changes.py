"""Whether a changed JSON Schema keyword accepts less or more than it did."""

import json
from typing import Literal

from pydantic import JsonValue

Relation = Literal["narrower", "wider"]

_LOWER = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
_UPPER = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})
_OTHER = frozenset(
    {
        *("type", "enum", "const", "pattern", "format", "multipleOf", "uniqueItems", "x-rules"),
        *("additionalProperties", "propertyNames", "patternProperties", "prefixItems", "contains"),
        *("allOf", "anyOf", "oneOf", "not", "if", "then", "else"),
        *("dependentRequired", "dependentSchemas"),
    }
)
CONSTRAINTS = _LOWER | _UPPER | _OTHER
_NEUTRAL: dict[str, JsonValue] = {"additionalProperties": True, "uniqueItems": False, "x-rules": []}
"""Values that mean the same as leaving the keyword out."""


def relation(keyword: str, before: JsonValue, after: JsonValue) -> Relation | None:
    """How a constraint changed; None when it means the same.

    `None` as a value stands for a keyword that is not there. What cannot be proved to be wider
    counts as narrower.
    """
    neutral = _NEUTRAL.get(keyword)
    before, after = (None if value == neutral else value for value in (before, after))
    if before == after:
        return None
    if before is None:
        return "narrower"
    if after is None or _is_wider(keyword, before, after):
        return "wider"
    return "narrower"


def _is_wider(keyword: str, before: JsonValue, after: JsonValue) -> bool:
    if isinstance(before, int | float) and isinstance(after, int | float):
        if keyword == "multipleOf":
            return after != 0 and float(before / after).is_integer()
        return (keyword in _LOWER and after < before) or (keyword in _UPPER and after > before)
    if keyword == "enum":
        return _texts(before) <= _texts(after)
    if keyword == "x-rules":
        return _texts(after) <= _texts(before)
    if keyword == "type":
        wide = _texts(after)
        return _texts(before) <= (wide | {'"integer"'} if '"number"' in wide else wide)
    return False


def _texts(value: JsonValue) -> set[str]:
    entries = value if isinstance(value, list) else [value]
    return {json.dumps(entry, sort_keys=True) for entry in entries}
