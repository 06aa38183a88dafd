"""A released folder is immutable: `released.lock` holds the SHA-256 of every file in it."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import RootModel

from contracts.errors import ContractFileError
from contracts.files import read_model
from contracts.finding import Finding
from contracts.model import ContractRef
from contracts.paths import pointer_to

LOCK_NAME = "released.lock"
_LEFT_BY_PYTHON = "__pycache__"
_REMEDY = "Undo the change, and put it into a version of its own (`import`)."


class ReleaseLock(RootModel[dict[str, dict[str, str]]]):
    """Digests by `app@version` and by path inside the folder, in lower-case hexadecimal."""


def read_lock(root: Path) -> dict[str, dict[str, str]]:
    """The locked releases; none when there is no lock yet.

    Raises:
        ContractFileError: the lock is no such JSON.
    """
    file = root / LOCK_NAME
    return read_model(file, ReleaseLock).root if file.exists() else {}


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of a version folder, by its path in it."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if _LEFT_BY_PYTHON not in file.parts
    }


def lock_release(root: Path, ref: ContractRef) -> int:
    """Lock a version; the number of its files.

    Raises:
        ContractFileError: the lock cannot be read.
    """
    locked = read_lock(root)
    locked[str(ref)] = digests(root / ref.definition / ref.version)
    text = json.dumps(dict(sorted(locked.items())), indent=2) + "\n"
    partial = root / f".{LOCK_NAME}.partial"
    partial.write_text(text, encoding="utf-8")
    partial.replace(root / LOCK_NAME)
    return len(locked[str(ref)])


def lock_findings(root: Path, is_meant: Callable[[ContractRef], bool]) -> Iterator[Finding]:
    """Every file of a released folder that changed, vanished or came since its release."""
    try:
        locked = read_lock(root)
    except ContractFileError as error:
        yield from error.findings
        return
    for release, expected in locked.items():
        name, _, version = release.partition("@")
        if is_meant(ContractRef(name, version)):
            yield from _changes(root, (release, root / name / version), expected)


def _changes(root: Path, release: tuple[str, Path], expected: dict[str, str]) -> Iterator[Finding]:
    ref, folder = release
    found = digests(folder)
    for path in sorted(expected.keys() | found.keys()):
        if path not in found:
            code, message = "released_file_missing", f"{path} belongs to the release {ref}"
        elif path not in expected:
            code, message = "released_file_added", f"{path} is not part of the release {ref}"
        elif found[path] != expected[path]:
            code, message = "released_file_changed", f"{path} is not what {ref} was released with"
        else:
            continue
        file = folder / path if path in found else root / LOCK_NAME
        pointer = "" if path in found else pointer_to(ref, path)
        yield Finding(code, file, pointer, message, _REMEDY)
