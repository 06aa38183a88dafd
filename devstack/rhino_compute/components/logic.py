"""Comparisons and boolean gates.

Source of the GUIDs: as in arithmetic.py.
"""

from devstack.rhino_compute.components.component import Component, component


def _larger(first: float, second: float) -> tuple[bool, bool]:
    return first > second, first >= second


def _smaller(first: float, second: float) -> tuple[bool, bool]:
    return first < second, first <= second


def _equal(first: float, second: float) -> tuple[bool, bool]:
    return first == second, first != second


def _all(*flags: bool | None) -> bool | None:
    given = [flag for flag in flags if flag is not None]
    return all(given) if given else None


def _any(*flags: bool | None) -> bool | None:
    given = [flag for flag in flags if flag is not None]
    return any(given) if given else None


def _not(flag: bool) -> bool:  # noqa: FBT001 - the component's one input
    return not flag


COMPONENTS: dict[str, Component] = {
    "30d58600-1aab-42db-80a3-f1ea6c4269a0": component("Larger Than", "Number", _larger),
    "ae840986-cade-4e5a-96b0-570f007d4fc0": component("Smaller Than", "Number", _smaller),
    "5db0fb89-4f22-4f09-a777-fa5e55aed7ec": component("Equality", "Number", _equal),
    "040f195d-0b4e-4fe0-901f-fedb2fd3db15": component("Gate And", "Boolean", _all),
    "5cad70f9-5a53-4c5c-a782-54a479b4abe3": component("Gate Or", "Boolean", _any),
    "cb2c7d3c-41b4-4c6d-a6bd-9235bd2851bb": component("Gate Not", "Boolean", _not),
}
