"""A function of the app, ready to be called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Binding:
    """One trigger, input or output of a function, with the properties of its decorator."""

    name: str
    type: str
    is_output: bool
    properties: Mapping[str, object]

    def text(self, key: str, default: str = "") -> str:
        """A property as text; enumerations give their lower-case value."""
        value = self.properties.get(key)
        if isinstance(value, Enum):
            return str(value.value).lower()
        return default if value is None else str(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """A boolean property."""
        value = self.properties.get(key)
        return default if value is None else str(value).lower() == "true"

    def is_enum(self, key: str, member_name: str) -> bool:
        """Whether a property is the enumeration member of this name, such as BINARY or MANY."""
        value = self.properties.get(key)
        return isinstance(value, Enum) and value.name == member_name


@dataclass(frozen=True, slots=True)
class Function:
    """What the index knows of a function.

    Attributes:
        inputs: parameter -> converter type, the trigger's parameter included.
        outputs: ``func.Out`` parameter -> converter type.
        return_type: converter type of the returned value, None when it must be None.
    """

    name: str
    call: Callable[..., object]
    folder: str
    trigger: Binding
    bindings: tuple[Binding, ...]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    return_type: str | None
    requires_context: bool
    is_async: bool

    def binding(self, name: str) -> Binding:
        """The binding of a parameter or of ``$return``."""
        return next(binding for binding in self.bindings if binding.name == name)
