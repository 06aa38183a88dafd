"""Ports: defaults, overrides, and one clear line for each that is taken."""

import socket

import pytest

from devstack.errors import UsageError
from devstack.ports import DEFAULT_PORTS, check_free, ephemeral_ports, is_free, read_ports


def test_defaults_hold_without_overrides() -> None:
    assert read_ports({}) == dict(DEFAULT_PORTS)


def test_an_option_beats_a_variable_and_a_variable_beats_the_default() -> None:
    environment = {"KUDUSO_COMPUTE_PORT": "6501", "KUDUSO_BLOB_PORT": "10001"}
    ports = read_ports(environment, ["compute=6502"])
    assert (ports["compute"], ports["blob"]) == (6502, 10001)
    assert ports["functions"] == DEFAULT_PORTS["functions"]


@pytest.mark.parametrize(
    ("environment", "options", "expected"),
    [
        ({}, ["engine=1"], "the names are functions, appserver, compute"),
        ({}, ["compute"], "--port compute: '' is not a port number"),
        ({}, ["compute=0"], "'0' is not a port number"),
        ({}, ["compute=70000"], "'70000' is not a port number"),
        ({"KUDUSO_BLOB_PORT": "ten"}, [], "KUDUSO_BLOB_PORT: 'ten' is not a port number"),
        ({}, ["compute=7071"], "port 7071 is given to both functions and compute"),
    ],
)
def test_a_wrong_override_is_named(
    environment: dict[str, str], options: list[str], expected: str
) -> None:
    with pytest.raises(UsageError, match=r".") as caught:
        read_ports(environment, options)
    assert expected in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - a foreign server
def test_every_taken_port_is_told_with_its_part_and_the_way_out(address: str) -> None:
    with (
        socket.create_server((address, 0)) as first,
        socket.create_server((address, 0)) as second,
    ):
        taken = {"functions": first.getsockname()[1], "blob": second.getsockname()[1]}
        with pytest.raises(UsageError) as caught:
            check_free(taken)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith(f"port {taken['functions']} (functions) is taken")
    assert "KUDUSO_FUNCTIONS_PORT=N" in lines[0]
    assert "--port blob=N" in lines[1]


def test_a_port_is_free_again_when_its_server_has_gone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        server.accept()[0].close()  # our side closes first: the port goes to TIME_WAIT
        client.close()
        assert not is_free(port)
    assert is_free(port)


def test_ephemeral_ports_are_free_and_distinct() -> None:
    ports = ephemeral_ports()
    assert set(ports) == set(DEFAULT_PORTS)
    assert len(set(ports.values())) == len(ports)
    check_free(ports)
