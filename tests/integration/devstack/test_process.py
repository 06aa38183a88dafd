"""A child process ends with its whole family, politely or not, also when its parent is killed."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from devstack.errors import StartError
from devstack.process import Child, Command, run_to_end
from tests.integration.devstack.processes import STUBBORN, WAITING, alive, python, said_ready
from tests.integration.devstack.processes import wait_until as wait

FAMILY = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]).wait()"


def started(command: Command) -> Child:
    child = Child(command)
    wait(lambda: said_ready(command) is None, "the child's first words")
    return child


def test_a_child_that_hears_the_request_ends_by_it(tmp_path: Path) -> None:
    child = started(python("polite", WAITING, tmp_path))
    assert child.exit_code is None
    assert child.stop() == -signal.SIGTERM
    assert alive(tmp_path) == []


def test_a_child_that_does_not_is_killed_after_its_grace(tmp_path: Path) -> None:
    child = started(python("stubborn", STUBBORN, tmp_path))
    assert child.stop(grace_s=0.2) == -signal.SIGKILL
    assert alive(tmp_path) == []


def test_grandchildren_go_with_a_child_that_is_killed(tmp_path: Path) -> None:
    child = started(python("family", FAMILY, tmp_path))
    assert len(alive(tmp_path)) == 2
    child.kill()
    wait(lambda: alive(tmp_path) == [], "the grandchild's end")


def test_stragglers_of_a_child_that_ended_by_itself_are_ended(tmp_path: Path) -> None:
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {WAITING!r}])"
    child = Child(python("leaver", orphan, tmp_path))
    wait(lambda: child.exit_code == 0, "the child's end")
    wait(lambda: alive(tmp_path) == [], "the straggler's end")


def test_no_child_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; import signal;"
        "from devstack.process import Child;"
        "from tests.integration.devstack.processes import WAITING, python;"
        f"Child(python('orphan', WAITING, Path({str(tmp_path)!r}))); signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", program]) as parent:
        log = tmp_path / "orphan.log"
        wait(lambda: log.exists() and "ready" in log.read_text(), "the child's first words")
        assert len(alive(tmp_path)) >= 1
        parent.kill()
    wait(lambda: alive(tmp_path) == [], "the orphan's end")


def test_last_lines_are_those_of_this_run(tmp_path: Path) -> None:
    first = Child(python("talker", "print('before')", tmp_path))
    wait(lambda: first.exit_code == 0, "the first run")
    second = Child(python("talker", "[print('line', n) for n in range(30)]", tmp_path))
    wait(lambda: second.exit_code == 0, "the second run")
    assert second.last_lines(3) == ["line 27", "line 28", "line 29"]
    assert "before" not in second.last_lines(100)
    assert (tmp_path / "talker.log").read_text().startswith("before\n")


def test_a_command_that_fails_is_reported_with_its_words(tmp_path: Path) -> None:
    command = python("maker", "raise SystemExit('no room left')", tmp_path)
    with pytest.raises(StartError, match=r"maker ended with 1:\nno room left"):
        run_to_end(command)


def test_a_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"sleeper took more than 0\.1 s"):
        run_to_end(python("sleeper", WAITING, tmp_path), timeout_s=0.1)
    assert alive(tmp_path) == []
