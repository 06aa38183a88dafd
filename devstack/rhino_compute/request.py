"""Reads a request body the way Newtonsoft.Json does for Rhino.Compute's `Schema`."""

import json
from dataclasses import dataclass
from typing import Any, cast

from devstack.rhino_compute.errors import MalformedRequestError
from devstack.rhino_compute.value_tree import Path, parse_path

Texts = dict[Path, list[str | None]]
Json = Any  # decoded JSON, before its shape is checked


@dataclass(frozen=True, slots=True)
class ComputeRequest:
    """A definition's address, and the texts of its inputs by name (None: no `values` at all)."""

    pointer: str | None
    algo: str | None
    values: list[tuple[str, Texts]] | None


def parse_request(body: str) -> ComputeRequest:
    """Return the request; member names have no case, one pair of brackets around it is ignored.

    Raises:
        MalformedRequestError: Not JSON, or a member has the wrong shape.
    """
    text = body.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    try:
        members = _members(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise MalformedRequestError(f"the body is not JSON: {error}") from error
    values = members.get("values")
    return ComputeRequest(
        pointer=_text(members.get("pointer")),
        algo=_text(members.get("algo")),
        values=None if values is None else [_parameter(value) for value in _list(values)],
    )


def _parameter(value: Json) -> tuple[str, Texts]:
    members = _members(value)
    branches: Texts = {}
    tree = members.get("innertree")
    for path, values in _object(tree or {}).items():
        texts = [_text(_members(entry).get("data")) for entry in _list(values)]
        branches.setdefault(parse_path(path), []).extend(texts)
    return _text(members.get("paramname")) or "", branches


def _members(value: Json) -> dict[str, Any]:
    return {name.lower(): member for name, member in _object(value).items()}


def _object(value: Json) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedRequestError("an object is expected")
    return cast("dict[str, Any]", value)


def _list(value: Json) -> list[Any]:
    if not isinstance(value, list):
        raise MalformedRequestError("a list is expected")
    return cast("list[Any]", value)


def _text(value: Json) -> str | None:
    # A bare number or boolean becomes text; an object or array is an exception upstream.
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    raise MalformedRequestError("a text is expected, not an object or a list")
