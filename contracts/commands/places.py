"""Arguments that several commands share, and what they point to."""

import argparse
import re
from pathlib import Path

from contracts.commands.errors import UsageError
from contracts.errors import ContractFileError
from contracts.governance.check import app_folders
from contracts.loading import load_contract, version_folders
from contracts.model import APP_ID_PATTERN, Contract
from contracts.registry import DEFAULT_ROOT
from contracts.versions import is_version

RESERVED_APP_IDS = frozenset({"api", "health", "jobs"})
"""First parts of paths that belong to no app."""


def add_root(parser: argparse.ArgumentParser) -> None:
    """`--root`: another folder of app folders."""
    parser.add_argument(
        "--root", type=Path, default=DEFAULT_ROOT, help="the folder of app folders (%(default)s)"
    )


def read_bytes(file: Path) -> bytes:
    """The bytes of a file that a person named.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error


def app_folder(root: Path, app_id: str) -> Path:
    """The folder of an app.

    Raises:
        UsageError: there is none; the text lists those that there are.
    """
    if not root.is_dir():
        raise UsageError(f"{root}: there is no such folder")
    apps = {folder.name: folder for folder in app_folders(root)}
    if app_id not in apps:
        raise UsageError(f"there is no app {app_id!r}; the apps are: {', '.join(apps) or 'none'}")
    return apps[app_id]


def version_folder(root: Path, app_id: str, version: str) -> Path:
    """The folder of a version of an app.

    Raises:
        UsageError: there is none; the text lists those that there are.
    """
    folders = {folder.name: folder for folder in version_folders(app_folder(root, app_id))}
    if version not in folders:
        listed = ", ".join(folders) or "none"
        raise UsageError(f"{app_id} has no version {version!r}; the versions are: {listed}")
    return folders[version]


def contract_of(root: Path, app_id: str, version: str) -> Contract:
    """The contract of a version that has to be in order.

    Raises:
        UsageError: there is none, or it breaks a rule.
    """
    try:
        return load_contract(version_folder(root, app_id, version))
    except ContractFileError as error:
        raise UsageError(f"{error} (see `check {app_id}/{version}`)") from error


def checked_app_id(text: str) -> str:
    """An app id as every part of the platform takes it.

    Raises:
        UsageError: it is none.
    """
    if not re.fullmatch(APP_ID_PATTERN.strip("^$"), text):
        raise UsageError(
            f"{text!r} is no app id: 2 to 40 lower-case letters, digits or hyphens,"
            " a letter first and no hyphen last"
        )
    if text in RESERVED_APP_IDS:
        raise UsageError(f"{text!r} is no app id: the API has paths of its own that begin so")
    return text


def checked_version(text: str) -> str:
    """A version number.

    Raises:
        UsageError: it is none.
    """
    if not is_version(text):
        raise UsageError(f"{text!r} is no version: MAJOR.MINOR.PATCH, as in 1.0.0")
    return text
