"""Settings of a stack, and what its parts are told of each other."""

from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict

from devstack.credentials import read_or_create
from devstack.errors import UsageError
from devstack.plan import components, queues
from devstack.ports import DEFAULT_PORTS
from devstack.settings import StackSettings, child_environment, served_apps
from devstack.wiring import Wiring


def wiring(root: Path, **changes: Any) -> Wiring:
    settings = StackSettings(ports=DEFAULT_PORTS, root=root, **changes)
    return Wiring(settings, read_or_create(root / "secrets.json"))


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@db/kuduso")
    monkeypatch.setenv("KUDUSO_MESSAGE_LOCK_S", "7.5")
    settings = StackSettings.read(tmp_path, ["blob=10009"])
    assert settings.database_url == "postgresql://u:p@db/kuduso"
    assert settings.message_lock_s == 7.5
    assert settings.ports["blob"] == 10009


def test_a_lock_time_that_is_no_number_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUDUSO_MESSAGE_LOCK_S", "soon")
    with pytest.raises(UsageError, match="KUDUSO_MESSAGE_LOCK_S: 'soon'"):
        StackSettings.read()


def test_children_keep_compiled_modules_and_get_no_foreign_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere")
    environment = child_environment()
    assert environment["PYTHONPYCACHEPREFIX"].endswith("pycache")
    assert not {"PYTHONDONTWRITEBYTECODE", "DATABASE_URL"} & set(environment)


def test_secrets_stay_the_same_and_private(tmp_path: Path) -> None:
    first = read_or_create(tmp_path / "secrets.json")
    assert read_or_create(tmp_path / "secrets.json") == first
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert len(set(astuple(first))) == 6


def test_the_function_app_gets_a_role_that_owns_nothing(tmp_path: Path) -> None:
    runtime = conninfo_to_dict(wiring(tmp_path).runtime_url)
    assert runtime["user"] == "kuduso_runtime"
    assert (runtime["host"], runtime["port"]) == ("127.0.0.1", "5433")
    assert runtime["dbname"] == "kuduso"


def test_a_given_database_is_used_and_none_is_started(tmp_path: Path) -> None:
    given = wiring(
        tmp_path, database_url="postgresql://root:p%40ss@db.example:6543/shop?sslmode=on"
    )
    assert given.owner_url == "postgresql://root:p%40ss@db.example:6543/shop?sslmode=on"
    assert given.runtime_url.startswith("postgresql://kuduso_runtime:")
    assert given.runtime_url.endswith("@db.example:6543/shop?sslmode=on")
    assert "postgres" not in {component.name for component in components(given)}


def test_every_part_listens_on_loopback_and_waits_for_known_parts(tmp_path: Path) -> None:
    parts = {component.name: component for component in components(wiring(tmp_path))}
    assert set(parts) == {*DEFAULT_PORTS, "migrate"}
    for part in parts.values():
        assert set(part.after) <= set(parts)
        assert "0.0.0.0" not in " ".join(part.command.arguments)  # noqa: S104 - must not be there
        if part.name != "migrate":
            assert str(DEFAULT_PORTS[part.name]) in " ".join(part.command.arguments)


def test_an_override_reaches_its_part_only(tmp_path: Path) -> None:
    changed = wiring(tmp_path, environment={"functions": {"LEASE_S": "2"}})
    parts = {component.name: component.command for component in components(changed)}
    assert parts["functions"].environment["LEASE_S"] == "2"
    assert "LEASE_S" not in parts["appserver"].environment
    assert changed.environment()["LEASE_S"] == "2"


def test_the_key_of_compute_is_shared_with_the_appserver_alone(tmp_path: Path) -> None:
    given = wiring(tmp_path)
    parts = {component.name: component.command for component in components(given)}
    key = given.credentials.compute_api_key
    holders = {name for name, command in parts.items() if key in command.environment.values()}
    assert holders == {"compute", "appserver"}


def test_every_served_app_has_a_queue_that_dead_letters() -> None:
    assert served_apps()
    assert set(queues()) == {f"jobs-{app_id}" for app_id in served_apps()}
    assert queues()["jobs-sitefit"]["max_delivery_count"] == 5
    assert queues()["jobs-sitefit"]["dead_letter_on_expiry"] is True
