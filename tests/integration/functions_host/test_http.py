"""HTTP triggers over TCP, with the rules of the real host."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from azure.servicebus.aio import ServiceBusClient

from .conftest import Bus, Host

JOB = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
TRACE = f"00-{'1' * 32}-{'2' * 16}-01"


@pytest.fixture
def client(host: Host) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{host.url}/v1", timeout=20) as client:
        yield client


def test_an_async_function_gets_route_query_headers_and_context(client: httpx.Client) -> None:
    headers = {"x-demo": "y", "traceparent": TRACE}
    answer = client.get(f"/jobs/{JOB}?a=1&a=2&empty=", headers=headers)

    assert answer.status_code == 200
    assert answer.headers["x-out"] == "1"
    seen = answer.json()
    assert seen.pop("folder").endswith("functions_app")
    assert seen == {
        "job": JOB,
        "query": {"a": "1,2"},
        "method": "GET",
        "function": "get_job",
        "traceparent": TRACE,
        "header": "y",
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/jobs/not-a-guid"),
        ("DELETE", f"/jobs/{JOB}"),
        ("GET", "/slow/9"),
        ("GET", "/files/abc1/x"),
        ("GET", "/opt/q/seven"),
        ("GET", "/../api/noroute"),
        ("GET", "/nothing"),
    ],
)
def test_a_failed_constraint_or_a_wrong_method_is_not_found(
    client: httpx.Client, method: str, path: str
) -> None:
    answer = client.request(method, path)

    assert answer.status_code == 404
    assert answer.content == b""


@pytest.mark.parametrize("query", ["", "?code=WRONG", "?code="])
def test_a_function_level_route_wants_a_key(client: httpx.Client, query: str) -> None:
    answer = client.post(f"/jobs{query}", json={"name": "x"})

    assert answer.status_code == 401
    assert answer.content == b""


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"x-functions-key": "FUNCTION-KEY"}, ""),
        ({}, "?code=HOST-KEY"),
        ({"x-functions-key": "MASTER"}, "?code=WRONG"),
    ],
)
def test_function_host_and_master_keys_open_a_function(
    client: httpx.Client, headers: dict[str, str], query: str
) -> None:
    answer = client.post(f"/jobs{query}", json={"name": "x"}, headers=headers)

    assert answer.status_code == 202
    assert answer.content == b"\x00\x01bytes"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert len(answer.headers.get_list("set-cookie")) == 2


def test_the_admin_level_wants_the_master_key(client: httpx.Client) -> None:
    assert client.get("/secret?code=HOST-KEY").status_code == 401
    assert client.get("/secret?code=MASTER").text == "top"


async def test_an_output_parameter_is_sent_to_its_queue(host: Host, bus: Bus) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{host.url}/v1/jobs?code=MASTER", json={"name": "sent"})
    assert answer.status_code == 202

    service_bus = ServiceBusClient.from_connection_string(bus.connection)
    async with service_bus, service_bus.get_queue_receiver("out") as receiver:
        bodies = []
        while {"job": "sent"} not in bodies:
            (message,) = await receiver.receive_messages(max_message_count=1, max_wait_time=5)
            bodies.append(json.loads(str(message)))
            await receiver.complete_message(message)


async def test_synchronous_functions_run_side_by_side(host: Host) -> None:
    async with httpx.AsyncClient(base_url=f"{host.url}/v1") as client:
        started = time.perf_counter()
        await client.get("/slow/1")
        one_s = time.perf_counter() - started
        answers = await asyncio.gather(*(client.get(f"/slow/{n}") for n in (1, 2, 3, 4)))

    assert time.perf_counter() - started < 4.5 * one_s  # five times when one waits for another
    assert {answer.text for answer in answers} == {"slept"}
    assert answers[0].headers["content-type"] == "text/plain; charset=utf-8"


def test_routes_ignore_case_and_a_catch_all_takes_the_rest(client: httpx.Client) -> None:
    answer = client.get("/FILES/abc/x/y%20z")

    assert answer.json() == {"kind": "abc", "path": "x/y z"}


def test_an_optional_segment_may_be_left_out(client: httpx.Client) -> None:
    assert client.get("/opt/q").json() == {"a": "q"}
    assert client.get("/opt/q/7").json() == {"a": "q", "b": "7"}


def test_a_function_without_a_route_is_found_by_its_name(client: httpx.Client) -> None:
    assert client.get("/noroute").status_code == 204


def test_an_exception_is_an_empty_500_with_its_traceback_in_the_log(
    client: httpx.Client, host: Host
) -> None:
    answer = client.get("/crash")

    assert answer.status_code == 500
    assert answer.content == b""
    (failure, *_) = host.wait_event("invocation_failed", function="crash")
    assert failure["error"] == "KeyError: 'oops'"
    assert 'raise KeyError("oops")' in failure["traceback"]
    assert failure["duration_ms"] >= 0


def test_each_request_is_one_log_line_without_its_key(client: httpx.Client, host: Host) -> None:
    client.get("/secret?code=MASTER")

    (line, *_) = host.wait_event("request_answered", path="/v1/secret", status=200)
    assert line["function"] == "secret"
    assert "MASTER" not in json.dumps(line)


def test_a_body_of_five_megabytes_arrives_whole(client: httpx.Client) -> None:
    assert client.post("/length", content=b"x" * 5_000_000).text == "5000000"


def test_a_chunked_body_arrives_empty_as_in_azure(client: httpx.Client) -> None:
    assert client.post("/length", content=iter([b"x" * 10])).text == "0"


def test_a_body_over_the_limit_is_refused_before_it_is_sent(host: Host) -> None:
    head = f"POST /v1/length HTTP/1.1\r\nHost: x\r\nContent-Length: {101 * 1024 * 1024}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", host.port), timeout=10) as connection:
        connection.sendall(head.encode())

        assert connection.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("path", ["/stuck/coroutine", "/stuck-thread"])
def test_a_function_that_runs_too_long_fails_and_others_go_on(
    client: httpx.Client, path: str
) -> None:
    started = time.perf_counter()

    assert client.get(path).status_code == 500
    assert 1.9 < time.perf_counter() - started < 20
    assert client.get("/slow/1").text == "slept"
