"""Names use the project's words; words that say nothing are banned."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, python_files

BANNED = {
    *("utils", "util", "helpers", "helper", "common", "misc", "base", "core"),
    *("manager", "processor", "service", "data", "info", "item", "obj", "tmp", "new", "old", "v2"),
}
BANNED_PREFIXES = ("do_", "handle_", "process_", "perform_")
# Somebody else's terms: Azure's, PostgreSQL's, Grasshopper's.
FOREIGN = ("service_bus", "servicebus", "service_role", "ServiceBus", "data_tree", "DataTree")
# "new" as a verb makes a fresh id or trace; http.server and asyncio call methods by these names.
ALLOWED = {
    *("NewJob", "new_id", "new_traceparent"),
    *("do_GET", "do_POST", "handle_error", "data_received"),
}


def words(name: str) -> set[str]:
    for foreign in FOREIGN:
        name = name.replace(foreign, "")
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def broken(name: str) -> bool:
    if name in ALLOWED:
        return False
    return bool(words(name) & BANNED) or name.lstrip("_").startswith(BANNED_PREFIXES)


@pytest.mark.parametrize("file", python_files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_files_classes_and_functions_are_well_named(file: Path) -> None:
    found = [part for part in file.relative_to(ROOT).with_suffix("").parts if broken(part)]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            is_test = node.name.startswith("test_")
            found += [node.name] if not is_test and broken(node.name) else []
    assert found == []


def test_the_rule_catches_what_it_bans() -> None:
    assert broken("DataManager")
    assert broken("handle_request")
    assert broken("utils")
    assert not broken("service_bus")
    assert not broken("database")
