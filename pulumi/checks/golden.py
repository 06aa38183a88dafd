"""The confirmed list of resources: what changes it has to be looked at by somebody."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from offline.arm_types import SUBSCRIPTION
from offline.recording import Recording, Registered

from checks.faults import Fault

FOLDER = Path(__file__).parent.parent / "golden"


def listed(recording: Recording) -> list[str]:
    """Type, place in Azure and protection of each resource, and its path in the program."""
    return sorted(_line(one) for one in recording.azure_resources())


def _line(one: Registered) -> str:
    place = one.id.removeprefix(f"{SUBSCRIPTION}/resourceGroups/")
    kept = " protected" if one.is_protected else ""
    return f"{one.short_type} {place}{kept} | {one.path}"


def confirm(recording: Recording, folder: Path = FOLDER) -> None:
    """Write the list."""
    folder.mkdir(exist_ok=True)
    text = "\n".join(listed(recording)) + "\n"
    (folder / f"{recording.stack}.txt").write_text(text, encoding="utf-8")


def golden_faults(recording: Recording, folder: Path = FOLDER) -> list[Fault]:
    """Differences from the confirmed list; a moved resource needs an alias, or it is replaced."""
    file = folder / f"{recording.stack}.txt"
    confirmed = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    found = listed(recording)
    faults = [
        Fault(recording.stack, "unconfirmed change", line)
        for line in difflib.unified_diff(confirmed, found, n=0, lineterm="")
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    return faults + list(_moved(recording, confirmed))


def _moved(recording: Recording, confirmed: list[str]) -> Iterator[Fault]:
    """Same type and name under another path: without an alias Pulumi deletes and creates it."""
    before = {_identity(line): line.rpartition(" | ")[2] for line in confirmed}
    for one in recording.azure_resources():
        was = before.get(_identity(_line(one)))
        if was is None or was == one.path or _is_alias(one, was):
            continue
        text = f"was {was}: give it an alias, or Azure deletes and creates it"
        yield Fault(f"{recording.stack}/{one.name}", "moved without an alias", text)


def _identity(line: str) -> str:
    return line.rpartition(" | ")[0].removesuffix(" protected")


def _is_alias(one: Registered, path: str) -> bool:
    name = path.rpartition("::")[2]
    return any(alias == name or alias.endswith(path) for alias in one.aliases)
