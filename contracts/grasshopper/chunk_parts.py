"""Small pieces of a Grasshopper archive, written the way Grasshopper writes them."""

from collections.abc import Mapping

from contracts.grasshopper import value_types as vt
from contracts.grasshopper.archive import NO_INDEX, Chunk, Entry

Typed = tuple[int, vt.Value]


def text(value: str) -> Typed:
    """Type a text."""
    return vt.STRING, value


def guid(value: str) -> Typed:
    """Type a GUID."""
    return vt.GUID, value


def whole(value: int) -> Typed:
    """Type a 32-bit integer."""
    return vt.INT32, value


def real(value: float) -> Typed:
    """Type a double."""
    return vt.DOUBLE, float(value)


def switch(*, on: bool) -> Typed:
    """Type a boolean."""
    return vt.BOOL, on


def chunk(
    name: str,
    entries: Mapping[str, Typed],
    *chunks: Chunk,
    index: int = NO_INDEX,
    **lists: list[Typed],
) -> Chunk:
    """Build a chunk; entries are ordered by name, each of `lists` becomes repeated entries."""
    single = [Entry(key, NO_INDEX, code, value) for key, (code, value) in entries.items()]
    repeated = [
        Entry(key, position, code, value)
        for key, typed in lists.items()
        for position, (code, value) in enumerate(typed)
    ]
    ordered = sorted([*single, *repeated], key=lambda entry: (entry.name.lower(), entry.index))
    return Chunk(name, index, tuple(ordered), chunks)


def attributes(x: float, y: float, width: float = 80, height: float = 20) -> Chunk:
    """Place an object on the canvas; `x`, `y` is its upper left corner in pixels."""
    bounds = (float(x), float(y), float(width), float(height))
    pivot = (x + width / 2, y + height / 2)
    return chunk(
        "Attributes",
        {"Bounds": (vt.DRAWING_RECTANGLE_F, bounds), "Pivot": (vt.DRAWING_POINT_F, pivot)},
    )


def labels(instance_id: str, name: str, nickname: str, description: str = "") -> dict[str, Typed]:
    """Return the entries every object and parameter carries."""
    return {
        "InstanceGuid": guid(instance_id),
        "Name": text(name),
        "NickName": text(nickname),
        "Description": text(description),
    }


def persistent_number(value: float) -> Chunk:
    """Hold one number inside a parameter."""
    stored = chunk("Item", {"number": real(value)}, index=0)
    branch = chunk("Branch", {"Count": whole(1), "Path": text("{0}")}, stored, index=0)
    return chunk("PersistentData", {"Count": whole(1)}, branch)
