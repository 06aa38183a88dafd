import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appserver.compute.draws import Draws
from appserver.compute.mock_solver import MockSolver
from appserver.compute.sample import sample
from appserver.compute.sample_text import sample_text
from appserver.config import Settings
from appserver.domain.trace import Trace
from appserver.main import build_services
from appserver.services import Services
from appserver.use_cases.admit import Caller, admit
from appserver.use_cases.solve import solve
from contracts.json_text import parse_json
from contracts.model import OutputBinding
from contracts.registry import Registry, ServedContract
from contracts.validation import SchemaChecker
from contracts.wire.solve import SolveAnswer

TRACE = Trace("test")


def _valid_examples(registry: Registry) -> list[tuple[str, ServedContract, Any]]:
    return [
        (served.contract.folder.parent.name, served, parse_json(file.read_bytes()))
        for served in registry.contracts.values()
        for file in sorted((served.contract.folder / "examples" / "valid").glob("*.json"))
    ]


def _services(registry: Registry) -> Services:
    settings = Settings.read({"USE_COMPUTE": "false", "ALLOW_BARE_INPUTS": "true"})
    services = build_services(settings, registry, MockSolver())
    return replace(services, now=lambda: datetime(2026, 1, 2, tzinfo=UTC))


async def _solve(registry: Registry, app_id: str, served: ServedContract, inputs: Any) -> bytes:
    services, ref = _services(registry), served.contract.ref
    caller = Caller(app_id, None, None, TRACE)
    return await solve(services, admit(services, caller, (ref.definition, ref.version), inputs))


async def test_every_shipped_contract_has_valid_repeatable_mock_outputs(registry: Registry) -> None:
    examples = _valid_examples(registry)
    assert examples
    for app_id, served, inputs in examples:
        answer = await _solve(registry, app_id, served, inputs)
        assert answer == await _solve(registry, app_id, served, inputs)


async def test_other_inputs_have_other_outputs(registry: Registry) -> None:
    contract = registry.resolve("sitefit", "sitefit", "1.1.0").contract
    outputs = [(await MockSolver().solve(contract, {"value": v}, TRACE)).outputs for v in (1, 2)]
    assert outputs[0] != outputs[1]


async def test_the_mock_makes_every_bound_artifact(
    make_registry: Callable[..., Registry], output_binding: Callable[..., OutputBinding]
) -> None:
    plan = {"kind": "plan", "file_name": "p.png", "media_type": "image/png", "encoding": "base64"}
    binding = output_binding("p", "$.artifacts[*]", "string", plan)
    registry = make_registry({"artifacts": {"type": "array"}}, [binding])
    served = registry.resolve("echo", None, None)
    answer = SolveAnswer.model_validate_json(await _solve(registry, "echo", served, {}))
    assert [artifact.kind for artifact in answer.artifacts] == ["plan"]


@pytest.mark.parametrize(
    "schema",
    [
        {"const": "z"},
        {"enum": [1, "a", None]},
        {"type": ["string", "null"], "minLength": 20},
        {"type": "string", "pattern": "^EPSG:\\d+$"},
        {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        {"type": "string", "maxLength": 2},
        {"type": "integer", "exclusiveMinimum": 3, "maximum": 4},
        {"type": "integer", "minimum": 1, "multipleOf": 7},
        {"type": "number", "minimum": 0.0001, "maximum": 0.0002},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1e-9},
        {"type": "number", "maximum": -5},
        {"type": "number", "minimum": 0.1, "maximum": 1, "multipleOf": 0.25},
        {"type": "array", "minItems": 7, "items": {"type": "boolean"}},
        {"type": "array", "maxItems": 1, "items": {"type": "integer"}, "x-rules": ["feasible"]},
        {"type": "array", "maxItems": 0},
        {"allOf": [{"type": "object", "required": ["a"]}], "properties": {"a": {"type": "null"}}},
        {"anyOf": [{"type": "integer"}, {"type": "string"}]},
    ],
)
@given(seed=st.text(max_size=3))
def test_a_sample_is_valid(schema: dict[str, Any], seed: str) -> None:
    SchemaChecker(schema).check(sample(schema, schema, Draws(seed)))


@pytest.mark.parametrize(
    "pattern", [r"^[a-z][a-z0-9-]{1,39}$", r"a\.b?c*d+", r"[^x]{2}", r"\w\s\d{2,}", r"[+\-]1"]
)
def test_a_sampled_text_matches_its_pattern(pattern: str) -> None:
    assert re.fullmatch(pattern, sample_text(pattern, Draws("a")))


def test_a_pattern_beyond_the_sampler_says_so() -> None:
    with pytest.raises(ValueError, match="cannot be sampled"):
        sample_text("^(a|b)$", Draws("a"))
