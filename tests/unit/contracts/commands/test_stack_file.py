"""`new --stack` writes the one file that an app's infrastructure needs."""

import re
from pathlib import Path

import pytest

from contracts.commands.program import main


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder of apps beside a folder of stacks with one environment."""
    (tmp_path / "contracts").mkdir()
    stacks = tmp_path / "pulumi"
    stacks.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev-platform.yaml"):
        (stacks / name).write_text("name: kuduso\n")
    return tmp_path


def stamp(repository: Path, *arguments: str) -> int:
    return main(["new", *arguments, "--root", str(repository / "contracts")])


def test_an_app_and_its_stack_are_written(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stamp(repository, "hello", "--stack", "dev") == 0
    assert (repository / "contracts/hello/1.0.0/manifest.json").is_file()
    lines = (repository / "pulumi/Pulumi.dev-hello.yaml").read_text().splitlines()
    assert len(lines) <= 10
    assert lines[1:3] == ["config:", '  kuduso:budget-monthly: "100"']
    assert re.fullmatch(r'  kuduso:budget-start: "20\d\d-[01]\d-01"', lines[3])
    assert "pulumi up --stack dev-hello" in capsys.readouterr().out


def test_an_app_that_exists_gets_its_stack_alone(repository: Path) -> None:
    assert stamp(repository, "hello") == 0
    before = sorted((repository / "contracts").rglob("*"))
    assert stamp(repository, "hello", "--stack", "dev") == 0
    assert sorted((repository / "contracts").rglob("*")) == before
    assert (repository / "pulumi/Pulumi.dev-hello.yaml").is_file()


def test_the_stack_shares_the_platform_s_secrets_provider(repository: Path) -> None:
    provider = "secretsprovider: azurekeyvault://kv/keys/pulumi\nencryptedkey: abc=\n"
    platform = repository / "pulumi/Pulumi.dev-platform.yaml"
    platform.write_text(f"{provider}config:\n  kuduso:location: westeurope\n")
    assert stamp(repository, "hello", "--stack", "dev") == 0
    text = (repository / "pulumi/Pulumi.dev-hello.yaml").read_text()
    assert text.startswith(provider + "# hello in dev")
    assert len(text.splitlines()) <= 10


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["hello", "--stack", "prod"], "no environment 'prod'; the environments are: dev"),
        (["hello", "--stack", "../x"], "no environment '../x'"),
        (["hello-", "--stack", "dev"], "'hello-' is no app id"),
        (["platform", "--stack", "dev"], "'platform' has no stack"),
    ],
)
def test_a_stack_that_could_not_be_deployed_is_refused_before_anything_is_written(
    repository: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stamp(repository, *arguments) == 2
    assert words in capsys.readouterr().err
    assert list((repository / "contracts").iterdir()) == []
    assert len(list((repository / "pulumi").iterdir())) == 2


def test_a_stack_is_never_overwritten(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert stamp(repository, "hello", "--stack", "dev") == 0
    file = repository / "pulumi/Pulumi.dev-hello.yaml"
    file.write_text("mine")
    assert stamp(repository, "hello", "--stack", "dev") == 2
    assert file.read_text() == "mine"
    assert "Pulumi.dev-hello.yaml exists" in capsys.readouterr().err


def test_without_the_programs_there_is_no_stack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "contracts").mkdir()
    assert stamp(tmp_path, "hello", "--stack", "dev") == 2
    assert "no Pulumi.yaml" in capsys.readouterr().err
