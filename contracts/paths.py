"""The JSONPath subset that bindings use: member names and, for outputs, one `[*]`.

Source: RFC 9535 (normalised member access and the wildcard selector).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Self

from pydantic import JsonValue

from contracts.json_text import escape_token

_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)(\[\*\])?")


@dataclass(frozen=True, slots=True)
class Path:
    """`$.a.b[*].c`: `head` names the way to the list (or value), `tail` the way inside an entry."""

    head: tuple[str, ...]
    tail: tuple[str, ...] = ()
    is_list: bool = False

    @classmethod
    @cache
    def parse(cls, text: str) -> Self:
        """Read a path; contracts name few, and every request reads them.

        Raises:
            ValueError: the text is no path of this subset.
        """
        steps = list(_STEP.finditer(text))
        if not steps or "$" + "".join(step.group() for step in steps) != text:
            raise ValueError(f"{text!r} is not a path such as $.a.b or $.list[*].a")
        stars = [place for place, step in enumerate(steps) if step.group(2)]
        if len(stars) > 1:
            raise ValueError(f"{text!r} has more than one [*]")
        names = tuple(step.group(1) for step in steps)
        cut = stars[0] + 1 if stars else len(names)
        return cls(names[:cut], names[cut:], is_list=bool(stars))

    @property
    def pointer(self) -> str:
        """The JSON Pointer of `head`."""
        return "".join("/" + escape_token(name) for name in self.head)


def pointer_to(*tokens: str | int) -> str:
    """The JSON Pointer (RFC 6901) that the tokens make."""
    return "".join(f"/{escape_token(str(token))}" for token in tokens)


def read(document: JsonValue, names: Sequence[str]) -> JsonValue:
    """The member that `names` lead to.

    Raises:
        KeyError: a member on the way is missing.
    """
    for name in names:
        if not isinstance(document, dict):
            raise KeyError(name)
        document = document[name]
    return document


def write(document: dict[str, JsonValue], names: Sequence[str], value: JsonValue) -> None:
    """Set the member that `names` lead to, making objects on the way."""
    for name in names[:-1]:
        inner = document.setdefault(name, {})
        if not isinstance(inner, dict):
            raise TypeError(f"{name} is not an object")
        document = inner
    document[names[-1]] = value
