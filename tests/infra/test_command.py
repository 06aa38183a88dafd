"""`make infra` itself: what it prints, draws and answers."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from checks import __main__ as command
from offline.stacks import Estate

from tests.infra.seeding import with_input


def run(monkeypatch: pytest.MonkeyPatch, estate: Estate, *arguments: str) -> int:
    """The command on stacks that ran already."""
    monkeypatch.setattr("sys.argv", ["checks", *arguments])
    monkeypatch.setattr(command, "run_all", lambda _: estate)
    return command.main()


def test_a_fault_makes_it_fail_and_is_told(
    estate: Estate,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = with_input(estate.applied["dev-sitefit"], "site", "httpsOnly", False)
    app = with_input(app, "failed-functions", "criteria.allOf.0.query", "AppRequests | where")
    seeded = replace(estate, applied={**estate.applied, "dev-sitefit": app}, previewed={})
    assert run(monkeypatch, seeded, "--pictures", str(tmp_path)) == 1
    told = capsys.readouterr()
    assert "dev-sitefit/site: policy: encrypted-in-transit: httpsOnly must be True" in told.err
    assert "dev-sitefit/failed-functions: query: " in told.err
    assert told.out.rstrip().endswith("faults")
    assert "Stack dev-sitefit (values as after a deployment)" in told.out
    assert {file.name for file in tmp_path.iterdir()} == {
        "infrastructure-platform.svg",
        "infrastructure-app.svg",
    }


def test_a_resource_is_shown_without_its_secrets(
    estate: Estate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, estate, "--resource", "rhino-token") == 0
    shown = json.loads(capsys.readouterr().out)
    assert set(shown) == {"dev-platform", "prod-platform"}
    assert "[secret]" in json.dumps(shown)
    assert "secret-value-of" not in json.dumps(shown)


def test_a_resource_that_no_stack_has_is_a_fault(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, estate, "--resource", "nothing") == 1
