from typing import Any

import pytest

from appserver.domain.attestation import Installation, missing_plugins, parameter_differences
from appserver.domain.readiness import NodeFinding, Readiness
from contracts.model import Bindings, Plugins

NEEDED = Plugins.model_validate(
    {
        "engine": {"name": "Rhino.Compute", "version": "8.5"},
        "plugins": [{"name": "LadybugGrasshopper", "version": "1.6.0"}],
    }
)
BINDINGS = Bindings.model_validate(
    {
        "inputs": [
            {"jsonpath": "$.x", "gh_param": "x", "type": "number", "description": ""},
            {"jsonpath": "$.s", "gh_param": "s", "type": "string", "description": ""},
        ],
        "outputs": [{"gh_param": "y", "output_path": "$.y", "type": "number", "description": ""}],
    }
)


def described(inputs: dict[str, str], outputs: dict[str, str]) -> dict[str, Any]:
    return {
        "Inputs": [{"Name": name, "ParamType": kind} for name, kind in inputs.items()],
        "Outputs": [{"Name": name, "ParamType": kind} for name, kind in outputs.items()],
    }


@pytest.mark.parametrize(
    ("compute", "plugin", "sentences"),
    [
        ("8.5.0.0", "1.6.0", ()),
        ("8.10", "1.6.0", ()),
        ("8.4.9", "1.6.0", ("Rhino.Compute 8.5 is needed, not 8.4.9",)),
        ("9.0", "1.6.0", ("Rhino.Compute 8.5 is needed, not 9.0",)),
        ("", "1.6.0", ("Rhino.Compute 8.5 is needed, not ",)),
        ("8.5", "1.7.0", ("plugin LadybugGrasshopper 1.6.0 is needed, not 1.7.0",)),
        ("8.5", None, ("plugin LadybugGrasshopper 1.6.0 is not installed",)),
    ],
)
def test_the_engine_may_be_newer_and_plugins_are_exact(
    compute: str, plugin: str | None, sentences: tuple[str, ...]
) -> None:
    plugins = {} if plugin is None else {"LadybugGrasshopper": plugin}
    assert missing_plugins(NEEDED, Installation({"compute": compute}, plugins)) == sentences


@pytest.mark.parametrize(
    ("inputs", "outputs", "named"),
    [
        ({"x": "Number", "s": "Text"}, {"y": "Number"}, []),
        ({"x": "Number", "s": "Text"}, {"y": "Number", "z": "Number"}, []),
        ({"s": "Text"}, {"y": "Number"}, ["input 'x' is bound, but"]),
        ({"x": "Number", "s": "Text", "t": "Number"}, {"y": "Number"}, ["'t' of the definition"]),
        ({"x": "Text", "s": "Text"}, {"y": "Number"}, ["'x' is bound as number, but takes Text"]),
        ({"x": "Number", "s": "Text"}, {}, ["output 'y' is bound"]),
    ],
)
def test_bindings_and_parameters_name_the_same(
    inputs: dict[str, str], outputs: dict[str, str], named: list[str]
) -> None:
    found = parameter_differences(BINDINGS, described(inputs, outputs))
    assert len(found) == len(named)
    assert all(part in sentence for part, sentence in zip(named, found, strict=True))


@pytest.mark.parametrize("answer", [{}, {"Inputs": None}, {"Inputs": [1], "Outputs": "x"}])
def test_a_description_of_another_shape_names_every_binding(answer: dict[str, Any]) -> None:
    assert len(parameter_differences(BINDINGS, answer)) == 3


@pytest.mark.parametrize(
    ("findings", "status", "can_solve", "why"),
    [
        ([("a", "ready", ())], "ready", True, ()),
        ([("a", "busy", ())], "ready", True, ()),
        ([("a", "ready", ()), ("b", "dead", ())], "degraded", True, ("b is dead",)),
        ([("a", "dead", ())], "degraded", False, ("a is dead",)),
        ([("a", "ready", ("no y",))], "degraded", False, ("a: no y",)),
        ([("a", "ready", None)], "degraded", False, ("a has not been asked yet",)),
        ([("a", "draining", ())], "degraded", True, ("a is draining",)),
    ],
)
def test_a_contract_is_ready_when_every_node_is_able_to_solve_it(
    findings: list[Any], status: str, *, can_solve: bool, why: tuple[str, ...]
) -> None:
    readiness = Readiness(tuple(NodeFinding(*one) for one in findings))
    assert (readiness.status, readiness.can_solve, readiness.why) == (status, can_solve, why)
