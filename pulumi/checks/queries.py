"""KQL of alerts and workbooks, parsed and bound by Microsoft's own Kusto language service."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from offline.recording import Recording, Registered
from offline.values import plain_members

from checks.faults import Fault

_SCRIPT = Path(__file__).parent / "kusto.mjs"
_KQL_TILE, _LOGS = 3, 0
_PARAMETER = "{app_id}"
_QUOTED = re.compile(r'"[^"\n]*"')
"""Texts in quotes name apps and sites: queries that differ in them only are bound once."""


class KustoError(Exception):
    """The language service did not run."""


def query_faults(recordings: list[Recording]) -> list[Fault]:
    """What does not parse, and what names tables, columns or functions that do not exist.

    Raises:
        KustoError: Node.js or the language service is missing.
    """
    named: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for name, text in (pair for recording in recordings for pair in _queries(recording)):
        alike = _QUOTED.sub('""', text)
        texts.setdefault(alike, text)
        named.setdefault(texts[alike], []).append(name)
    done = subprocess.run(  # noqa: S603 - our own script, no shell
        ["node", str(_SCRIPT)],  # noqa: S607 - Node.js is found as everywhere else
        input=json.dumps({text: text for text in named}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode != 0:
        raise KustoError(done.stderr.strip())
    found = cast("list[dict[str, str]]", json.loads(done.stdout))
    return [
        Fault(name, f"query: {one['code']}", one["message"])
        for one in found
        for name in named[one["name"]]
    ]


def _queries(recording: Recording) -> Iterator[tuple[str, str]]:
    for resource in recording.azure_resources():
        where = f"{recording.stack}/{resource.name}"
        for part, text in _queries_of(resource):
            yield f"{where} {part}".strip(), text


def _queries_of(resource: Registered) -> Iterator[tuple[str, str]]:
    inputs = cast("dict[str, Any]", plain_members(resource.inputs))
    if resource.short_type == "monitor:ScheduledQueryRule":
        for condition in inputs["criteria"]["allOf"]:
            yield "", condition["query"]
    if resource.short_type == "applicationinsights:Workbook":
        for tile in json.loads(inputs["serializedData"])["items"]:
            content = tile["content"]
            if tile["type"] == _KQL_TILE and content["queryType"] == _LOGS:
                yield tile["name"], content["query"].replace(_PARAMETER, "app")
