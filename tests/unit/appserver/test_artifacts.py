"""Files beside the outputs: named by the contract or by the definition, and what is refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from appserver.compute.sample_files import sample_file
from appserver.domain.artifacts import describe_artifacts
from appserver.domain.data_tree import DataTree
from appserver.domain.errors import OutputContractError
from appserver.domain.read_outputs import read_outputs
from contracts.media_types import looks_like
from contracts.model import ArtifactBinding, Bindings, Limits, OutputBinding
from contracts.wire.solve import ArtifactContent

MEDIA_TYPES = (
    *("application/geo+json", "application/json", "application/pdf", "image/jpeg", "image/png"),
    *("image/svg+xml", "model/3dm", "model/gltf+json", "model/gltf-binary", "model/obj"),
    *("text/csv", "text/plain"),
)
FILE = {"kind": "plan", "file_name": "p.svg", "media_type": "image/svg+xml", "encoding": "utf-8"}
SVG = "<svg/>"


def artifact(content: str = SVG, **changes: str) -> ArtifactContent:
    return ArtifactContent.model_validate({**FILE, "content": content, **changes})


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_smallest_file_of_each_type_is_taken_for_what_it_is(media_type: str) -> None:
    named = {**FILE, "media_type": media_type, "encoding": "base64"}
    file = sample_file(ArtifactBinding.model_validate(named))
    (described,) = describe_artifacts([file], Limits())
    assert isinstance(described, dict)
    assert described["media_type"] == media_type


@pytest.mark.parametrize("media_type", [one for one in MEDIA_TYPES if one[:5] != "text/"])
def test_page_that_calls_itself_something_else_is_refused(media_type: str) -> None:
    if media_type != "model/obj":  # as plain as text
        assert not looks_like(media_type, b"<!DOCTYPE html><html><body>hello</body></html>")
        assert not looks_like(media_type, b"")
    assert not looks_like(media_type, b"\0\xff")


@pytest.mark.parametrize(
    "content",
    [
        "<svg><script>alert(1)</script></svg>",
        '<svg xmlns:s="http://www.w3.org/2000/svg"><s:script/></svg>',
        '<svg onload="alert(1)"/>',
        "<svg><a href='java&#115;cript:alert(1)'/></svg>",
        "<svg><a xmlns:x='http://www.w3.org/1999/xlink' x:href=' java\nscript:alert(1)'/></svg>",
        "<svg><foreignObject><p>hello</p></foreignObject></svg>",
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
        "<svg><rect></svg>",
    ],
)
def test_picture_that_runs_something_or_is_broken_is_refused(content: str) -> None:
    assert not looks_like("image/svg+xml", content.encode())
    harmless = (
        '<svg xmlns="http://www.w3.org/2000/svg"><text fill="#000">once: on &lt;b&gt;</text></svg>'
    )
    assert looks_like("image/svg+xml", harmless.encode())


@pytest.mark.parametrize("media_type", ["text/html", "application/xhtml+xml", "text/javascript"])
def test_contract_cannot_hand_out_active_content(media_type: str) -> None:
    assert not looks_like(media_type, b"hello")
    with pytest.raises(ValidationError, match="no media type that artifacts may have"):
        ArtifactBinding.model_validate({**FILE, "media_type": media_type})


@pytest.mark.parametrize(
    ("second", "code", "pointer"),
    [
        (
            artifact("<svg>" + "x" * 1000 + "</svg>", file_name="q.svg"),
            "max_artifact_mb",
            "/artifacts/1",
        ),
        (artifact("no base64!", file_name="q.svg", encoding="base64"), "encoding", "/artifacts/1"),
        (artifact("hello", file_name="q.svg"), "media_type", "/artifacts/1"),
        (artifact(), "file_name", "/artifacts/1"),
    ],
)
def test_artifact_outside_its_limits_is_refused(
    second: ArtifactContent, code: str, pointer: str
) -> None:
    with pytest.raises(OutputContractError) as caught:
        describe_artifacts([artifact(), second], Limits(max_artifact_mb=0.001))
    [violation] = caught.value.violations
    assert (violation.pointer, violation.code) == (pointer, code)


def test_more_artifacts_than_the_manifest_allows_are_refused() -> None:
    files = [artifact(file_name=f"{number}.svg") for number in range(3)]
    assert len(describe_artifacts(files, Limits(max_artifacts=3))) == 3
    with pytest.raises(OutputContractError) as caught:
        describe_artifacts(files, Limits(max_artifacts=2))
    assert [one.code for one in caught.value.violations] == ["max_artifacts"]


def described(bindings: Callable[..., OutputBinding], *texts: str) -> tuple[ArtifactContent, ...]:
    binding = bindings("files", "$.artifacts[*]", "artifact")
    trees = [DataTree.of_list("files", list(texts))]
    solution = read_outputs(Bindings(inputs=[], outputs=[binding]), trees)
    assert solution.outputs == {}
    return solution.artifacts


def test_definition_describes_its_files_itself(
    output_binding: Callable[..., OutputBinding],
) -> None:
    plan = {**FILE, "content": SVG}
    table = {"kind": "table", "file_name": "t.csv", "media_type": "text/csv", "content": "a,b"}
    # A Context Print hands over JSON as it is, or as a JSON string.
    files = described(output_binding, json.dumps(plan), json.dumps(json.dumps(table)))
    assert [(one.kind, one.file_name, one.content) for one in files] == [
        ("plan", "p.svg", SVG),
        ("table", "t.csv", "a,b"),
    ]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"file_name": "../../other/p.svg"}, "file_name"),
        ({"file_name": "p svg"}, "file_name"),
        ({"media_type": "text/html"}, "media_type"),
        ({"kind": "A plan"}, "kind"),
        ({"encoding": "utf-16"}, "encoding"),
        ({"content": 7}, "content"),
        ({"owner": "me"}, "owner"),
    ],
)
def test_file_that_is_badly_described_is_refused(
    output_binding: Callable[..., OutputBinding], change: dict[str, Any], named: str
) -> None:
    with pytest.raises(OutputContractError) as caught:
        described(output_binding, json.dumps({**FILE, "content": SVG, **change}))
    [violation] = caught.value.violations
    assert violation.code == "artifact"
    assert named in violation.message


def test_text_that_describes_nothing_is_refused(
    output_binding: Callable[..., OutputBinding],
) -> None:
    with pytest.raises(OutputContractError):
        described(output_binding, "hello")


def test_binding_describes_files_or_leaves_it_to_the_definition() -> None:
    both = {"gh_param": "p", "output_path": "$.artifacts[*]", "type": "artifact"}
    with pytest.raises(ValidationError, match="needs no `artifact`"):
        OutputBinding.model_validate({**both, "description": "", "artifact": FILE})
