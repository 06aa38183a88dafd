"""Domain rules that a schema names with the keyword `x-rules`: one file a rule.

A rule takes the value it stands at and answers with a message when the value breaks it. JSON
Schema says what a document looks like (a break is a `schema_violation`); a rule says what it must
mean (a break is a `domain_violation`).
"""

from collections.abc import Callable

from pydantic import JsonValue

from contracts.rules.closed_ring import closed_ring
from contracts.rules.feasible import feasible
from contracts.rules.not_refused import not_refused
from contracts.rules.ordered_range import ordered_range
from contracts.rules.simple_ring import simple_ring

Rule = Callable[[JsonValue], str | None]

RULES: dict[str, Rule] = {
    "closed_ring": closed_ring,
    "feasible": feasible,
    "not_refused": not_refused,
    "ordered_range": ordered_range,
    "simple_ring": simple_ring,
}
