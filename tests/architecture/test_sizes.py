"""Modules and functions stay small; the lists of exceptions may only shrink."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, python_files

MAX_MODULE, MAX_TEST_MODULE, MAX_FUNCTION = 250, 400, 40

# path -> lines allowed. Never add to it.
LONG_MODULES: dict[str, int] = {}
LONG_FUNCTIONS: dict[str, int] = {}


def limit(file: Path) -> int:
    name = str(file.relative_to(ROOT))
    return LONG_MODULES.get(name, MAX_TEST_MODULE if name.startswith("tests/") else MAX_MODULE)


@pytest.mark.parametrize("file", python_files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_modules_and_functions_are_small(file: Path) -> None:
    text = file.read_text()
    assert len(text.splitlines()) <= limit(file)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{file.relative_to(ROOT)}:{node.name}"
            lines = (node.end_lineno or 0) - node.body[0].lineno + 1
            if ast.get_docstring(node):
                lines -= (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
            assert lines <= LONG_FUNCTIONS.get(name, MAX_FUNCTION), name


def test_exceptions_are_still_needed() -> None:
    for name in LONG_MODULES:
        assert len((ROOT / name).read_text().splitlines()) > MAX_MODULE
