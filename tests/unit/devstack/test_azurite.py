"""Node is found, or it is said what to install."""

from pathlib import Path

import pytest

from devstack.azurite import arguments, node_program
from devstack.errors import StartError


def put_node(folder: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A node that only tells its version, as the first on the path."""
    program = folder / "node"
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return program


def test_a_missing_node_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StartError, match=r"node is missing: install Node\.js 20 or newer"):
        node_program()


@pytest.mark.parametrize("version", ["v18.19.0", "v9.0.0", "nonsense"])
def test_a_node_that_is_too_old_is_told_with_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    program = put_node(tmp_path, version, monkeypatch)
    with pytest.raises(StartError, match=f"{program} is {version}: install Node"):
        node_program()


def test_the_first_node_that_is_new_enough_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = put_node(tmp_path, "v20.0.1", monkeypatch)
    assert node_program() == str(program)


def test_a_missing_azurite_is_told(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="Azurite is not installed: run `make setup`"):
        arguments(tmp_path, tmp_path, 10000)
