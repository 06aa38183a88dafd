"""Converters between Datums and Python values: those of azure.functions, and the generic one.

The one module that touches the untyped registry of azure.functions.
Source: azure_functions_worker bindings/meta.py and bindings/generic.py.
"""

from collections.abc import Mapping
from typing import Protocol, cast

from azure.functions import meta
from azure.functions.meta import Datum

Datums = Mapping[str, Datum]

_GENERIC_KINDS: dict[type, str | None] = {
    str: "string",
    bytes: "bytes",
    bytearray: "bytes",
    dict: "dict",
    list: "list",
    int: "int",
    float: "double",
    type(None): None,
}


class Converter(Protocol):
    """What azure.functions registers for each binding type (as classes)."""

    def has_trigger_support(self) -> bool:
        """Whether decode wants the trigger metadata."""
        ...

    def check_input_type_annotation(self, pytype: type) -> bool:
        """Whether a parameter may be annotated so."""
        ...

    def check_output_type_annotation(self, pytype: type) -> bool:
        """Whether an output may be annotated so."""
        ...

    def decode(self, data: Datum, *, trigger_metadata: Datums) -> object:
        """Datum to argument."""
        ...

    def encode(self, obj: object, *, expected_type: type | None) -> Datum:
        """Result to Datum."""
        ...


class _Registry(Protocol):
    """What azure.functions offers without types."""

    def get(self, binding_name: str) -> object:
        """The converter class of a binding type, or None."""
        ...


class GenericConverter:
    """For binding types that azure.functions does not know: plain text, bytes and JSON values."""

    def has_trigger_support(self) -> bool:
        """Generic bindings are never triggers of their own."""
        return False

    def has_implicit_output(self) -> bool:
        """A function with such a binding may return a value without a $return binding."""
        return True

    def check_input_type_annotation(self, pytype: type) -> bool:
        """Text or bytes come in."""
        return issubclass(pytype, (str, bytes))

    def check_output_type_annotation(self, pytype: type) -> bool:
        """Text or bytes go out."""
        return issubclass(pytype, (str, bytes, bytearray))

    def decode(self, data: Datum, *, trigger_metadata: Datums) -> object:
        """The value as it came."""
        del trigger_metadata
        return cast("object", data.value)

    def encode(self, obj: object, *, expected_type: type | None) -> Datum:
        """The value with the kind of its type.

        Raises:
            NotImplementedError: a type that has no kind, as in the worker.
        """
        del expected_type
        if type(obj) not in _GENERIC_KINDS:
            raise NotImplementedError
        return Datum(obj, _GENERIC_KINDS[type(obj)])


_GENERIC = GenericConverter()


def converter_for(binding_type: str) -> Converter:
    """The converter of a binding type."""
    registry = cast("_Registry", meta.get_binding_registry())
    return cast("Converter", registry.get(binding_type) or _GENERIC)


def has_implicit_output(binding_type: str) -> bool:
    """Whether a function with this binding may return a value without a $return binding."""
    probe = getattr(converter_for(binding_type), "has_implicit_output", None)
    return bool(probe()) if callable(probe) else False
