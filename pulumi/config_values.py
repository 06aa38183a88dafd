"""Values of a stack's configuration, each with what Azure or the programs take."""

import ipaddress
import re
from collections.abc import Collection
from datetime import date
from typing import Any, cast

import pulumi

SETTING = re.compile(r"[A-Z][A-Z0-9_]*")


class StackConfigError(Exception):
    """A stack's name or configuration is wrong; the text names the key."""


def whole(config: pulumi.Config, key: str, default: int, allowed: range) -> int:
    """A whole number; `default` where the key is absent.

    Raises:
        StackConfigError: it is out of range.
        ConfigTypeError: it is no number.
    """
    found = config.get_int(key)
    value = default if found is None else found
    if value not in allowed:
        raise StackConfigError(f"{key}: {value} is not within {allowed[0]}..{allowed[-1]}")
    return value


def positive(config: pulumi.Config, key: str, default: float | None = None) -> float:
    """A number above zero; without a default the key is required.

    Raises:
        StackConfigError: it is not above zero.
        ConfigMissingError: it is absent and has no default.
    """
    value = config.get_float(key)
    if value is None:
        value = config.require_float(key) if default is None else default
    if value <= 0:
        raise StackConfigError(f"{key}: {value} is not above 0")
    return value


def choice(config: pulumi.Config, key: str, default: str, allowed: Collection[str]) -> str:
    """One of several words.

    Raises:
        StackConfigError: it is none of them.
    """
    value = config.get(key) or default
    if value not in allowed:
        raise StackConfigError(f"{key}: {value} is none of {', '.join(sorted(allowed))}")
    return value


def first_of_month(config: pulumi.Config, key: str) -> str:
    """A date that a budget can begin at.

    Raises:
        StackConfigError: it is none.
    """
    value = config.require(key)
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise StackConfigError(f"{key}: {value!r} is no date like 2026-11-01") from error
    if day.day != 1:
        raise StackConfigError(f"{key}: a budget begins on the first of a month, not on {value}")
    return value


def network(config: pulumi.Config, key: str, prefix: int) -> ipaddress.IPv4Network:
    """A network of one size.

    Raises:
        StackConfigError: it is none, or of another size.
    """
    value = config.require(key)
    try:
        space = ipaddress.IPv4Network(value)
    except ValueError as error:
        raise StackConfigError(f"{key}: {error}") from error
    if space.prefixlen != prefix:
        raise StackConfigError(f"{key}: a /{prefix} is cut into the subnets, not a {value}")
    return space


def named_settings(config: pulumi.Config, key: str) -> dict[str, str]:
    """Further settings of a process by name.

    Raises:
        StackConfigError: a name or a value is none.
    """
    found = cast("object", config.get_object(key))
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise StackConfigError(f"{key}: names and values are expected, as in CORS_ORIGINS: '*'")
    return dict(_setting(key, *pair) for pair in cast("dict[str, Any]", found).items())


def _setting(key: str, name: str, value: object) -> tuple[str, str]:
    if not SETTING.fullmatch(name):
        raise StackConfigError(f"{key}: {name!r} is no setting's name")
    if isinstance(value, dict | list | None):
        raise StackConfigError(f"{key}: {name} has no plain value")
    return name, str(value).lower() if isinstance(value, bool) else str(value)
