"""The outputs that an app is known to give, and where others differ from them."""

import math
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from contracts.model import AppId, JsonObject

FOLDER = Path(__file__).parent / "golden"
TOLERANCE = 1e-6
"""Relative above 1, absolute below: engines differ in their last digits."""
_OF_THE_RUN = frozenset({"metadata"})
_OF_THE_FILE = ("kind", "file_name", "media_type")


class Golden(BaseModel):
    """Outputs of one example, without what differs from run to run."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    app_id: AppId
    version: str
    example: str = Field(min_length=1)
    outputs: JsonObject


def read_golden(app_id: str, folder: Path = FOLDER) -> Golden | None:
    """The app's golden outputs, if anybody recorded them."""
    file = folder / f"{app_id}.json"
    return Golden.model_validate_json(file.read_bytes()) if file.is_file() else None


def write_golden(golden: Golden, folder: Path = FOLDER) -> Path:
    """Record outputs; the file's path."""
    file = folder / f"{golden.app_id}.json"
    file.write_text(golden.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return file


def lasting(outputs: JsonObject) -> JsonObject:
    """Outputs without what belongs to one run: metadata, and links and sizes of files."""
    kept = {name: value for name, value in outputs.items() if name not in _OF_THE_RUN}
    files = kept.get("artifacts")
    if isinstance(files, list):
        kept["artifacts"] = [
            {name: file[name] for name in _OF_THE_FILE if name in file}
            for file in files
            if isinstance(file, dict)
        ]
    return kept


def differences(wanted: JsonValue, found: JsonValue, pointer: str = "") -> Iterator[str]:
    """One line for each place where outputs differ from golden ones, as JSON pointers."""
    here = pointer or "/"
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name in sorted(wanted.keys() | found.keys()):
            if name not in found or name not in wanted:
                yield f"{pointer}/{name}: {'missing' if name in wanted else 'unexpected'}"
            else:
                yield from differences(wanted[name], found[name], f"{pointer}/{name}")
    elif isinstance(wanted, list) and isinstance(found, list):
        if len(wanted) != len(found):
            yield f"{here}: {len(found)} entries instead of {len(wanted)}"
        for index, (one, other) in enumerate(zip(wanted, found, strict=False)):
            yield from differences(one, other, f"{pointer}/{index}")
    elif not _is_equal(wanted, found):
        yield f"{here}: {found!r:.80} instead of {wanted!r:.80}"


def _is_equal(wanted: JsonValue, found: JsonValue) -> bool:
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if isinstance(wanted, int | float) and isinstance(found, int | float):
        return math.isclose(wanted, found, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return wanted == found
