"""Reading of nested properties, any of which may be absent or not yet known."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

Report = Callable[..., None]
"""`report(text)`, in a rule for whole stacks `report(text, urn)`."""


def inside(value: object, *path: str) -> object:
    """The value at a path of member names, or None."""
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = cast("Mapping[str, Any]", value).get(name)
    return value


def members(value: object, *path: str) -> Sequence[object]:
    """The list at a path, or an empty one."""
    found = inside(value, *path)
    if isinstance(found, Sequence) and not isinstance(found, str):
        return cast("Sequence[object]", found)
    return ()


def text(value: object, *path: str) -> str:
    """The text at a path, or an empty one."""
    found = inside(value, *path)
    return found if isinstance(found, str) else ""


def kind(resource_type: str) -> str:
    """`storage:StorageAccount` of `azure-native:storage:StorageAccount`."""
    return resource_type.removeprefix("azure-native:")
