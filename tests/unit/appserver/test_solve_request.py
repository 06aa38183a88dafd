import json
import os
from pathlib import Path

import pytest

from appserver.compute.definition_texts import DefinitionText, DefinitionTexts
from appserver.compute.solve_request import solve_body
from appserver.domain.data_tree import DataTree
from appserver.domain.errors import AppServerError
from appserver.domain.trace import Trace
from contracts.model import DefinitionFile
from contracts.registry import Registry


def test_a_body_states_everything_that_the_engine_would_remember(registry: Registry) -> None:
    manifest = registry.resolve("sitefit", "sitefit", "1.0.0").contract.manifest
    trees = [DataTree.of_list("value", ["32.0"])]
    body = solve_body(DefinitionText.of(b"ABC"), manifest, trees)
    by_key = json.loads(body.by_key())
    # The engine's own key of a content: MD5 of its base64 text.
    assert by_key.pop("pointer") == "md5_3300AFA7DF5AE2C0EAD5892C9AC4C4CB"
    with_content = json.loads(body.with_content())
    assert with_content.pop("algo") == "QUJD"
    assert (
        by_key
        == with_content
        == {
            "cachesolve": False,
            "dataversion": 7,
            "modelunits": "Meters",
            "absolutetolerance": 0.001,
            "angletolerance": 0.1,
            "values": [{"ParamName": "value", "InnerTree": {"{0}": [{"data": "32.0"}]}}],
        }
    )


def test_a_definition_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "a.gh"
    path.write_bytes(b"ABC")
    digest = "b5d4045c3f466fa91fe2cc6abe79232a1a57cdf104f7a26e716e0a1e2789df78"
    texts = DefinitionTexts()
    assert texts.find(DefinitionFile(path, digest)).text == "QUJD"
    path.unlink()
    assert texts.find(DefinitionFile(path, digest)).text == "QUJD"


def test_a_definition_that_changed_after_the_start_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "a.gh"
    path.write_bytes(os.urandom(8))
    with pytest.raises(AppServerError) as caught:
        DefinitionTexts().find(DefinitionFile(path, "0" * 64))
    assert caught.value.code == "internal"


PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("correlation_id", "traceparent", "headers"),
    [
        ("job-1", PARENT, {"x-correlation-id": "job-1", "traceparent": PARENT}),
        (None, None, {"x-correlation-id": "made"}),
        ("a b", PARENT.upper(), {"x-correlation-id": "made"}),
        ("x" * 129, PARENT.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32), None),
        ("a\r\nset-cookie: x", "", None),
    ],
)
def test_well_formed_trace_headers_are_kept_and_others_replaced(
    correlation_id: str | None, traceparent: str | None, headers: dict[str, str] | None
) -> None:
    trace = Trace.of_headers(correlation_id, traceparent, "made")
    assert trace.headers() == (headers or {"x-correlation-id": "made"})
