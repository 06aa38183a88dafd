"""The command line and its environment."""

import pytest

from devstack.rhino_compute.child_settings import ChildSettings
from devstack.rhino_compute.faults import Fault
from devstack.rhino_compute.limits import ScriptLimits
from devstack.rhino_compute.options import parse_options


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEY", "TIMEOUT", "MAX_REQUEST_SIZE"):
        monkeypatch.delenv(f"RHINO_COMPUTE_{name}", raising=False)


def test_defaults_start_one_child_that_stays_for_an_hour() -> None:
    options = parse_options(["--port", "0"])
    assert (options.child_count, options.idle_span_s) == (1, 3600)
    assert (options.parent.timeout_s, options.parent.max_request_bytes) == (100, 52_428_800)
    assert options.child == ChildSettings(ScriptLimits())


def test_scripts_end_before_the_parent_gives_up() -> None:
    options = parse_options(["--port", "0"])
    assert options.child.limits.time_s < options.parent.timeout_s


def test_environment_sets_key_patience_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RHINO_COMPUTE_KEY", "a-key")
    monkeypatch.setenv("RHINO_COMPUTE_TIMEOUT", "2.5")
    monkeypatch.setenv("RHINO_COMPUTE_MAX_REQUEST_SIZE", "10")
    parent = parse_options(["--port", "0"]).parent
    assert (parent.api_key, parent.timeout_s, parent.max_request_bytes) == ("a-key", 2.5, 10)


def test_slow_start_belongs_to_the_child_and_other_faults_to_each_solve() -> None:
    slow = parse_options(["--port", "0", "--fault", "slow-start", "--slow-start", "3"])
    assert (slow.child.start_delay_s, slow.parent.fault) == (3, None)
    hanging = parse_options(["--port", "0", "--fault", "hang"])
    assert (hanging.child.start_delay_s, hanging.parent.fault) == (0, Fault.HANG)


@pytest.mark.parametrize(
    "wrong",
    [
        ["--childcount", "0"],
        ["--childcount", "256"],
        ["--script-time", "0"],
        ["--idlespan", "nan"],
        ["--script-memory", "-1"],
        ["--script-output", "0"],
        ["--fault", "flood"],
    ],
)
def test_wrong_option_ends_the_command(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_options(["--port", "0", *wrong])
    assert ended.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def test_child_reads_the_settings_its_parent_wrote() -> None:
    settings = ChildSettings(ScriptLimits(1.5, 20, 30), sticky_inputs=True, start_delay_s=2)
    assert ChildSettings.from_json(settings.to_json()) == settings
