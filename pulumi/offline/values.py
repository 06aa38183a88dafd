"""Property values as the engine's protocol carries them: secrets and unknowns are marked."""

from dataclasses import dataclass
from typing import cast

SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of secrets
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

Properties = dict[str, object]


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that the program marked secret; it is never printed."""

    value: object

    def __repr__(self) -> str:
        return "[secret]"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only Azure can tell."""

    def __repr__(self) -> str:
        return "<computed>"


def decode(value: object) -> object:
    """From the protocol. Its numbers are all doubles: whole ones become integers again."""
    if isinstance(value, dict):
        return _decode_members(cast("Properties", value))
    if isinstance(value, list):
        return [decode(one) for one in cast("list[object]", value)]
    if value == _UNKNOWN:
        return Unknown()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _decode_members(members: Properties) -> object:
    match members.get(SIGNATURE):
        case signature if signature == _SECRET:
            return Secret(decode(members.get("value")))
        case signature if signature == _RESOURCE:
            return members.get("id") or members.get("urn")
        case _:
            return {key: decode(one) for key, one in members.items()}


def encode(value: object) -> object:
    """To the protocol."""
    match value:
        case Secret(inner):
            return {SIGNATURE: _SECRET, "value": encode(inner)}
        case Unknown():
            return _UNKNOWN
        case dict():
            return {key: encode(one) for key, one in cast("Properties", value).items()}
        case list():
            return [encode(one) for one in cast("list[object]", value)]
        case _:
            return value


def plain(value: object) -> object:
    """Without the secret marks."""
    match value:
        case Secret(inner):
            return plain(inner)
        case dict():
            return {key: plain(one) for key, one in cast("Properties", value).items()}
        case list():
            return [plain(one) for one in cast("list[object]", value)]
        case _:
            return value


def plain_members(value: Properties) -> Properties:
    """A resource's inputs without the secret marks."""
    return {key: plain(one) for key, one in value.items()}


def has_secret(value: object) -> bool:
    """Whether any part is marked secret."""
    match value:
        case Secret():
            return True
        case dict():
            return any(map(has_secret, cast("Properties", value).values()))
        case list():
            return any(map(has_secret, cast("list[object]", value)))
        case _:
            return False
