"""Git says what changed, what is packaged and what an image is made of."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from delivery import checkout
from delivery.errors import CheckoutError
from delivery.package import write_package

FILES = {
    "appserver/main.py": "a",
    "contracts/sitefit/policy.json": "{}",
    "contracts/sitefit/1.0.0/definition.py": "source",
    ".dockerignore": "**\n!appserver/**\n!contracts/**\n!constraints.txt\n**/__pycache__\n",
    "constraints.txt": "one==1",
    ".funcignore": "appserver\nconstraints.txt\n/*.md\ncontracts/*/*/definition.py\n",
    "README.md": "words",
    "functions/bootstrap.py": "b",
}


def git(root: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    done = subprocess.run(
        ["git", *who, *arguments], cwd=root, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(root: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Change something")
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    commit(tmp_path, FILES)
    return tmp_path


def test_changed_paths_name_added_changed_moved_and_removed_files(root: Path) -> None:
    before = git(root, "rev-parse", "HEAD")
    (root / "README.md").unlink()
    git(root, "mv", "appserver/main.py", "appserver/moved.py")
    commit(root, {"functions/é n.py": "c", "functions/bootstrap.py": "changed"})
    found = checkout.changed_paths(before, root)
    assert found is not None
    assert set(found) == {
        *("README.md", "appserver/main.py", "appserver/moved.py"),
        *("functions/é n.py", "functions/bootstrap.py"),
    }


def test_a_commit_that_is_unknown_has_no_changes_to_tell(root: Path) -> None:
    assert checkout.changed_paths("refs/tags/deployed/dev", root) is None


def test_a_folder_without_history_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckoutError, match="not a git repository"):
        checkout.packaged_paths(tmp_path)


def test_the_package_holds_what_is_not_ignored(root: Path, tmp_path: Path) -> None:
    (root / "functions/untracked.py").write_text("not delivered")
    target = tmp_path / "package.zip"
    count = write_package(target, root)
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        assert archive.read("functions/bootstrap.py") == b"b"
    assert count == len(names)
    assert names == sorted(
        [".dockerignore", ".funcignore", "contracts/sitefit/policy.json", "functions/bootstrap.py"]
    )


def test_equal_sources_make_equal_packages(root: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    write_package(first, root)
    (root / "functions/bootstrap.py").touch()
    write_package(second, root)
    assert first.read_bytes() == second.read_bytes()


def test_an_image_is_named_by_its_sources_alone(root: Path) -> None:
    first = checkout.image_name(root)
    commit(root, {"README.md": "other words"})
    assert checkout.image_name(root) == first
    commit(root, {"contracts/sitefit/policy.json": '{"changed": true}'})
    second = checkout.image_name(root)
    commit(root, {"constraints.txt": "one==2"})
    assert len({first, second, checkout.image_name(root)}) == 3
