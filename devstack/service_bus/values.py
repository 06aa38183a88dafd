"""AMQP 1.0 types that Python lacks.

Source: OASIS AMQP 1.0, part 1 (types).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID


class Symbol(str):
    """A symbolic value: ASCII, from a constrained domain."""

    __slots__ = ()


class Raw(bytes):
    """One value that is encoded already."""

    __slots__ = ()


class UByte(int):
    """0 to 2**8 - 1."""


class UShort(int):
    """0 to 2**16 - 1."""


class UInt(int):
    """0 to 2**32 - 1."""


class ULong(int):
    """0 to 2**64 - 1."""


class Long(int):
    """-2**63 to 2**63 - 1; a plain int is the 32 bit type."""


class Timestamp(int):
    """Milliseconds since the epoch, UTC."""


@dataclass(frozen=True, slots=True)
class Described:
    """A value with a numeric or symbolic descriptor."""

    descriptor: "AmqpKey"
    value: "AmqpValue"


AmqpKey: TypeAlias = bool | int | float | str | bytes | UUID | None
AmqpValue: TypeAlias = AmqpKey | Described | Sequence["AmqpValue"] | Mapping[AmqpKey, "AmqpValue"]
