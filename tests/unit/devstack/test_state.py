"""The running stack as other commands see it."""

import os
from pathlib import Path

import pytest

from devstack.errors import UsageError
from devstack.state import (
    ComponentState,
    StackLock,
    StackState,
    read_running,
    require_running,
    write_state,
)

PART = ComponentState("blob", "up", 7, "http://127.0.0.1:10000", 1.5, "blob.log")


def test_a_described_and_locked_stack_is_running(tmp_path: Path) -> None:
    state = StackState(os.getpid(), (PART,), {"COMPUTE_API_KEY": "k"})
    with StackLock(tmp_path):
        write_state(tmp_path, state)
        assert read_running(tmp_path) == state
        assert (tmp_path / "stack.json").stat().st_mode & 0o777 == 0o600


def test_what_a_killed_stack_left_is_not_believed(tmp_path: Path) -> None:
    write_state(tmp_path, StackState(os.getpid(), (PART,), {}))
    assert read_running(tmp_path) is None
    with pytest.raises(UsageError, match="no stack runs here"):
        require_running(tmp_path)


def test_a_second_stack_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    with StackLock(tmp_path):
        write_state(tmp_path, StackState(4711, (PART,), {}))
        with pytest.raises(UsageError, match=r"already running in .* \(pid 4711\)"):
            StackLock(tmp_path).__enter__()
    with StackLock(tmp_path):
        pass


def test_a_stack_is_up_when_every_part_is(tmp_path: Path) -> None:
    starting = ComponentState("functions", "starting", 8, "", 1.5, "functions.log")
    assert StackState(1, (PART,), {}).is_up
    assert not StackState(1, (PART, starting), {}).is_up
