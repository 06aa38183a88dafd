"""The nodes' PowerShell parses, and agrees with what starts it and what calls it.

PowerShell itself runs nowhere here: a grammar finds what is no PowerShell, not what does not work.
"""

import re
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "pulumi/node"
SCRIPTS = sorted(ROOT.glob("pulumi/**/*.ps1"))
SERVICES = {"rhino-compute", "kuduso-node-agent", "kuduso-node-guard"}


def faults(source: bytes) -> list[str]:
    """Places that are no PowerShell, as `line:column`."""
    parser = Parser(Language(tree_sitter_powershell.language()))
    found: list[str] = []

    def visit(node: Node) -> None:
        if node.is_error or node.is_missing:
            line, column = node.start_point
            found.append(f"{line + 1}:{column + 1}")
        for child in node.children:
            visit(child)

    visit(parser.parse(source).root_node)
    return found


def text(name: str) -> str:
    return (FOLDER / name).read_text()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda file: file.name)
def test_every_script_parses(script: Path) -> None:
    assert faults(script.read_bytes()) == []


@pytest.mark.parametrize(
    ("cut", "put"),
    [
        ("foreach ($service in ", "foreach ($service of "),
        ("Set-StrictMode -Version Latest\n", "Set-StrictMode -Version Latest\nif (1 {\n"),
        ("$ErrorActionPreference = 'Stop'", "$ErrorActionPreference = 'Stop"),
        ("param(", "param(("),
    ],
)
def test_the_parser_finds_seeded_faults(cut: str, put: str) -> None:
    whole = text("start-node.ps1")
    assert cut in whole
    assert faults(whole.replace(cut, put, 1).encode())


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda file: file.name)
def test_every_script_stops_at_its_first_error_and_says_what_it_does(script: Path) -> None:
    whole = script.read_text()
    assert whole.startswith("<#\n.SYNOPSIS\n")
    assert "$ErrorActionPreference = 'Stop'\nSet-StrictMode -Version Latest\n" in whole


def test_the_extension_passes_the_parameters_of_the_script() -> None:
    declared = re.findall(r"\[Parameter\(Mandatory\)\][^$]*\$(\w+)", text("start-node.ps1"))
    passed = re.findall(r"-(\w+) '?\{\d\}", (ROOT / "pulumi/components/node_start.py").read_text())
    assert set(declared) == set(passed) - {"Item", "Path"}
    assert len(declared) == 5


def test_services_are_installed_started_and_sealed_by_the_same_names() -> None:
    build = text("build-image.ps1")
    assert "Install-NodeService 'rhino-compute'" in build
    assert "foreach ($part in 'agent', 'guard')" in build
    for name in ("start-node.ps1", "seal-image.ps1"):
        listed = re.search(r"foreach \(\$service in ([^)]*)\)", text(name))
        assert listed
        assert set(re.findall(r"'([\w-]+)'", listed[1])) == SERVICES


@pytest.mark.parametrize("name", ["node-agent.ps1", "node-guard.ps1"])
def test_a_service_gets_every_variable_that_it_reads(name: str) -> None:
    service = f"kuduso-{name.removesuffix('.ps1')}"
    block = (
        text("start-node.ps1").split(f"Set-ServiceEnvironment '{service}' @(")[1].split("\n)")[0]
    )
    given = set(re.findall(r'"(\w+)=', block))
    assert given == set(re.findall(r"\$env:(\w+)", text(name))) - {"SystemRoot"}


def test_the_agent_serves_what_the_appserver_and_the_probe_ask_for() -> None:
    client = (ROOT / "appserver/compute/node_agent.py").read_text()
    agent = text("node-agent.ps1")
    asked = {
        (method, re.sub(r"\{[^}]*\}", "*", path))
        for method, path in re.findall(r'_ask\(\s*"(\w+)", f?"([^"]+)"', client)
    }
    served = {
        (method, re.sub(r"\(\[\\w-\]\+\)|\$solvePort", "*", path).rstrip("$"))
        for method, path in re.findall(r"-c(?:eq|match) ['\"]\^?(\w+) (/[^'\"]+)['\"]", agent)
    }
    assert asked
    assert asked <= served
    ports = (ROOT / "pulumi/components/ports.py").read_text()
    probe = re.search(r'AGENT_HEALTH_PATH = "([^"]+)"', ports)
    assert probe
    assert ("GET", probe[1]) in served
    header = (ROOT / "appserver/compute/build_solver.py").read_text()
    assert re.search(r"Headers\['(\w+)'\]", agent)
    assert 'AGENT_KEY_HEADER = "NodeAgentKey"' in header
    assert "Headers['NodeAgentKey']" in agent


def test_secrets_of_nodes_are_those_that_they_may_read() -> None:
    wanted = set(re.findall(r"Get-VaultSecret '([A-Z-]+)'", text("start-node.ps1")))
    declared = re.findall(r'= "([A-Z-]+)"', (ROOT / "pulumi/components/vault.py").read_text())
    assert wanted == {"RHINO-TOKEN", "COMPUTE-API-KEY", "NODE-AGENT-KEY"}
    assert wanted - {"NODE-AGENT-KEY"} <= set(declared)


def test_what_azure_puts_on_the_disk_fits() -> None:
    assert len((FOLDER / "start-node.ps1").read_bytes()) < 48 * 1024
