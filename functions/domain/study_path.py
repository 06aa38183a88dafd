"""The way to one value inside inputs or outputs: member names and list indexes.

Source: RFC 9535, the singular queries with names in dot notation (`$.results[0].score`).
"""

import re
from dataclasses import dataclass
from typing import Self

from pydantic import JsonValue

from contracts.model import JsonObject
from contracts.paths import pointer_to

PATH_PATTERN = r"^\$\.[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*|\[(0|[1-9][0-9]{0,5})\])*$"
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+)\]")


@dataclass(frozen=True, slots=True)
class ValuePath:
    """`$.a.b[0]`: names are texts, indexes whole numbers."""

    text: str
    steps: tuple[str | int, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a path.

        Raises:
            ValueError: the text is none.
        """
        if not re.fullmatch(PATH_PATTERN, text):
            raise ValueError(f"{text!r} is not a path such as $.a.b or $.list[0].a")
        found = _STEP.finditer(text)
        return cls(text, tuple(step[1] or int(step[2]) for step in found))

    @property
    def name(self) -> str:
        """The path without its root: a column's heading."""
        return self.text.removeprefix("$.")

    @property
    def pointer(self) -> str:
        """The same way as a JSON Pointer."""
        return pointer_to(*self.steps)

    def read(self, document: JsonValue) -> JsonValue:
        """The value.

        Raises:
            KeyError: there is nothing on the way.
        """
        for step in self.steps:
            document = _member(document, step)
        return document

    def written(self, document: JsonObject, value: JsonValue) -> JsonObject:
        """A copy that has the value there; the original and what is beside the way stay shared.

        Objects on the way are made, lists are not: an index must exist.

        Raises:
            KeyError: the way goes through something else, or past the end of a list.
        """
        changed = _with(document, self.steps, value)
        if not isinstance(changed, dict):
            raise KeyError(self.text)
        return changed


def _member(document: JsonValue, step: str | int) -> JsonValue:
    if isinstance(document, dict) and isinstance(step, str) and step in document:
        return document[step]
    if isinstance(document, list) and isinstance(step, int) and step < len(document):
        return document[step]
    raise KeyError(step)


def _with(document: JsonValue, steps: tuple[str | int, ...], value: JsonValue) -> JsonValue:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(document, dict) and isinstance(step, str):
        return {**document, step: _with(document.get(step, {} if rest else None), rest, value)}
    if isinstance(document, list) and isinstance(step, int) and step < len(document):
        return [*document[:step], _with(document[step], rest, value), *document[step + 1 :]]
    raise KeyError(step)
