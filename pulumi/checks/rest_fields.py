"""Models of the newer generator (TypeSpec): fields with type hints."""

import sys
import types
from enum import Enum
from types import ModuleType
from typing import Any, Union, get_args, get_origin, get_type_hints

from checks.shapes import ANYTHING, TEXT, Member, Shape, Sort

Known = dict[tuple[str, str], Shape]
_PLAIN = {bool: Sort.FLAG, int: Sort.WHOLE, float: Sort.NUMBER, str: Sort.TEXT}


def field_shape(known: Known, key: tuple[str, str], model: type[Any], models: ModuleType) -> None:
    """Put the model's shape, and those it refers to, into `known`."""
    shape = known[key] = Shape(Sort.RECORD, model.__name__)
    hints = get_type_hints(model, {**vars(models), "_models": models, **_scope(model)})
    for attribute, field in _fields(model).items():
        hint = hints.get(attribute, object)
        name = field._rest_name_input or attribute  # noqa: SLF001 - the SDK hides the wire's names
        member = Member(
            _of(known, hint, models),
            is_required=type(None) not in get_args(hint),
            is_computed=field._visibility == ["read"],  # noqa: SLF001 - likewise
        )
        shape.members[name] = member
        if field._is_discriminator:  # noqa: SLF001 - likewise
            shape.discriminator = name
    for value, variant in getattr(model, "__mapping__", {}).items():
        shape.variants[value] = _model(known, variant, models)


def _fields(model: type[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in reversed(model.__mro__):
        found |= {
            name: field for name, field in vars(one).items() if type(field).__name__ == "_RestField"
        }
    return found


def _scope(model: type[Any]) -> dict[str, Any]:
    """Hints name what the module imports that the model is written in."""
    return vars(sys.modules[model.__module__])


def _model(known: Known, model: type[Any], models: ModuleType) -> Shape:
    key = (models.__name__, model.__name__)
    if key not in known:
        field_shape(known, key, model, models)
    return known[key]


def _of(known: Known, hint: Any, models: ModuleType) -> Shape:  # noqa: ANN401 - a type hint
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _of_union(known, arguments, models)
    if origin in (list, dict):
        element = _of(known, arguments[-1], models)
        return Shape(Sort.LIST if origin is list else Sort.RECORD, element=element)
    if not isinstance(hint, type):
        return _of_literal(arguments)
    return _of_class(known, hint, models)


def _of_class(known: Known, found: type[Any], models: ModuleType) -> Shape:
    if issubclass(found, Enum):
        return Shape(Sort.CHOICE, found.__name__, tuple(str(one.value) for one in found))
    if _fields(found):
        return _model(known, found, models)
    return Shape(_PLAIN[found]) if found in _PLAIN else ANYTHING


def _of_union(known: Known, arguments: tuple[Any, ...], models: ModuleType) -> Shape:
    """`Union[str, Enum]` is a choice; `Optional[X]` is X."""
    found = [one for one in arguments if one is not type(None)]
    choices = [one for one in found if isinstance(one, type) and issubclass(one, Enum)]
    return _of(known, choices[0] if choices else found[0], models)


def _of_literal(values: tuple[Any, ...]) -> Shape:
    """`Literal[Enum.X]` of a discriminator."""
    texts = [str(one.value if isinstance(one, Enum) else one) for one in values]
    return Shape(Sort.CHOICE, "literal", tuple(texts)) if texts else TEXT
