from collections.abc import Callable
from datetime import UTC, datetime

from appserver.domain.complete_outputs import complete_outputs
from appserver.domain.solution import Solution
from contracts.model import Engine, Limits, OutputBinding
from contracts.registry import Registry
from contracts.wire.solve import ArtifactContent

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ENGINE = Engine(name="Rhino.Compute", version="8.0")


def _artifact(content: str, encoding: str = "utf-8") -> ArtifactContent:
    return ArtifactContent.model_validate(
        {
            "kind": "plan",
            "file_name": "p.svg",
            "media_type": "image/svg+xml",
            "encoding": encoding,
            "content": content,
        }
    )


def test_metadata_and_artifacts_are_added_where_declared(registry: Registry) -> None:
    contract = registry.resolve("sitefit", "sitefit", "1.0.0").contract
    solution = Solution({"results": []}, (_artifact("<svg>é</svg>"),), ("slow",))
    outputs = complete_outputs(
        contract, contract.manifest.limits, solution, ({"crs": "EPSG:1", "seed": 7}, ENGINE, NOW)
    )
    assert outputs["artifacts"] == [
        {
            "kind": "plan",
            "file_name": "p.svg",
            "media_type": "image/svg+xml",
            "size_bytes": 13,
            "sha256": "e1fd806f9017e60db21e99a144072fe92d0076c64d111025476d9245e495855b",
        }
    ]
    assert outputs["metadata"] == {
        "definition": "sitefit",
        "version": "1.0.0",
        "units": {"length": "m", "angle": "deg", "crs": "EPSG:1"},
        "seed": 7,
        "generated_at": "2026-01-02T03:04:05.000Z",
        "engine": {"name": "Rhino.Compute", "version": "8.0"},
        "cache_hit": False,
        "warnings": ["slow"],
    }


def test_nothing_is_added_where_nothing_is_declared(registry: Registry) -> None:
    contract = registry.resolve("sitefit", "sitefit", "1.1.0").contract
    solution = Solution({"result": 42})
    outputs = complete_outputs(contract, Limits(), solution, ({"value": 32}, ENGINE, NOW))
    assert outputs == {"result": 42}


def test_long_lists_are_cut_with_a_warning(
    make_registry: Callable[..., Registry], output_binding: Callable[..., OutputBinding]
) -> None:
    declared = {"all": {"type": "array", "items": {"type": "number"}}, "metadata": {}}
    registry = make_registry(declared, [output_binding("all", "$.all[*]", "number")])
    contract = registry.resolve("echo", None, None).contract
    solution = Solution({"all": [1, 2, 3]})
    outputs = complete_outputs(contract, Limits(max_results=2), solution, ({}, ENGINE, NOW))
    assert outputs["all"] == [1, 2]
    metadata = outputs["metadata"]
    assert isinstance(metadata, dict)
    assert metadata["warnings"] == ["all cut from 3 to 2"]
    assert (metadata["seed"], metadata["units"]) == (
        None,
        {"length": "mm", "angle": "deg", "crs": None},
    )
