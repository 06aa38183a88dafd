"""Runbooks: every alert has one, each says the same five things, queries parse, names are right."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs/runbooks"
PAGES = sorted(file for file in FOLDER.glob("*.md") if file.name != "README.md")
LINKED = [
    *(ROOT / f"docs/{name}.md" for name in ("cost", "deploy", "nodes", "scale")),
    *sorted(FOLDER.glob("*.md")),
    ROOT / "README.md",
]
PLANNED = {"stamp-app.md", "move-app-database.md", "dead-letters.md"}
LINK = re.compile(r"\]\(([^)#:]+\.md|[^)#:]+)(?:#[^)]*)?\)")


def blocks(file: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", file.read_text(), re.DOTALL)


def linked_by_alerts() -> set[str]:
    sources = ROOT.glob("pulumi/monitoring/*.py")
    return {name for file in sources for name in re.findall(r'"([\w-]+\.md)"', file.read_text())}


def test_every_alert_names_a_runbook_that_exists() -> None:
    names = linked_by_alerts()
    assert len(names) >= 6
    assert names <= {page.name for page in PAGES}


def test_the_overview_lists_every_page() -> None:
    listed = set(re.findall(r"\(([\w-]+\.md)\)", (FOLDER / "README.md").read_text()))
    assert listed == {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda file: file.name)
def test_a_page_says_what_is_seen_checked_done_verified_and_prevented(page: Path) -> None:
    text = page.read_text()
    if page.name in PLANNED:
        return
    assert "**Symptom.**" in text
    headings = re.findall(r"^## (\w+)", text, re.MULTILINE)
    order = ["Check", "Do", "Verify", "Prevent"]
    assert [one for one in dict.fromkeys(headings) if one in order] == order


@pytest.mark.parametrize("page", LINKED, ids=lambda file: file.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_commands_that_pages_name_exist() -> None:
    pages = [*LINKED, *ROOT.glob(".github/workflows/*.yml")]
    named = {
        (module, command)
        for page in pages
        for module, command in re.findall(
            r"python -m (contracts|delivery|devstack) ([a-z][a-z-]+)", page.read_text()
        )
    }
    assert len(named) >= 10
    for module in {module for module, _ in named}:
        done = subprocess.run(
            [sys.executable, "-m", module, "--help"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        commands = set(re.findall(r"^ {2,4}([a-z][a-z-]+)\b", done.stdout, re.MULTILINE))
        assert {command for of, command in named if of == module} <= commands, module


def test_queries_parse_and_bind() -> None:
    queries = {
        f"{page.name}[{number}]": query
        for page in PAGES
        for number, query in enumerate(blocks(page, "kusto"))
    }
    assert len(queries) >= 6
    found = kusto_faults({**queries, "seeded": "AppTraces | where Mesage has 'x'"})
    assert {fault["name"] for fault in found} == {"seeded"}, found


def kusto_faults(queries: dict[str, str]) -> list[dict[str, str]]:
    done = subprocess.run(
        ["node", ROOT / "pulumi/checks/kusto.mjs"],
        input=json.dumps(queries),
        check=True,
        capture_output=True,
        text=True,
        timeout=50,
    )
    return json.loads(done.stdout)


def test_events_that_queries_ask_for_are_logged() -> None:
    table = (ROOT / "docs/telemetry.md").read_text()
    known = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    asked = {
        event
        for page in PAGES
        for query in blocks(page, "kusto")
        for found in re.findall(r"event (?:==|in) \(?((?:\"\w+\"(?:, )?)+)", query)
        for event in re.findall(r'"(\w+)"', found)
    }
    assert "job_claimed" in asked
    assert asked <= known


def test_names_are_those_of_the_programs() -> None:
    names = load("pulumi/names.py")
    owner = names.Owner("kuduso", "dev", "platform")
    app = names.Owner("kuduso", "dev", "sitefit")
    script = blocks(FOLDER / "README.md", "sh")[0].replace("$ENV", "dev").replace("$APP", "sitefit")
    told = dict(re.findall(r"^([A-Z_]+)=([\w-]+)", script, re.MULTILINE))
    expected = {
        "GROUP": owner.name(names.RESOURCE_GROUP),
        "APP_GROUP": app.name(names.RESOURCE_GROUP),
        "SITE": app.name(names.FUNCTION_APP),
        "BUS": owner.name(names.BUS_NAMESPACE),
        "QUEUE": names.queue_name("sitefit"),
        "NODES": owner.name(names.SCALE_SET),
        "AUTOSCALE": owner.name(names.AUTOSCALE),
        "CONTAINER": owner.name(names.CONTAINER_APP),
        "VAULT": owner.name(names.VAULT),
        "WORKSPACE": owner.name(names.WORKSPACE),
    }
    assert expected.items() <= told.items()


def load(path: str) -> ModuleType:
    """A module of the programs' folder, which is no package."""
    spec = importlib.util.spec_from_file_location("runbook_names", ROOT / path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_keys_to_rotate_are_those_of_the_stack() -> None:
    text = (ROOT / "pulumi/stack_config.py").read_text()
    declared = text.partition("\nSECRET_KEYS = (")[2].partition(")")[0]
    keys = set(re.findall(r'"([a-z-]+)"', declared))
    page = (FOLDER / "rotate-keys.md").read_text()
    rotated = set(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE))
    assert keys
    assert keys <= rotated
