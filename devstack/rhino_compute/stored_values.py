"""Values a definition itself holds: sliders, panels, lists to choose from, stored data."""

from collections.abc import Callable

from rhino3dm import Plane

from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.archive import Chunk
from contracts.grasshopper.document import DocumentObject
from contracts.grasshopper.value_types import Value as StoredValue
from devstack.rhino_compute.errors import UnsupportedError
from devstack.rhino_compute.expressions import evaluate
from devstack.rhino_compute.rhino_geometry import vectors
from devstack.rhino_compute.rhino_geometry.internalised import decode_internalised
from devstack.rhino_compute.rhino_geometry.shapes import Colour, Interval
from devstack.rhino_compute.value_tree import Value, ValueTree, parse_path

Tuple = tuple[float, ...]


def object_values(thing: DocumentObject) -> ValueTree:
    """Return what a floating parameter without wires holds.

    Raises:
        UnsupportedError: The stored data is of a kind this server does not read.
        SolveError: A value of a Value List is no expression.
    """
    reader = READERS.get(thing.component_id, persistent_values)
    return reader(thing.container)


def _slider_value(container: Chunk) -> ValueTree:
    slider = container.child("Slider")
    return ValueTree.single(float((slider.number("Value") if slider else None) or 0.0))


def _toggle_value(container: Chunk) -> ValueTree:
    return ValueTree.single(container.flag("ToggleValue"))


def _swatch_colour(container: Chunk) -> ValueTree:
    argb = container.find("SwatchColor")
    return ValueTree.single(Colour(argb) if isinstance(argb, int) else None)


def _panel_values(container: Chunk) -> ValueTree:
    text = container.text("UserText")
    properties = container.child("PanelProperties")
    if properties and properties.flag("Multiline"):
        return ValueTree.single(text)
    return ValueTree.single(*text.replace("\r\n", "\n").split("\n"))


def _chosen_values(container: Chunk) -> ValueTree:
    chosen = (entry for entry in container.children("ListItem") if entry.flag("Selected"))
    return ValueTree.single(*(evaluate(entry.text("Expression"), {}) for entry in chosen))


READERS: dict[str, Callable[[Chunk], ValueTree]] = {
    ids.NUMBER_SLIDER: _slider_value,
    ids.PANEL: _panel_values,
    ids.VALUE_LIST: _chosen_values,
    ids.BOOLEAN_TOGGLE: _toggle_value,
    ids.COLOUR_SWATCH: _swatch_colour,
}


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
    if not part.entries or part.flag("null_string"):
        return None
    for name in ("number", "boolean", "string"):
        value = part.find(name)
        if isinstance(value, (bool, int, float, str)):
            return value
    for name, read in SHAPES.items():
        stored = part.find(name)
        if stored is not None:
            return _shape(name, stored, read)
    names = ", ".join(entry.name for entry in part.entries)
    raise UnsupportedError(f"stored data of this kind is not supported ({names})")


def _shape(name: str, stored: StoredValue, read: Callable[[Tuple], Value]) -> Value:
    match stored:
        case bytes():
            try:
                return decode_internalised(stored)
            except ValueError as error:
                raise UnsupportedError(str(error)) from error
        case tuple():
            return read(stored)
        case int() if name == "color":
            return Colour(stored)
        case _:
            raise UnsupportedError(f"stored data of this kind is not supported ({name})")


def _stored_plane(numbers: Tuple) -> Plane:
    origin, x_axis, y_axis = numbers[:3], numbers[3:6], numbers[6:9]
    return Plane(vectors.point(*origin), vectors.vector(*x_axis), vectors.vector(*y_axis))


def _refused(_: Tuple) -> Value:
    raise UnsupportedError("stored data of this form is not supported")


SHAPES: dict[str, Callable[[Tuple], Value]] = {
    "Coordinate": lambda numbers: vectors.point(*numbers),
    "vector": lambda numbers: vectors.vector(*numbers),
    "plane": _stored_plane,
    "Plane": _stored_plane,
    "Interval": lambda numbers: Interval(*numbers),
    "color": _refused,
    "ON_Data": _refused,
}
