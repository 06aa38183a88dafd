"""Chunks of the objects a person sets by hand: Value List, Boolean Toggle, Group."""

from contracts.grasshopper import chunk_parts as parts
from contracts.grasshopper.archive import Chunk
from contracts.grasshopper.contextual import Placed


def value_list(placed: Placed, options: dict[str, str], selected: str) -> Chunk:
    """Build a Value List; `options` are expressions by name."""
    entries = {
        **parts.labels(placed.instance_id, "Value List", "List", "Preset values to choose from"),
        "ListCount": parts.whole(len(options)),
        "ListMode": parts.whole(1),
        "Optional": parts.switch(on=False),
        "SourceCount": parts.whole(0),
    }
    listed = [
        parts.chunk(
            "ListItem",
            {
                "Expression": parts.text(expression),
                "Name": parts.text(name),
                "Selected": parts.switch(on=name == selected),
            },
            index=position,
        )
        for position, (name, expression) in enumerate(options.items())
    ]
    return parts.chunk("Container", entries, *listed, parts.attributes(placed.x, placed.y))


def toggle(placed: Placed, *, on: bool) -> Chunk:
    """Build a Boolean Toggle."""
    entries = {
        **parts.labels(placed.instance_id, "Boolean Toggle", "Toggle", "True or false"),
        "Optional": parts.switch(on=False),
        "SourceCount": parts.whole(0),
        "ToggleValue": parts.switch(on=on),
    }
    return parts.chunk("Container", entries, parts.attributes(placed.x, placed.y))


def group(placed: Placed, nickname: str, members: tuple[str, ...]) -> Chunk:
    """Build a group; `RH_IN` or `RH_OUT` in its nickname exposes its first member."""
    entries = {
        **parts.labels(placed.instance_id, "Group", nickname, "A group of objects"),
        "ID_Count": parts.whole(len(members)),
    }
    spot = parts.attributes(placed.x, placed.y)
    return parts.chunk("Container", entries, spot, ID=[parts.guid(member) for member in members])
