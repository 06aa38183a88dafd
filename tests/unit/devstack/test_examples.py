"""Which example the demo sends."""

import json
from pathlib import Path

import pytest

from devstack.errors import UsageError
from devstack.examples import find_example


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    (tmp_path / "shade").mkdir()
    (tmp_path / "shade" / "policy.json").write_text("{}")
    for version, channel, names in (
        ("1.9.0", "stable", ["small", "common"]),
        ("1.10.0", "stable", ["common"]),
        ("2.0.0", "debug", ["common", "trace"]),
    ):
        folder = tmp_path / "shade" / version / "examples" / "valid"
        folder.mkdir(parents=True)
        (folder.parents[1] / "manifest.json").write_text(json.dumps({"channel": channel}))
        for name in names:
            (folder / f"{name}.json").write_text(json.dumps({"from": version}))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("common", None, "1.10.0"),  # the highest stable one, as numbers
        ("small", None, "1.9.0"),  # the only one that has it
        ("trace", None, "2.0.0"),  # debug contracts where no stable one has it
        ("common", "2.0.0", "2.0.0"),  # what was asked for
    ],
)
def test_the_version_is_chosen(
    contracts: Path, name: str, version: str | None, expected: str
) -> None:
    example = find_example("shade", name, version, contracts)
    assert (example.version, example.inputs) == (expected, {"from": expected})


@pytest.mark.parametrize(
    ("app_id", "name", "version", "expected"),
    [
        ("shadow", "common", None, "there is no app 'shadow'; the apps are: shade"),
        ("shade", "large", None, "shade has no example 'large'; the examples are: common (1.10.0)"),
        ("shade", "small", "2.0.0", "shade 2.0.0 has no example 'small'"),
    ],
)
def test_what_does_not_exist_is_answered_with_what_does(
    contracts: Path, app_id: str, name: str, version: str | None, expected: str
) -> None:
    with pytest.raises(UsageError) as caught:
        find_example(app_id, name, version, contracts)
    assert expected in str(caught.value)


def test_the_shipped_minimal_example_is_the_real_product() -> None:
    assert find_example("sitefit", "minimal").version == "1.0.0"
