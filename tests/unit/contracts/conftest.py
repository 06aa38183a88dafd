"""A folder of app folders with one stamped app, for tests to break."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.commands.program import main
from tests.unit.contracts.documents import house

Edit = Callable[..., None]


@pytest.fixture(scope="session")
def stamped_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("contracts")
    file = tmp_path_factory.mktemp("files") / "house.ghx"
    file.write_bytes(house())
    assert main(["new", "house", "--from", str(file), "--root", str(root)]) == 0
    return root


@pytest.fixture
def root(stamped_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(stamped_once, tmp_path / "contracts"))


@pytest.fixture
def edit(root: Path) -> Edit:
    """Change one file of house 1.0.0: `change` gets the JSON document."""

    def apply(name: str, change: Callable[[Any], object], version: str = "1.0.0") -> None:
        file = root / "house" / version / name
        document = json.loads(file.read_text())
        change(document)
        file.write_text(json.dumps(document))

    return apply


def next_version(root: Path, version: str, copied: str = "1.0.0") -> None:
    """A copy of a version of house under another number."""
    shutil.copytree(root / "house" / copied, root / "house" / version)
