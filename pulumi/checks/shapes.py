"""What an Azure API takes, in one form for every source of it."""

from dataclasses import dataclass, field
from enum import Enum


class Sort(Enum):
    """Kinds of values."""

    ANY = "anything"
    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    FLAG = "true or false"
    CHOICE = "choice"
    LIST = "list"
    RECORD = "object"


@dataclass(frozen=True, slots=True)
class Member:
    """A property. `is_computed`: Azure sets it; sending it is a fault."""

    shape: "Shape"
    is_required: bool = False
    is_computed: bool = False


@dataclass(slots=True)
class Shape:
    """A type; records may refer to themselves, so that members are filled in afterwards.

    `element`: of a list, or of a record's further members. `variants`: by the value of the member
    `discriminator`.
    """

    sort: Sort
    name: str = ""
    choices: tuple[str, ...] = ()
    element: "Shape | None" = None
    members: dict[str, Member] = field(default_factory=dict[str, Member])
    discriminator: str = ""
    variants: dict[str, "Shape"] = field(default_factory=dict[str, "Shape"])


ANYTHING = Shape(Sort.ANY)
TEXT = Shape(Sort.TEXT)
