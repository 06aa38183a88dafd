r"""Models of the older generator (AutoRest): tables of keys and type names.

A key such as `properties.scopes` is a path; `odata\.type` is one name with a dot.
"""

import re
from enum import Enum
from types import ModuleType
from typing import Any

from checks.shapes import ANYTHING, Member, Shape, Sort

Known = dict[tuple[str, str], Shape]
_PLAIN = {
    "bool": Sort.FLAG,
    "int": Sort.WHOLE,
    "long": Sort.WHOLE,
    "float": Sort.NUMBER,
    "str": Sort.TEXT,
    "duration": Sort.TEXT,
    "iso-8601": Sort.TEXT,
}


def map_shape(known: Known, key: tuple[str, str], model: type[Any], models: ModuleType) -> None:
    """Put the model's shape, and those it refers to, into `known`."""
    shape = known[key] = Shape(Sort.RECORD, model.__name__)
    rules = model._validation  # noqa: SLF001 - the SDK's own table
    keys = model._attribute_map  # noqa: SLF001 - likewise
    for attribute, entry in keys.items():
        rule = rules.get(attribute, {})
        member = Member(
            _of(known, entry["type"], models),
            is_required=rule.get("required", False),
            is_computed=rule.get("readonly", False),
        )
        _put(shape, [part.replace("\\.", ".") for part in _parts(entry["key"])], member)
    for attribute, variants in getattr(model, "_subtype_map", {}).items():
        shape.discriminator = keys[attribute]["key"].replace("\\.", ".")
        for value, name in variants.items():
            shape.variants[value] = _model(known, name, models)


def _parts(key: str) -> list[str]:
    return re.split(r"(?<!\\)\.", key)


def _put(shape: Shape, path: list[str], member: Member) -> None:
    name, *rest = path
    if not name:
        shape.element = ANYTHING
    elif not rest:
        shape.members[name] = member
    else:
        inner = shape.members.get(name) or Member(Shape(Sort.RECORD, f"{shape.name}.{name}"))
        needed = inner.is_required or (member.is_required and not member.is_computed)
        shape.members[name] = Member(inner.shape, is_required=needed)
        _put(inner.shape, rest, member)


def _model(known: Known, name: str, models: ModuleType) -> Shape:
    key = (models.__name__, name)
    if key not in known:
        map_shape(known, key, getattr(models, name), models)
    return known[key]


def _of(known: Known, text: str, models: ModuleType) -> Shape:
    if text.startswith("["):
        return Shape(Sort.LIST, element=_of(known, text[1:-1], models))
    if text.startswith("{"):
        return Shape(Sort.RECORD, "map", element=_of(known, text[1:-1], models))
    if text in _PLAIN:
        return Shape(_PLAIN[text])
    found = getattr(models, text, None)
    if found is None:
        return ANYTHING
    if issubclass(found, Enum):
        return Shape(Sort.CHOICE, text, tuple(str(one.value) for one in found))
    return _model(known, text, models)
