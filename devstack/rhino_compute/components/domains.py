"""Numeric domains.

Source of the GUIDs: as in arithmetic.py.
"""

from devstack.rhino_compute.components.component import Component, component
from devstack.rhino_compute.rhino_geometry.shapes import Interval


def _ends(domain: Interval) -> tuple[float, float]:
    return domain.T0, domain.T1


def _bounds(numbers: list[float | None]) -> Interval | None:
    known = [number for number in numbers if number is not None]
    return Interval(min(known), max(known)) if known else None


def _remapped(value: float, source: Interval, target: Interval) -> tuple[float, float]:
    fraction = (value - source.T0) / source.Length if source.Length else 0.0
    mapped = target.ParameterAt(fraction)
    return mapped, target.clamped(mapped)


COMPONENTS: dict[str, Component] = {
    "d1a28e95-cf96-4936-bf34-8bf142d731bf": component("Construct Domain", "Number", Interval),
    "825ea536-aebb-41e9-af32-8baeb2ecb590": component("Deconstruct Domain", "Domain", _ends),
    "f44b92b0-3b5b-493a-86f4-fd7408c3daf3": component("Bounds", "[Number]", _bounds),
    "2fcc2743-8339-4cdf-a046-a1f17439191d": component(
        "Remap Numbers", "Number Domain Domain", _remapped
    ),
}
