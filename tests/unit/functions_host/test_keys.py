"""Access keys."""

from pathlib import Path

import pytest

from devstack.functions_host.errors import HostError
from devstack.functions_host.keys import Keys, read_or_create_keys

KEYS = Keys(master="M", host={"default": "H"}, functions={"run": {"default": "F"}})


@pytest.mark.parametrize(
    ("level", "function", "offered", "is_open"),
    [
        ("anonymous", "run", "", True),
        ("function", "run", "", False),
        ("function", "run", "X", False),
        ("function", "run", "F", True),
        ("function", "other", "F", False),
        ("function", "other", "H", True),
        ("function", "other", "M", True),
        ("admin", "run", "F", False),
        ("admin", "run", "H", False),
        ("admin", "run", "M", True),
    ],
)
def test_each_key_opens_its_own_levels(
    level: str, function: str, offered: str, *, is_open: bool
) -> None:
    assert KEYS.opens(level, function, offered) is is_open


def test_an_empty_master_key_opens_nothing() -> None:
    assert not Keys(master="").opens("admin", "run", "")


def test_the_first_start_makes_keys_that_only_the_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "state/keys.json"

    made = read_or_create_keys(path)

    assert len(made.master) > 30
    assert path.stat().st_mode & 0o077 == 0
    assert read_or_create_keys(path) == made


def test_a_wrong_keys_file_is_named_with_its_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text('{"master": 5}')

    with pytest.raises(HostError, match=r"keys\.json: master: "):
        read_or_create_keys(path)
