"""The rules by which functions are accepted: those of Microsoft's worker."""

import textwrap
from pathlib import Path
from uuid import uuid4

import pytest

from devstack.functions_host.errors import AppLoadError
from devstack.functions_host.function import Function
from devstack.functions_host.indexing import index_app


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app folder on the import path for one test."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def _index(folder: Path, script: str) -> dict[str, Function]:
    name = f"app_{uuid4().hex}.py"
    head = "import typing\nimport azure.functions as func\napp = func.FunctionApp()\n"
    (folder / name).write_text(head + textwrap.dedent(script))
    return {function.name: function for function in index_app(folder, name)}


def test_a_function_is_known_by_its_bindings(folder: Path) -> None:
    functions = _index(
        folder,
        """
        @app.route(route="x")
        @app.service_bus_queue_output(arg_name="out", connection="SB", queue_name="q")
        def answer(req: func.HttpRequest, out: func.Out[str], context) -> str: ...

        @app.service_bus_queue_trigger(arg_name="m", connection="SB", queue_name="q")
        async def on_text(m: str): ...
        """,
    )

    answer, on_text = functions["answer"], functions["on_text"]
    assert answer.trigger.type == "httpTrigger"
    assert answer.inputs == {"req": "httpTrigger"}
    assert answer.outputs == {"out": "generic"}
    assert answer.return_type == "http"
    assert answer.requires_context
    assert not answer.is_async
    # A text annotation asks for the body itself, not for the message.
    assert on_text.inputs == {"m": "generic"}
    assert on_text.return_type is None
    assert on_text.is_async


@pytest.mark.parametrize(
    ("signature", "wanted"),
    [
        ("(other: func.ServiceBusMessage)", "do not match its bindings"),
        ("(m: func.ServiceBusMessage, more)", "do not match its bindings"),
        ("(m: func.TimerRequest)", "cannot be a"),
        ("(m: func.Out[str])", "direction and its annotation disagree"),
        ("(m: list[func.ServiceBusMessage])", "invalid non-type annotation"),
    ],
)
def test_a_function_that_the_worker_refuses_is_refused(
    folder: Path, signature: str, wanted: str
) -> None:
    trigger = '@app.service_bus_queue_trigger(arg_name="m", connection="SB", queue_name="q")'

    with pytest.raises(AppLoadError, match=wanted) as refusal:
        _index(folder, f"{trigger}\ndef on_message{signature}: ...\n")

    assert "on_message" in str(refusal.value)


def test_a_list_of_messages_is_written_with_typing(folder: Path) -> None:
    functions = _index(
        folder,
        """
        @app.service_bus_queue_trigger(
            arg_name="m", connection="SB", queue_name="q", cardinality=func.Cardinality.MANY
        )
        def on_batch(m: typing.List[func.ServiceBusMessage]): ...
        """,
    )

    assert functions["on_batch"].trigger.is_enum("cardinality", "MANY")


def test_two_apps_in_one_script_are_refused(folder: Path) -> None:
    with pytest.raises(AppLoadError, match="exactly one function app, found 2"):
        _index(folder, "another = func.FunctionApp()\n")


def test_the_same_app_under_two_names_is_one(folder: Path) -> None:
    assert _index(folder, "again = app\n") == {}
