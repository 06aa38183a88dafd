"""Messages with the shape of protobuf ones, for a worker that gets its classes from its host."""

from collections.abc import Mapping
from typing import ClassVar, cast

_SCALARS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "bytes": (bytes,),
    "bool": (bool,),
    "float": (int, float),
}
_ZEROS: dict[str, object] = {"str": "", "int": 0, "bytes": b"", "bool": False, "float": 0.0}


class Message:
    """A message: checks names and types as protobuf does, and answers unset fields with zeros.

    Attributes:
        fields: field -> type (``str int bytes bool float list map map<str> message``).
        oneofs: oneof -> its fields.
    """

    fields: ClassVar[Mapping[str, str]] = {}
    oneofs: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __init__(self, **values: object) -> None:
        for name, value in values.items():
            if name not in self.fields:
                raise ValueError(f'Protocol message {type(self).__name__} has no "{name}" field.')
            if value is not None:
                self._check(name, value)
                self.__dict__[name] = value

    def __getattr__(self, name: str) -> object:
        kind = "" if name.startswith("__") else self.fields.get(name, "")
        if not kind:
            raise AttributeError(name)
        if kind == "message":
            return Unset()
        if kind.startswith("map"):
            return {}
        return [] if kind == "list" else _ZEROS[kind]

    def WhichOneof(self, name: str) -> str | None:  # noqa: N802 - protobuf's name
        """The field of a oneof that is set."""
        return next((field for field in self.oneofs[name] if field in self.__dict__), None)

    def as_plain(self) -> dict[str, object]:
        """The fields that are set, as plain values."""
        return {name: _plain(value) for name, value in self.__dict__.items()}

    def _check(self, name: str, value: object) -> None:
        kind = self.fields[name]
        if kind in _SCALARS and not isinstance(value, _SCALARS[kind]):
            text = f"{type(self).__name__}.{name}: expected {kind}, got {type(value).__name__}"
            raise TypeError(text)


class Unset(Message):
    """A message field that was not set: every field of it is empty."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "attributes":
            return {}
        if name.startswith("trace_"):
            return ""
        return 0 if name.endswith("count") else None


def _plain(value: object) -> object:
    if isinstance(value, Message):
        return value.as_plain()
    if isinstance(value, list):
        return [_plain(one) for one in cast("list[object]", value)]
    return value
