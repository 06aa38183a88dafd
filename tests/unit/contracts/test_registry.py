"""The shipped contracts load; a broken folder names its file and its rule."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.commands.program import main
from contracts.errors import ContractFileError, ContractViolationError, UnknownContractError
from contracts.registry import DEFAULT_ROOT, Registry


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(DEFAULT_ROOT / "sitefit", tmp_path / "sitefit")
    return tmp_path


def edit(file: Path, **members: object) -> None:
    document = json.loads(file.read_text())
    file.write_text(json.dumps(document | members))


def test_stable_is_the_highest_stable_version(registry: Registry) -> None:
    for version in (None, "stable"):
        assert registry.resolve("sitefit", None, version).contract.ref.version == "1.0.0"
    assert registry.resolve("sitefit", "sitefit", "1.1.0").contract.ref.version == "1.1.0"


@pytest.mark.parametrize(
    ("app_id", "definition", "version"),
    [("nobody", None, None), ("sitefit", "nothing", None), ("sitefit", None, "9.9.9")],
)
def test_unknown_contracts_are_refused(
    registry: Registry, app_id: str, definition: str | None, version: str | None
) -> None:
    with pytest.raises(UnknownContractError):
        registry.resolve(app_id, definition, version)


def test_every_example_behaves_as_its_folder_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "sitefit@1.0.0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "members", "code", "pointer"),
    [
        ("1.0.0/manifest.json", {"timeout_seconds": 3}, "file_invalid", "/timeout_seconds"),
        ("1.0.0/manifest.json", {"timeout_sec": -1}, "file_invalid", "/timeout_sec"),
        ("1.0.0/inputs.schema.json", {"type": "array"}, "schema_invalid", "/type"),
        ("1.0.0/inputs.schema.json", {"required": "crs"}, "schema_invalid", "/required"),
        ("1.0.0/inputs.schema.json", {"x-rules": ["no_such_rule"]}, "schema_invalid", ""),
        ("1.0.0/plugins.json", {"engine": {"name": "x"}}, "file_invalid", "/engine/version"),
        ("policy.json", {"app_id": "other"}, "app_id_differs", "/app_id"),
        (
            "policy.json",
            {"allowed_definitions": ["missing"]},
            "definition_unknown",
            "/allowed_definitions/0",
        ),
    ],
)
def test_a_broken_file_is_named_with_its_rule(
    copied: Path, file: str, members: dict[str, object], code: str, pointer: str
) -> None:
    edit(copied / "sitefit" / file, **members)
    with pytest.raises(ContractFileError) as caught:
        Registry.load(copied)
    [finding] = caught.value.findings
    assert (finding.code, finding.pointer) == (code, pointer)
    assert finding.file == copied / "sitefit" / file


def test_every_broken_rule_of_a_folder_is_reported_at_once(copied: Path) -> None:
    edit(copied / "sitefit/1.0.0/bindings.json", inputs=[])
    with pytest.raises(ContractFileError) as caught:
        Registry.load(copied)
    pointers = {finding.pointer for finding in caught.value.findings}
    assert {finding.code for finding in caught.value.findings} == {"input_not_bound"}
    assert "/properties/crs" in pointers
    assert len(pointers) == 6


def test_loading_reads_no_grasshopper_document() -> None:
    told = "import sys, contracts.registry; contracts.registry.Registry.load();"
    told += "print([name for name in sys.modules if 'grasshopper' in name or 'shapely' in name])"
    answer = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True)
    assert answer.stdout.strip() == b"[]"


@pytest.mark.parametrize("file", ["manifest.json", "outputs.schema.json", "sitefit.ghx"])
def test_a_missing_file_is_named(copied: Path, file: str) -> None:
    (copied / "sitefit/1.0.0" / file).unlink()
    with pytest.raises(ContractFileError, match=r"sitefit/1\.0\.0"):
        Registry.load(copied)


def test_an_example_in_the_wrong_folder_fails_the_check(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = copied / "sitefit/1.1.0/examples"
    (examples / "valid/zero.json").write_text('{"value": -5}')
    assert main(["check", "--root", str(copied)]) == 1
    assert "zero.json /value: example_invalid: is refused: minimum" in capsys.readouterr().out


def test_policy_overrides_caps(copied: Path) -> None:
    edit(copied / "sitefit/policy.json", manifest_overrides={"sitefit@1.0.0": {"max_vertices": 8}})
    registry = Registry.load(copied)
    served = registry.resolve("sitefit", None, None)
    inputs = json.loads((copied / "sitefit/1.0.0/examples/valid/minimal.json").read_text())
    with pytest.raises(ContractViolationError) as caught:
        registry.accept_inputs("sitefit", served, inputs)
    assert [fault.code for fault in caught.value.violations] == ["max_vertices"]
