"""host.json: what is read and what is refused."""

from pathlib import Path

import pytest

from devstack.functions_host.errors import HostJsonError
from devstack.functions_host.host_json import HostJson, read_host_json, time_span_s


def _read(folder: Path, text: str) -> HostJson:
    (folder / "host.json").write_text(text)
    return read_host_json(folder)


def test_defaults_are_those_of_azure(tmp_path: Path) -> None:
    host_json = _read(tmp_path, '{"version": "2.0", "logging": {"any": 1}}')

    assert host_json.function_timeout == 1800.0
    assert host_json.extensions.http.route_prefix == "api"
    service_bus = host_json.extensions.service_bus
    assert service_bus.max_concurrent_calls == 16
    assert service_bus.auto_complete_messages
    assert service_bus.max_auto_lock_renewal_duration == 300.0


def test_values_are_read(tmp_path: Path) -> None:
    host_json = _read(
        tmp_path,
        '{"version": "2.0", "functionTimeout": "00:10:00", "extensions": {'
        '"http": {"routePrefix": ""}, "serviceBus": {"maxConcurrentCalls": 4,'
        '"maxAutoLockRenewalDuration": "00:06:00", "autoCompleteMessages": false}}}',
    )

    assert host_json.function_timeout == 600.0
    assert host_json.extensions.http.route_prefix == ""
    assert host_json.extensions.service_bus.max_concurrent_calls == 4
    assert host_json.extensions.service_bus.max_auto_lock_renewal_duration == 360.0
    assert not host_json.extensions.service_bus.auto_complete_messages


def test_minus_one_means_no_time_limit(tmp_path: Path) -> None:
    assert _read(tmp_path, '{"version": "2.0", "functionTimeout": "-1"}').function_timeout is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{}", "version"),
        ('{"version": "1.0"}', "version"),
        ('{"version": "2.0", "functionTimeout": 5}', "functionTimeout"),
        (
            '{"version": "2.0", "extensions": {"serviceBus": {"maxConcurrentCalls": 0}}}',
            "extensions.serviceBus.maxConcurrentCalls",
        ),
        (
            '{"version": "2.0", "extensions": {"serviceBus": {"prefetchCount": 20}}}',
            "extensions.serviceBus.prefetchCount",
        ),
        ('{"version"', "(the whole file)"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(HostJsonError) as refusal:
        _read(tmp_path, text)

    assert str(refusal.value).startswith(f"{tmp_path / 'host.json'}: {key}: ")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(HostJsonError, match="No such file"):
        read_host_json(tmp_path)


@pytest.mark.parametrize(
    ("text", "seconds"), [("00:00:05", 5), ("1.02:03:04", 93784), ("00:00:00.25", 0.25)]
)
def test_time_spans_become_seconds(text: str, seconds: float) -> None:
    assert time_span_s(text) == seconds
