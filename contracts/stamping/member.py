"""One member of a stamped schema and the binding that belongs to it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import JsonValue

from contracts.model import BindingType, JsonObject

RESERVED = ("artifacts", "metadata")
"""Members of outputs that the AppServer fills in."""


@dataclass(frozen=True, slots=True)
class InputMember:
    """An input: where it stands, what it takes, and a value that it accepts.

    `path` leads from the inputs to the value that is bound; `sample` is the value of `name`.
    """

    name: str
    path: str
    parameter: str
    type: BindingType
    schema: JsonObject
    sample: JsonValue
    is_required: bool
    description: str

    @property
    def binding(self) -> JsonObject:
        """The entry of bindings.json."""
        return {
            "jsonpath": self.path,
            "gh_param": self.parameter,
            "type": self.type,
            "description": self.description,
        }


@dataclass(frozen=True, slots=True)
class OutputMember:
    """An output: one value, or a list of them when `is_list`."""

    name: str
    parameter: str
    type: BindingType
    schema: JsonObject
    is_list: bool
    description: str

    @property
    def binding(self) -> JsonObject:
        """The entry of bindings.json."""
        return {
            "gh_param": self.parameter,
            "output_path": f"$.{self.name}{'[*]' if self.is_list else ''}",
            "type": self.type,
            "description": self.description,
        }


def member_name(parameter: str, taken: Iterable[str]) -> str:
    """A JSON member name for a parameter: `RH_IN:Wall Height` becomes `wall_height`."""
    plain = re.sub(r"RH_(IN|OUT)\s*[:_]?", "", parameter)
    name = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_").lower() or "value"
    if not name[0].isalpha():
        name = f"value_{name}"
    chosen, count = name, 1
    while chosen in (*taken, *RESERVED):
        count += 1
        chosen = f"{name}_{count}"
    return chosen
