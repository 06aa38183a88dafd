"""Every event that is logged stands in docs/telemetry.md, and nothing else does."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOGGING = re.compile(r"_?log\.(debug|info|warning|error|exception)|timed")
EVENT = re.compile(r"[a-z]+(_[a-z]+)+")


def documented() -> set[str]:
    text = (ROOT / "docs/telemetry.md").read_text()
    return set(re.findall(r"^\| `([a-z_]+)` \| [^|]* \| [^|]* \|$", text, re.MULTILINE))


def logged() -> dict[str, str]:
    """Event to the file that names it."""
    files = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "appserver").rglob("*.py")]
    return {event: file.name for file in files for event in _events(ast.parse(file.read_text()))}


def _events(tree: ast.Module) -> Iterator[str]:
    """First arguments of `log.<level>` and `timed`; a condition may choose between several."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and LOGGING.fullmatch(ast.unparse(call.func)):
            for node in ast.walk(call.args[0]):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def test_each_logged_event_is_documented() -> None:
    names = {name: file for name, file in logged().items() if EVENT.fullmatch(name)}
    assert len(names) > 20
    unknown = {name: file for name, file in names.items() if name not in documented()}
    assert not unknown, f"docs/telemetry.md lacks {unknown}"


@pytest.mark.parametrize("event", sorted(documented()))
def test_each_documented_event_is_logged(event: str) -> None:
    sources = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "appserver").rglob("*.py")]
    prefix = event.rpartition("_")[0] + "_{"  # webhook_{record.status}
    texts = [file.read_text() for file in sources if file.parent.name != "telemetry"]
    assert any(f'"{event}"' in text or prefix in text for text in texts)
