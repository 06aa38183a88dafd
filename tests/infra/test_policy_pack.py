"""The policy pack as Pulumi's engine runs it: a process that answers the analyzer's protocol."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any, cast

import grpc
import pytest
from google.protobuf import empty_pb2, json_format, struct_pb2
from offline.recording import Recording, Registered
from offline.stacks import Estate
from offline.values import encode
from policy.rules.pack import RESOURCE_RULES, STACK_RULES
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from stack_config import FOLDER

from tests.infra.seeding import with_input, without


@pytest.fixture(scope="module")
def analyzer() -> Iterator[Any]:
    pack = subprocess.Popen(
        [sys.executable, str(FOLDER / "policy")],
        cwd=FOLDER / "policy",
        stdout=subprocess.PIPE,
        env={"PYTHONUNBUFFERED": "1"},
    )
    assert pack.stdout is not None
    port = pack.stdout.readline().decode().strip()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield analyzer_pb2_grpc.AnalyzerStub(channel)
    pack.terminate()
    pack.wait(10)
    pack.stdout.close()


def members(one: Registered) -> dict[str, Any]:
    """A resource as the engine describes it; secrets and unknowns keep their marks."""
    return {
        "type": one.type,
        "properties": json_format.ParseDict(cast("Any", encode(one.inputs)), struct_pb2.Struct()),
        "urn": one.urn,
        "name": one.name,
        "options": analyzer_pb2.AnalyzerResourceOptions(protect=one.is_protected),
    }


def analyze(analyzer: Any, one: Registered) -> list[Any]:
    return list(analyzer.Analyze(analyzer_pb2.AnalyzeRequest(**members(one))).diagnostics)


def analyze_stack(analyzer: Any, recording: Recording) -> list[Any]:
    resources = [
        analyzer_pb2.AnalyzerResource(
            parent=one.parent,
            dependencies=one.dependencies,
            propertyDependencies={
                name: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
                for name, urns in one.property_dependencies.items()
            },
            **members(one),
        )
        for one in recording.resources.values()
    ]
    request = analyzer_pb2.AnalyzeStackRequest(resources=resources)
    return list(analyzer.AnalyzeStack(request).diagnostics)


def test_the_pack_holds_the_rules_of_the_offline_check(analyzer: Any) -> None:
    told = analyzer.GetAnalyzerInfo(empty_pb2.Empty())
    assert {one.name for one in told.policies} == {
        rule.name for rule in (*RESOURCE_RULES, *STACK_RULES)
    }
    assert {one.enforcementLevel for one in told.policies} == {analyzer_pb2.MANDATORY}


def test_the_stacks_pass(analyzer: Any, estate: Estate) -> None:
    """In a preview some rules have to wait for values: the engine is told so, as advice."""
    for recording in estate.recordings():
        found = [one for each in recording.azure_resources() for one in analyze(analyzer, each)]
        found += analyze_stack(analyzer, recording)
        assert [one for one in found if one.enforcementLevel == analyzer_pb2.MANDATORY] == []
        assert recording.is_preview or found == []


def test_a_broken_rule_stops_the_preview(analyzer: Any, estate: Estate) -> None:
    app = with_input(estate.applied["dev-sitefit"], "site", "httpsOnly", False)
    (found,) = analyze(analyzer, app.named("site"))
    assert (found.policyName, found.message.splitlines()[-1]) == (
        "encrypted-in-transit",
        "httpsOnly must be True",
    )
    assert found.enforcementLevel == analyzer_pb2.MANDATORY


def test_a_broken_rule_of_the_stack_stops_the_preview(analyzer: Any, estate: Estate) -> None:
    app = without(estate.applied["dev-sitefit"], "functions-diagnostics")
    (found,) = analyze_stack(analyzer, app)
    assert found.policyName == "diagnosed"
    assert found.urn == app.named("site").urn
