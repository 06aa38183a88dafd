"""The deployables know no app: what an app is stands in its folder alone."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

APPS = sorted(file.parent.name for file in ROOT.glob("contracts/[a-z]*/policy.json"))
# The layouts' own paths, over the jobs of their app.
EXCEPTIONS = {
    *("functions/blueprints/layouts_http.py", "functions/blueprints/openapi_layouts.py"),
    "functions/domain/layout_resource.py",
}
# Their registration; `layouts_http` and the like are names of modules, not of the app.
WORD = re.compile(rf"(?<![a-z_/])({'|'.join(APPS)})(?![a-z_])")


def sources() -> list[Path]:
    folders = ("functions", "appserver")
    found = [file for folder in folders for file in (ROOT / folder).rglob("*")]
    texts = {".py", ".sql", ".txt", ".json", ""}
    return [file for file in found if file.is_file() and file.suffix in texts] + [
        ROOT / name for name in ("function_app.py", "host.json", "requirements.txt")
    ]


def named(text: str) -> list[str]:
    return WORD.findall(text)


def test_nothing_that_is_deployed_names_an_app_but_the_layouts_paths() -> None:
    assert len(APPS) > 2
    naming = {
        str(file.relative_to(ROOT)) for file in sources() if named(file.read_text(encoding="utf-8"))
    }
    assert naming == EXCEPTIONS


@pytest.mark.parametrize(
    "line", ['APP = "sitefit"', "if app_id in {'daylight'}:", "WHERE app_id = 'layouts'"]
)
def test_the_rule_catches_a_name(line: str) -> None:
    assert named(line)


@pytest.mark.parametrize("line", ["*layouts_http.OPERATIONS,", "def layout_state(job):"])
def test_the_rule_lets_other_words_be(line: str) -> None:
    assert not named(line)
