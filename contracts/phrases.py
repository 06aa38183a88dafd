"""What a client reads when a JSON Schema keyword fails: short, and without the value it sent."""

from typing import Any, cast

_PHRASES = {
    "type": "Must be of type {}.",
    "const": "Must be {}.",
    "enum": "Must be one of {}.",
    "minimum": "Must be at least {}.",
    "maximum": "Must be at most {}.",
    "exclusiveMinimum": "Must be greater than {}.",
    "exclusiveMaximum": "Must be less than {}.",
    "multipleOf": "Must be a multiple of {}.",
    "minLength": "Must have at least {} characters.",
    "maxLength": "Must have at most {} characters.",
    "pattern": "Must match {}.",
    "format": "Must be a {}.",
    "minItems": "Must have at least {} items.",
    "maxItems": "Must have at most {} items.",
    "minProperties": "Must have at least {} members.",
    "maxProperties": "Must have at most {} members.",
}
_FIXED = {
    "uniqueItems": "Items must be unique.",
    "anyOf": "Matches none of the allowed forms.",
    "oneOf": "Must match exactly one of the allowed forms.",
    "not": "Has a form that is not allowed.",
}


def phrase(keyword: str, expected: Any) -> str:  # noqa: ANN401 - a keyword's value is any JSON
    """The sentence for one failed keyword and the value that the schema gives it."""
    if keyword in _FIXED:
        return _FIXED[keyword]
    if isinstance(expected, list):
        expected = ", ".join(str(option) for option in cast("list[Any]", expected))
    return _PHRASES.get(keyword, "Breaks the rule " + keyword + ".").format(expected)
