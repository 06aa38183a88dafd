"""Texts.

Source of the GUIDs: as in arithmetic.py.
"""

from devstack.rhino_compute.components.component import Component, component


def _concatenated(*fragments: str | None) -> str:
    return "".join(fragment or "" for fragment in fragments)


def _joined(fragments: list[str | None], separator: str | None) -> str:
    return (separator or "").join(fragment or "" for fragment in fragments)


COMPONENTS: dict[str, Component] = {
    "2013e425-8713-42e2-a661-b57e78840337": component("Concatenate", "Text", _concatenated),
    "1274d51a-81e6-4ccf-ad1f-0edf4c769cac": component("Text Join", "[Text] Text", _joined),
}
