"""Exit codes, JSON, help, and one clear line for each mistake."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.commands.program import main
from tests.unit.contracts.conftest import Edit, next_version
from tests.unit.contracts.documents import house

VERBS = ["check", "describe", "build", "diff", "new", "import", "release"]


def run(root: Path, *arguments: str) -> int:
    return main([*arguments, "--root", str(root)])


@pytest.mark.parametrize("verb", VERBS)
def test_help_shows_examples_and_exit_codes(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    text = capsys.readouterr().out
    assert ended.value.code == 0
    assert f"python -m contracts {verb} " in text
    assert "exit codes: 0 fine, 1 findings, 2 usage" in text


def test_the_module_runs() -> None:
    command = [sys.executable, "-m", "contracts", "--help"]
    answer = subprocess.run(command, capture_output=True, check=True, text=True)
    assert all(f"    {verb} " in answer.stdout for verb in VERBS)


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["describe"], ["check", "--jsn"]])
def test_a_wrong_command_line_ends_in_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "shed"], "there is no app 'shed'; the apps are: house"),
        (["check", "house/3.0.0"], "has no version '3.0.0'; the versions are: 1.0.0"),
        (["diff", "house", "1.0.0", "2.0.0"], "has no version '2.0.0'"),
        (["build", "house", "1.0.0"], "no definition.py to build from"),
        (["release", "house", "2.0.0"], "has no version '2.0.0'"),
        (["new", "House"], "is no app id"),
        (["new", "shed-"], "is no app id"),
        (["new", "a/b"], "is no app id"),
        (["new", "jobs"], "the API has paths of its own"),
        (["new", "shed\n"], "is no app id"),
        (["new", "house"], "exists"),
        (["new", "shed", "--from", "nothing.gh"], "nothing.gh: No such file"),
        (["import", "nothing.gh", "house", "1.1.0"], "nothing.gh: No such file"),
        (["import", "nothing.gh", "house", "1.1"], "is no version"),
        (["import", "nothing.gh", "house", "1.0.0"], "a version never changes"),
        (["import", "nothing.gh", "house", "0.9.0"], "no stable version below 0.9.0"),
    ],
)
def test_a_mistake_ends_in_one_line(
    root: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, *arguments) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_a_root_without_apps_is_a_mistake(tmp_path: Path) -> None:
    assert run(tmp_path, "check") == 2
    assert run(tmp_path / "nowhere", "check") == 2


def test_check_prints_a_json_list(
    root: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "check", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []
    edit("manifest.json", lambda d: d.update(timeout_sec=0))
    assert run(root, "check", "house/1.0.0", "--json") == 1
    [finding] = json.loads(capsys.readouterr().out)
    assert finding == {
        "code": "file_invalid",
        "file": str(root / "house/1.0.0/manifest.json"),
        "pointer": "/timeout_sec",
        "message": "Input should be greater than 0",
        "what_to_do": "Give the member a value that fits.",
    }


def test_check_of_one_version_leaves_the_others_alone(
    root: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    next_version(root, "1.0.1")
    edit("manifest.json", lambda d: d.update(timeout_sec=0), "1.0.1")
    assert run(root, "check", "house/1.0.0") == 0
    assert capsys.readouterr().out == "house@1.0.0: in order\n"
    assert run(root, "check", "house") == 1
    assert "house@1.0.0: in order\n1 finding\n" in capsys.readouterr().out


def test_diff_groups_what_changed(
    root: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    next_version(root, "2.0.0")
    edit("inputs.schema.json", lambda d: d["properties"]["width"].update(maximum=5), "2.0.0")
    edit("outputs.schema.json", lambda d: d["properties"].update(more={}), "2.0.0")
    edit("manifest.json", lambda d: d.update(timeout_sec=5), "2.0.0")
    assert run(root, "diff", "house", "1.0.0", "2.0.0") == 0
    assert capsys.readouterr().out.splitlines() == [
        "breaking",
        "  inputs.schema.json#/properties/width: width: narrowed maximum from 10 to 5",
        "additive",
        "  outputs.schema.json#/properties/more: more: new member",
        "other",
        "  manifest.json: changed",
        "required: MAJOR, 1.0.0 -> 2.0.0 or later",
    ]


def test_release_locks_what_is_in_order(
    root: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "release", "house", "1.0.0") == 0
    assert "house@1.0.0: released" in capsys.readouterr().out
    lock = (root / "released.lock").read_text()
    assert run(root, "release", "house", "1.0.0") == 0
    assert (root / "released.lock").read_text() == lock
    edit("manifest.json", lambda d: d.update(timeout_sec=5))
    assert run(root, "check") == 1
    assert "released_file_changed" in capsys.readouterr().out
    assert run(root, "release", "house", "1.0.0") == 2
    assert (root / "released.lock").read_text() == lock


def test_release_refuses_what_is_not_in_order(root: Path, edit: Edit) -> None:
    edit("manifest.json", lambda d: d.update(timeout_sec=0))
    assert run(root, "release", "house", "1.0.0") == 1
    assert not (root / "released.lock").exists()


def test_build_writes_the_definition_of_its_source(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "new", "hello") == 0
    file = root / "hello/1.0.0/hello.ghx"
    content = file.read_bytes()
    assert run(root, "build", "hello", "1.0.0", "--check") == 0
    file.write_bytes(b"other")
    assert run(root, "build", "hello", "1.0.0", "--check") == 1
    assert file.read_bytes() == b"other"
    assert run(root, "build", "hello", "1.0.0") == 0
    assert file.read_bytes() == content
    capsys.readouterr()


def test_build_leaves_a_release_alone(root: Path) -> None:
    run(root, "new", "hello")
    run(root, "release", "hello", "1.0.0")
    file = root / "hello/1.0.0/hello.ghx"
    file.write_bytes(b"other")
    assert run(root, "build", "hello", "1.0.0") == 2
    assert file.read_bytes() == b"other"


@pytest.mark.parametrize("source", ["raise OSError('no')", "FILE_NAME = 'a.ghx'", "1 +"])
def test_a_broken_definition_source_ends_in_one_line(
    root: Path, source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "house/1.0.0/definition.py").write_text(source)
    assert run(root, "build", "house", "1.0.0") == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (root / "house/1.0.0/house.ghx").read_bytes() == house()
