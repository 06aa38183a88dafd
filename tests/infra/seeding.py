"""Copies of recorded runs with one thing wrong."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from offline.recording import Recording, Registered
from offline.values import Secret

ABSENT = object()
"""Instead of a value: the property is left out."""


def with_input(recording: Recording, name: str, path: str, value: object) -> Recording:
    """`path`: member names and list indices, separated by dots; `+` is a list's new last one."""
    inputs = copy.deepcopy(recording.named(name).inputs)
    *steps, last = path.split(".")
    place: Any = inputs
    for step in steps:
        place = place.value if isinstance(place, Secret) else place
        place = place[int(step)] if isinstance(place, list) else place[step]
    if last == "+":
        place.append(value)
    elif value is ABSENT:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return with_resource(recording, name, lambda one: replace(one, inputs=inputs))


def with_resource(
    recording: Recording, name: str, change: Callable[[Registered], Registered]
) -> Recording:
    """One resource changed."""
    urn = recording.named(name).urn
    resources = {**recording.resources, urn: change(recording.resources[urn])}
    return replace(recording, resources=resources)


def without(recording: Recording, name: str) -> Recording:
    """One resource left out."""
    urn = recording.named(name).urn
    resources = {key: one for key, one in recording.resources.items() if key != urn}
    return replace(recording, resources=resources)


def with_copy(recording: Recording, name: str, copied: str) -> Recording:
    """One resource twice, under two names."""
    one = recording.named(name)
    urn = one.urn.removesuffix(name) + copied
    twin = replace(one, urn=urn, name=copied, id=one.id + copied)
    return replace(recording, resources={**recording.resources, urn: twin})
