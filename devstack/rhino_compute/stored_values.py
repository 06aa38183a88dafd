"""Values a definition itself holds: sliders, panels and data stored in parameters."""

import rhino3dm

from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.archive import Chunk
from contracts.grasshopper.document import DocumentObject
from devstack.rhino_compute.errors import UnsupportedError
from devstack.rhino_compute.value_tree import Value, ValueTree, parse_path

DIMENSIONS = 3


def object_values(thing: DocumentObject) -> ValueTree:
    """Return what a floating parameter without wires holds.

    Raises:
        UnsupportedError: The stored data is of a kind this server does not read.
    """
    if thing.component_id == ids.NUMBER_SLIDER:
        slider = thing.container.child("Slider")
        return ValueTree.single(float((slider.number("Value") if slider else None) or 0.0))
    if thing.component_id == ids.PANEL:
        return _panel_values(thing.container)
    return persistent_values(thing.container)


def _panel_values(container: Chunk) -> ValueTree:
    text = container.text("UserText")
    properties = container.child("PanelProperties")
    if properties and properties.flag("Multiline"):
        return ValueTree.single(text)
    return ValueTree.single(*text.replace("\r\n", "\n").split("\n"))


def persistent_values(chunk: Chunk) -> ValueTree:
    """Return the data stored in one parameter.

    Raises:
        UnsupportedError: It is of a kind this server does not read.
    """
    tree, stored = ValueTree(), chunk.child("PersistentData")
    for branch in stored.children("Branch") if stored else []:
        values = [_value(part) for part in branch.children("Item")]
        tree.add(parse_path(branch.text("Path", "{0}")), values)
    return tree


def _value(part: Chunk) -> Value:
    for name in ("number", "boolean", "string"):
        value = part.find(name)
        if isinstance(value, (bool, int, float, str)):
            return value
    match part.find("Coordinate"):
        case (x, y, z):
            return rhino3dm.Point3d(x, y, z)
        case _ if not part.entries or part.flag("null_string"):
            return None
        case _:
            names = ", ".join(entry.name for entry in part.entries)
            raise UnsupportedError(f"stored data of this kind is not supported ({names})")
