"""Typed access to decoded fields; a wrong type raises FieldError with the field's name."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from devstack.service_bus.errors import FieldError
from devstack.service_bus.values import AmqpKey, AmqpValue, Described


def expect_int(value: AmqpValue, name: str) -> int:
    """An integer of any AMQP width."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise FieldError(f"{name} must be an integer.")


def expect_text(value: AmqpValue, name: str) -> str:
    """A string or a symbol."""
    if isinstance(value, str):
        return value
    raise FieldError(f"{name} must be a string.")


def optional_text(value: AmqpValue, name: str) -> str | None:
    """A string or a symbol, or null."""
    return None if value is None else expect_text(value, name)


def expect_bytes(value: AmqpValue, name: str) -> bytes:
    """A binary value."""
    if isinstance(value, bytes):
        return value
    raise FieldError(f"{name} must be binary.")


def expect_uuid(value: AmqpValue, name: str) -> UUID:
    """A uuid."""
    if isinstance(value, UUID):
        return value
    raise FieldError(f"{name} must be a uuid.")


def expect_list(value: AmqpValue, name: str) -> Sequence[AmqpValue]:
    """A list or an array."""
    if isinstance(value, list):
        return value
    raise FieldError(f"{name} must be a list.")


def expect_map(value: AmqpValue, name: str) -> Mapping[AmqpKey, AmqpValue]:
    """A map; null counts as an empty one."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return value
    raise FieldError(f"{name} must be a map.")


class Fields:
    """The fields of one performative by position; absent trailing fields read as null."""

    def __init__(self, owner: str, values: Sequence[AmqpValue]) -> None:
        self._owner = owner
        self._values = values

    def at(self, position: int) -> AmqpValue:
        """The field as it was decoded, or null."""
        return self._values[position] if position < len(self._values) else None

    def number(self, position: int, default: int | None = None) -> int:
        """An unsigned integer; null takes the default, and is an error without one."""
        value = self.at(position)
        if value is None and default is not None:
            return default
        number = expect_int(value, self._name(position))
        if number < 0:
            raise FieldError(f"{self._name(position)} must not be negative.")
        return number

    def flag(self, position: int) -> bool:
        """A boolean; null is false."""
        value = self.at(position)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise FieldError(f"{self._name(position)} must be a boolean.")

    def text(self, position: int) -> str:
        """A string or a symbol."""
        return expect_text(self.at(position), self._name(position))

    def described(self, position: int) -> tuple[int, "Fields"] | None:
        """A described list as its numeric descriptor and fields, or null."""
        value = self.at(position)
        if value is None:
            return None
        name = self._name(position)
        if not isinstance(value, Described):
            raise FieldError(f"{name} must be a described list.")
        code = expect_int(value.descriptor, name)
        return code, Fields(name, expect_list(value.value, name))

    def _name(self, position: int) -> str:
        return f"{self._owner} field {position}"
