"""Say what Rhino.Compute would see in a Grasshopper file (.gh or .ghx).

Inputs and outputs under the names that a request uses, defaults and limits, plugins, and
findings: exposes_nothing, duplicate_name, ignored_input_type, script_does_not_compile,
plugin_needed, component_unknown.
"""

import argparse
from pathlib import Path

from pydantic import JsonValue

from contracts.commands.errors import UsageError
from contracts.commands.places import read_bytes
from contracts.commands.terminal import say, say_json, table
from contracts.description.describe import UNBOUNDED_INT, describe
from contracts.description.description import DescribedInput, Description
from contracts.grasshopper.errors import GrasshopperFileError

NAME = "describe"
HELP = "what Rhino.Compute would see in a Grasshopper file"
EXAMPLES = """\
  python -m contracts describe tower.gh
  python -m contracts describe contracts/sitefit/1.0.0/sitefit.ghx --json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .gh or .ghx file")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: argparse.Namespace) -> int:
    """Print the description; 1 when it has findings."""
    description = described_file(arguments.file)
    if arguments.json:
        say_json(description.to_json())
    else:
        _say(description)
    return 1 if description.findings else 0


def described_file(file: Path) -> Description:
    """The description of a file that a person named.

    Raises:
        UsageError: the file cannot be read, or is no Grasshopper document.
    """
    try:
        return describe(read_bytes(file), file.name)
    except GrasshopperFileError as error:
        raise UsageError(f"{file}: not a Grasshopper document: {error}") from error


def _say(description: Description) -> None:
    say(description.document)
    _section("inputs", ["name", "type", "default", "range", "values"], _input_rows(description))
    _section("outputs", ["name", "type"], [[one.name, one.type] for one in description.outputs])
    if description.libraries:
        rows = [[one.name, one.version] for one in description.libraries]
        _section("plugins", ["name", "version"], rows)
    _section("findings", ["code", "message"], [[f.code, f.message] for f in description.findings])


def _section(title: str, head: list[str], rows: list[list[str]]) -> None:
    say()
    say(title if rows else f"{title}: none")
    if rows:
        for line in table([head, *rows]):
            say(line)


def _input_rows(description: Description) -> list[list[str]]:
    return [
        [one.name, one.type, _value(one.default), _range(one), _count(one)]
        for one in description.inputs
    ]


def _value(value: JsonValue) -> str:
    return "-" if value is None else str(value)[:40]


def _range(one: DescribedInput) -> str:
    if one.minimum is None and one.maximum is None:
        return "-"
    low, high = ("" if end is None else f"{end:g}" for end in (one.minimum, one.maximum))
    return f"{low} .. {high}".strip()


def _count(one: DescribedInput) -> str:
    if one.at_most == one.at_least:
        return str(one.at_least)
    return (
        f"{one.at_least} or more"
        if one.at_most == UNBOUNDED_INT
        else (f"{one.at_least} to {one.at_most}")
    )
