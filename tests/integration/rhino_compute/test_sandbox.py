"""Python 3 Scripts in a process of their own: limits, breakages, and what passes between."""

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.grasshopper.builder import DefinitionBuilder, ScriptInput
from tests.integration.rhino_compute.conftest import (
    client_of,
    is_alive,
    output_texts,
    request_of,
    running,
    scripted,
    wait_until,
)

TIME_S = 0.5
UNTYPED: Any = ""  # no hint: the script takes any value as it is


@pytest.fixture(scope="module")
def limited_url() -> Iterator[str]:
    limits = ("--script-time", str(TIME_S), "--script-memory", "200", "--script-output", "1")
    with running(*limits) as (url, _):
        yield url


@pytest.fixture
def limited(limited_url: str) -> Iterator[httpx.Client]:
    """The server; whatever a test did to it, the next solve works."""
    with client_of(limited_url) as client:
        yield client
        assert value_of(client, "a = 1 + 1") == 2


FORGE = """
import os, struct
frame = b'{"results": [99], "printed": ""}'
for file in range(3, 64):
    try:
        os.write(file, struct.pack(">I", len(frame)) + frame)
    except OSError:
        pass
"""


def solve(client: httpx.Client, *sources: str) -> httpx.Response:
    return client.post("/grasshopper", json=request_of(scripted(*sources)))


def value_of(client: httpx.Client, source: str) -> Any:
    answer = solve(client, source)
    assert answer.status_code == 200, answer.text
    (value,) = output_texts(answer.json(), "a")
    return value


def error_of(client: httpx.Client, source: str) -> str:
    answer = solve(client, source)
    assert answer.status_code == 500
    (error,) = answer.json()["errors"]
    message, _, component = error.partition(": component ")
    assert component.startswith('"Python 3 Script" (')
    return message


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("while True: pass", "the scripts of a solve may take 0.5 s together"),
        ("import time\ntime.sleep(60)", "the scripts of a solve may take 0.5 s together"),
        ("a = len(bytearray(300 << 20))", "the script needs more than 200 MB of memory"),
        ("import numpy\na = numpy.zeros(1 << 28)", "the script needs more than 200 MB of memory"),
        ("a = []\nwhile True: a.append(bytearray(1 << 20))", "the script needs more than 200 MB"),
        ("a = 'x' * (2 << 20)", "the script answers more than 1 MB"),
        ("while True: print('x' * 1000)", "OverflowError: the script answers more than 1 MB"),
        ("import os\nos._exit(3)", "the script ended its process (exit code 3)"),
        ("import os\nos.abort()", "the script ended its process (signal 6)"),
        ("raise KeyboardInterrupt", "the script ended its process (exit code 1)"),
        ("import sys\nsys.exit(2)", "SystemExit: 2 (line 2)"),
        ("def f(): f()\nf()", "RecursionError: maximum recursion depth exceeded"),
        ("a = 1 +", "SyntaxError: invalid syntax (line 1)"),
    ],
)
def test_script_out_of_bounds_is_an_error_of_its_component(
    limited: httpx.Client, source: str, message: str
) -> None:
    assert error_of(limited, source).startswith(message)


def test_other_components_of_a_failed_solve_keep_their_values(limited: httpx.Client) -> None:
    answer = solve(limited, "a = 7", "import os\nos._exit(0)", "c = 9")
    assert answer.status_code == 500
    assert (output_texts(answer.json(), "a"), output_texts(answer.json(), "c")) == ([7], [9])
    assert output_texts(answer.json(), "b") == []


def test_time_limit_is_for_all_scripts_of_a_solve(limited: httpx.Client) -> None:
    started = time.perf_counter()
    answer = solve(limited, *["while True: pass"] * 6)
    assert len(answer.json()["errors"]) == 6
    assert time.perf_counter() - started < 5 * TIME_S  # six limits one after the other take longer


@pytest.mark.parametrize(
    "forged",
    [
        "b'\\xff' * 64",
        "b'\\0\\0\\0\\2[]'",
        "b'\\0\\0\\0\\5{\"a\":'",
        "b'\\0\\0\\0\\x10{\"results\": [{}]}'",
        'b\'\\0\\0\\0\\x1d{"results": [{"curve": 1.0}]} \'',
        "b'\\0\\0\\0\\x0f{\"results\": []} '",
    ],
)
def test_forged_answer_harms_nothing_else(limited: httpx.Client, forged: str) -> None:
    source = (
        "import os\nfor file in range(3, 64):\n    try:\n"
        f"        os.write(file, {forged})\n    except OSError:\n        pass\nos._exit(0)"
    )
    error_of(limited, source)


def test_answer_forged_before_the_true_one_is_refused(limited: httpx.Client) -> None:
    error_of(limited, f"{FORGE}\na = 1")


def test_process_is_kept_between_solves_until_a_script_breaks_it(limited: httpx.Client) -> None:
    pid = value_of(limited, "import os\na = os.getpid()")
    assert value_of(limited, "import os\na = os.getpid()") == pid
    error_of(limited, "raise ValueError('mine')")
    assert value_of(limited, "import os\na = os.getpid()") == pid
    error_of(limited, "a = len(bytearray(300 << 20))")
    assert value_of(limited, "import os\na = os.getpid()") != pid
    assert not is_alive(pid)


@pytest.mark.parametrize(
    "source",
    [
        "import sys\nsys.kept = bytearray(120 << 20)\na = os.getpid()",
        "import threading\nthreading.Timer(60, print).start()\na = os.getpid()",
        "import time\na = os.getpid()\nif not os.fork(): time.sleep(600)",
    ],
    ids=["memory", "thread", "process"],
)
def test_process_with_leftovers_is_replaced(limited: httpx.Client, source: str) -> None:
    pid = value_of(limited, f"import os\n{source}")
    assert value_of(limited, "import os\na = os.getpid()") != pid
    assert not is_alive(pid)


def test_what_a_script_started_is_killed_with_it(limited: httpx.Client, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    error_of(
        limited,
        "import subprocess\nsleeper = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(note)!r}, 'w').write(str(sleeper.pid))\nwhile True: pass",
    )
    pid = int(note.read_text())
    wait_until(lambda: not is_alive(pid))


def test_result_of_a_fork_counts_once(limited: httpx.Client) -> None:
    assert value_of(limited, "import os\nos.fork()\na = 3") == 3


def daemon(source: str) -> str:
    """Return a script that leaves a process behind, in a session of its own."""
    indented = "".join(f"        {line}\n" for line in source.splitlines())
    return (
        "import os\na = 1\nif not os.fork():\n    os.setsid()\n    if not os.fork():\n"
        f"{indented}        os._exit(0)\n    os._exit(0)\nos.wait()"
    )


def test_answer_left_for_the_next_solve_is_not_taken(limited: httpx.Client) -> None:
    body = request_of(scripted(daemon(f"import time\ntime.sleep(0.002)\n{FORGE}")))
    for _ in range(10):
        # The forged answer comes before or after the true one; the next solve gets neither.
        assert limited.post("/grasshopper", json=body).status_code in (200, 500)
        assert value_of(limited, "a = 2") == 2


def test_daemon_is_killed_after_the_solve(limited: httpx.Client, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    writing = f"import time\nopen({str(note)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    script = f"{daemon(writing)}\nimport time\nwhile not os.path.exists({str(note)!r}): pass"
    assert value_of(limited, f"{script}\ntime.sleep(0.01)") == 1
    assert not is_alive(int(note.read_text()))


def test_script_cannot_read_the_key(limited: httpx.Client) -> None:
    assert value_of(limited, "import os\na = 'a-key' in os.environ.values()") is False


def chained(first: str, second: str) -> dict[str, Any]:
    """Return the request of a script whose output is the input `x` of another."""
    builder = DefinitionBuilder("chained", "")
    made = builder.python_script("Make", first, [], ("a",))
    used = builder.python_script("Use", second, [ScriptInput("x", made["a"], UNTYPED)], ("b",))
    builder.context_bake("b", used["b"])
    return request_of(base64.b64encode(builder.to_ghx()).decode())


@pytest.mark.parametrize(
    ("made", "read", "expected"),
    [
        ("None", "x is None", [True]),
        ("2**80", "x == 2**80", [True]),
        ("0.1", "x", [0.1]),
        ("float('inf')", "str(x)", ["inf"]),
        ("'\\ud800 \\u20ac'", "len(x)", [3]),
        ("[1, 2.5, 'three']", "str(x)", ["1", "2.5", "three"]),
        ("G.Point3d(1, 2, 3)", "x.Z", [3.0]),
        ("G.Line(G.Point3d(0, 0, 0), G.Point3d(3, 4, 0))", "x.Length", [5.0]),
        ("G.Polyline([G.Point3d(0, 0, 0), G.Point3d(0, 2, 0)])", "x.PointCount", [2]),
        ("rhino3dm.Sphere(G.Point3d(0, 0, 0), 2).ToBrep()", "type(x).__name__", ["Brep"]),
        ("{'any': {'thing': {1, 2}}}", "len(x['any']['thing'])", [2]),
        ("numpy.arange(4).reshape(2, 2)", "int(x.sum())", [6]),
    ],
)
def test_value_passes_from_script_to_script(
    compute: httpx.Client, made: str, read: str, expected: list[Any]
) -> None:
    body = chained(f"import numpy, rhino3dm\nimport Rhino.Geometry as G\na = {made}", f"b = {read}")
    answer = compute.post("/grasshopper", json=body)
    assert answer.status_code == 200, answer.text
    assert output_texts(answer.json(), "b") == expected
