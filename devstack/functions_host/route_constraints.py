"""Route constraints of ASP.NET Core such as ``int``, ``guid`` and ``range(1,5)``.

Source: https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-constraints
"""

import re
from collections.abc import Callable
from datetime import datetime

Constraint = Callable[[str], bool]

_GUID = re.compile(r"\{?\(?[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}\)?\}?")
_INTEGER = re.compile(r"\s*[+-]?\d+\s*")
_SPECIFICATION = re.compile(r"(\w+)(?:\((.*)\))?", re.DOTALL)


def route_constraint(specification: str) -> Constraint:
    """The check of one constraint, written as in a template.

    Raises:
        ValueError: no such constraint, or its argument is wrong.
    """
    match = _SPECIFICATION.fullmatch(specification)
    name, argument = (match.group(1).lower(), match.group(2)) if match else ("", None)
    if argument is None and name in _PLAIN:
        return _PLAIN[name]
    if argument is not None and name == "regex":
        pattern = re.compile(argument.replace("{{", "{").replace("}}", "}"), re.IGNORECASE)
        return lambda text: pattern.search(text) is not None
    if argument is not None and name in _NUMERIC:
        return _NUMERIC[name]([int(number) for number in argument.split(",")])
    raise ValueError(f"unknown route constraint {specification!r}")


def _is_integer(bits: int) -> Constraint:
    limit = 1 << (bits - 1)
    return lambda text: _INTEGER.fullmatch(text) is not None and -limit <= int(text) < limit


def _parses(parse: Callable[[str], object]) -> Constraint:
    def check(text: str) -> bool:
        try:
            parse(text)
        except ValueError:
            return False
        return True

    return check


def _is_number(text: str) -> bool:
    return _parses(float)(text.replace(",", ""))


def _value_between(low: int, high: int) -> Constraint:
    is_long = _is_integer(64)
    return lambda text: is_long(text) and low <= int(text) <= high


_LONG_MAX = (1 << 63) - 1

_PLAIN: dict[str, Constraint] = {
    "int": _is_integer(32),
    "long": _is_integer(64),
    "guid": lambda text: _GUID.fullmatch(text) is not None,
    "bool": lambda text: text.lower() in {"true", "false"},
    "datetime": _parses(datetime.fromisoformat),
    "decimal": _is_number,
    "double": _is_number,
    "float": _is_number,
    "alpha": lambda text: re.fullmatch(r"[a-zA-Z]*", text) is not None,
    "required": lambda text: text != "",
}

_NUMERIC: dict[str, Callable[[list[int]], Constraint]] = {
    "minlength": lambda n: lambda text: len(text) >= n[0],
    "maxlength": lambda n: lambda text: len(text) <= n[0],
    "length": lambda n: lambda text: n[0] <= len(text) <= n[-1],
    "min": lambda n: _value_between(n[0], _LONG_MAX),
    "max": lambda n: _value_between(-_LONG_MAX - 1, n[0]),
    "range": lambda n: _value_between(n[0], n[1]),
}
