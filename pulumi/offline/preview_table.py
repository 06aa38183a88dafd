"""What `pulumi preview` would list, as text."""

from offline.arm_types import azure_name
from offline.recording import Recording, Registered
from offline.values import plain_members

_HEAD = ("TYPE", "NAME", "AZURE NAME", "DEPENDS ON")


def preview_table(recording: Recording) -> str:
    """Resources below their components, and the stack's outputs."""
    rows = [_HEAD, *_rows(recording, recording.stack_urn, 0)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD) - 1)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    ]
    outputs = [f"    {name}: {value}" for name, value in sorted(recording.outputs.items())]
    count = len(recording.azure_resources())
    mode = "preview, unknowns kept" if recording.is_preview else "values as after a deployment"
    return "\n".join(
        [
            f"Stack {recording.stack} ({mode})",
            *(line.rstrip() for line in lines),
            "Outputs:",
            *outputs,
            f"Resources: + {count} to create, {len(recording.resources) - count} components",
        ]
    )


def _rows(recording: Recording, parent: str, depth: int) -> list[tuple[str, str, str, str]]:
    found: list[tuple[str, str, str, str]] = []
    for one in recording.resources.values():
        if one.parent == parent:
            found.append(_row(recording, one, depth))
            found += _rows(recording, one.urn, depth + 1)
    return found


def _row(recording: Recording, one: Registered, depth: int) -> tuple[str, str, str, str]:
    names = [
        recording.resources[urn].name for urn in one.dependencies if urn in recording.resources
    ]
    azure = azure_name(one.type, plain_members(one.inputs)) if one.is_custom else ""
    mark = " [kept]" if one.is_protected else ""
    indented = "  " * depth + one.short_type
    return indented, one.name, azure + mark, ", ".join(sorted(set(names)))
