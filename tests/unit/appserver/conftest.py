"""Small contracts and their parts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.model import InputBinding, OutputBinding
from contracts.registry import Registry

MANIFEST: dict[str, Any] = {
    "timeout_sec": 10,
    "limits": {},
    "concurrency": {"class": "batch"},
    "units": {"length": "mm", "angle": "deg", "crs_required": False},
    "determinism": {"seed_required": False},
    "execution": "queue",
    "tolerances": {"absolute": 0.01, "angle_deg": 0.5},
}
POLICY: dict[str, Any] = {
    "app_id": "echo",
    "allowed_definitions": ["echo"],
    "max_concurrency": 1,
    "preview_seats": 0,
    "batch_seats": 1,
    "rate_limits": {"preview_rps": 1, "batch_jobs_per_min": 1},
}
ContractMaker = Callable[..., Registry]


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The shipped contracts."""
    return Registry.load()


@pytest.fixture
def make_registry(tmp_path: Path) -> ContractMaker:
    """A registry of one contract, echo@1.0.0, with this outputs schema and these bindings."""

    def make(
        outputs: dict[str, Any], output_bindings: list[OutputBinding], **manifest: Any
    ) -> Registry:
        folder = tmp_path / "echo" / "1.0.0"
        folder.mkdir(parents=True)
        inputs = {"type": "object", "properties": {"x": {"type": "number", "default": 1}}}
        bound = InputBinding(jsonpath="$.x", gh_param="x", type="number", description="")
        bindings = {
            "inputs": [bound.model_dump()],
            "outputs": [binding.model_dump() for binding in output_bindings],
        }
        plugins = {"engine": {"name": "Rhino.Compute", "version": "8.0"}, "plugins": []}
        for name, document in {
            "inputs.schema.json": inputs,
            "outputs.schema.json": {"type": "object", "properties": outputs},
            "bindings.json": bindings,
            "manifest.json": MANIFEST | manifest,
            "plugins.json": plugins,
            "../policy.json": POLICY,
        }.items():
            (folder / name).write_text(json.dumps(document))
        (folder / "echo.ghx").write_text("<Archive/>")
        return Registry.load(tmp_path)

    return make


@pytest.fixture
def input_binding() -> Callable[..., InputBinding]:
    """An input binding of a type."""

    def make(kind: str, gh_param: str = "p", jsonpath: str = "$.p") -> InputBinding:
        return InputBinding.model_validate(
            {"jsonpath": jsonpath, "gh_param": gh_param, "type": kind, "description": ""}
        )

    return make


@pytest.fixture
def output_binding() -> Callable[..., OutputBinding]:
    """An output binding of a path and a type."""

    def make(
        gh_param: str, output_path: str, kind: str, artifact: dict[str, str] | None = None
    ) -> OutputBinding:
        return OutputBinding.model_validate(
            {
                "gh_param": gh_param,
                "output_path": output_path,
                "type": kind,
                "description": "",
                "artifact": artifact,
            }
        )

    return make
