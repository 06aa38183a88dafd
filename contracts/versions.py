"""Semantic versions of contracts and the `stable` alias."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

STABLE = "stable"
_VERSION = re.compile(r"(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """MAJOR.MINOR.PATCH, ordered by precedence."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1.2.3`.

        Raises:
            ValueError: the text is not three plain numbers.
        """
        match = _VERSION.fullmatch(text)
        if match is None:
            raise ValueError(f"{text[:40]!r} is not a version of the form MAJOR.MINOR.PATCH")
        return cls(*(int(part) for part in match.groups()))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def is_version(text: str) -> bool:
    """Whether the text is a version."""
    return _VERSION.fullmatch(text) is not None


def highest(versions: Iterable[str]) -> str | None:
    """The version of highest precedence, or None of none."""
    return max(versions, key=Version.parse, default=None)
