"""Text to JSON, refusing what PostgreSQL, RFC 8785 or another JSON reader could not carry.

A compiled reader takes nearly every text. What it refuses, or might let through wrongly, is read
again by the careful one, whose verdict and words count.
"""

import json
import math
from typing import NoReturn, cast

import jiter
from pydantic import JsonValue

from contracts.errors import JsonTextError

MAX_DEPTH = 64
MAX_SAFE_INTEGER = 2**53 - 1


def parse_json(text: bytes | str) -> JsonValue:
    """Parse one JSON document.

    Stricter than `json.loads`: no NaN or Infinity, no number that overflows a double, no integer
    beyond 2^53-1, no repeated member names, no NUL or lone surrogate in a string, and at most 64
    levels of nesting.

    Raises:
        JsonTextError: the text is refused; the message says where and why.

    Source: RFC 8259, RFC 7493 (I-JSON).
    """
    encoded = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
    # Escapes may spell NUL or half of a surrogate pair.
    if b"\\u" not in encoded:
        try:
            read = cast(
                "JsonValue",
                jiter.from_json(encoded, allow_inf_nan=False, catch_duplicate_keys=True),
            )
        except ValueError:
            return _parse_carefully(text)
        if _is_plain(read):
            return read
    return _parse_carefully(text)


def _is_plain(value: JsonValue) -> bool:
    """Whether nesting and numbers stay within their limits; looks at each level once."""
    containers: list[list[JsonValue] | dict[str, JsonValue]] = [[value]]
    for _ in range(MAX_DEPTH + 1):
        inner: list[list[JsonValue] | dict[str, JsonValue]] = []
        for container in containers:
            for member in container.values() if isinstance(container, dict) else container:
                if isinstance(member, (dict, list)):
                    inner.append(member)
                elif isinstance(member, (int, float)) and abs(member) > MAX_SAFE_INTEGER:
                    return False
        if not inner:
            return True
        containers = inner
    return False


def _parse_carefully(text: bytes | str) -> JsonValue:
    try:
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text
        value = cast(
            "JsonValue",
            json.loads(
                decoded,
                parse_constant=_refuse_constant,
                parse_float=_finite,
                parse_int=_safe_integer,
                object_pairs_hook=_unique_members,
            ),
        )
    except UnicodeDecodeError as error:
        raise JsonTextError(f"The body is not UTF-8: byte {error.start} is invalid.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise JsonTextError(f"The body is not JSON: {error.msg} at {where}.") from error
    except RecursionError as error:
        raise JsonTextError(f"Nested deeper than {MAX_DEPTH} levels.") from error
    _check_strings(value, "", 0)
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise JsonTextError(f"{name} is not a JSON number.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise JsonTextError(f"The number {text[:40]} is out of range.")
    return number


def _safe_integer(text: str) -> int:
    # The length check comes first: int() refuses texts of thousands of digits with its own error.
    if len(text) > len("-9007199254740991") or abs(int(text)) > MAX_SAFE_INTEGER:
        raise JsonTextError(f"The integer {text[:40]} is beyond 2^53-1.")
    return int(text)


def _unique_members(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise JsonTextError(f"The member name {repeated[:40]!r} is repeated in one object.")
    return members


def _check_strings(value: JsonValue, pointer: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise JsonTextError(f"Nested deeper than {MAX_DEPTH} levels.", pointer)
    if isinstance(value, str):
        _check_text(value, pointer)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            _check_strings(member, f"{pointer}/{index}", depth + 1)
    elif isinstance(value, dict):
        for name, member in value.items():
            _check_text(name, pointer)
            _check_strings(member, f"{pointer}/{escape_token(name)}", depth + 1)


def _check_text(text: str, pointer: str) -> None:
    if "\x00" in text:
        raise JsonTextError("A string contains the character U+0000.", pointer)
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise JsonTextError("A string contains a lone surrogate.", pointer)


def escape_token(name: str) -> str:
    """One reference token of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
