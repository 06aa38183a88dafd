"""Names in the nodes' PowerShell: every command exists, every variable was given a value.

What `Set-StrictMode` and the command look-up would tell a node at run time.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from tests.unit.nodes.test_scripts import SCRIPTS, text

# Windows PowerShell 5.1 and the module NetSecurity; programs of Windows.
KNOWN = {
    *("convertfrom-json", "convertto-json", "copy-item", "expand-archive", "foreach-object"),
    *("get-childitem", "get-content", "get-filehash", "get-item", "get-itemproperty"),
    *("get-process", "get-service", "group-object", "invoke-restmethod", "invoke-webrequest"),
    *("join-path", "new-item", "new-itemproperty", "new-netfirewallrule", "new-object"),
    *("out-null", "remove-netfirewallrule", "restart-service", "select-object", "set-content"),
    *("set-service", "set-strictmode", "sort-object", "start-process", "start-sleep"),
    *("stop-process", "test-path", "where-object", "write-output", "netsh"),
}
AUTOMATIC = {"_", "true", "false", "null", "matches", "lastexitcode", "erroractionpreference"}


def parsed(source: str) -> Node:
    return Parser(Language(tree_sitter_powershell.language())).parse(source.encode()).root_node


def nodes(root: Node, *kinds: str) -> Iterator[Node]:
    if root.type in kinds:
        yield root
    for child in root.children:
        yield from nodes(child, *kinds)


def words(found: Iterator[Node]) -> set[str]:
    return {(one.text or b"").decode().lower() for one in found}


def variables(found: Iterator[Node]) -> set[str]:
    plain = {name.strip("${}").removeprefix("script:") for name in words(found)}
    return {name for name in plain if not name.startswith("env:")}


def unknown_commands(source: str) -> set[str]:
    root = parsed(source)
    called = {name for name in words(nodes(root, "command_name")) if name[0] not in "\"'$"}
    return called - KNOWN - words(nodes(root, "function_name"))


def unset_variables(source: str) -> set[str]:
    """Read somewhere, set nowhere in the script."""
    root = parsed(source)
    assigned = variables(
        one for left in nodes(root, "left_assignment_expression") for one in nodes(left, "variable")
    )
    bound = variables(
        child
        for parent in nodes(root, "script_parameter", "foreach_statement")
        for child in parent.children
        if child.type == "variable"
    )
    return variables(nodes(root, "variable")) - assigned - bound - AUTOMATIC


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda file: file.name)
def test_every_command_exists(script: Path) -> None:
    assert unknown_commands(text(script.name)) == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda file: file.name)
def test_every_variable_has_a_value(script: Path) -> None:
    assert unset_variables(text(script.name)) == set()


def test_misspelt_names_are_found() -> None:
    whole = text("node-agent.ps1")
    assert unknown_commands(whole.replace("Get-Process -Name", "Get-Proces -Name")) == {
        "get-proces"
    }
    assert unknown_commands(whole.replace("return Get-Status", "return Get-State")) == {"get-state"}
    assert unset_variables(whole.replace("-ge $healthSeconds", "-ge $healtSeconds")) == {
        "healtseconds"
    }
