"""Check contracts: schemas, units, examples, bindings, plugins, policy, release lock, versions.

Each finding names its code, the file, a JSON Pointer into it, and what to do.
"""

import argparse
from pathlib import Path

from contracts.commands import places
from contracts.commands.errors import UsageError
from contracts.commands.terminal import say, say_json
from contracts.finding import Finding
from contracts.governance.check import Checked, app_folders, check_apps
from contracts.model import JsonObject

NAME = "check"
HELP = "check every contract, one app or one version"
EXAMPLES = """\
  python -m contracts check                    every app
  python -m contracts check sitefit            one app, with its policy
  python -m contracts check sitefit/1.0.0      one version, also against the one before it
  python -m contracts check --json             a list of {code, file, pointer, message, what_to_do}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("target", nargs="?", metavar="APP[/VERSION]", help="default: every app")
    parser.add_argument("--json", action="store_true", help="print the findings as a JSON list")
    places.add_root(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; 1 when there are any."""
    root: Path = arguments.root
    checked = _check(root, arguments.target)
    if arguments.json:
        say_json([finding_json(finding) for finding in checked.findings])
    else:
        say_findings(checked)
    return 1 if checked.findings else 0


def _check(root: Path, target: str | None) -> Checked:
    if target is None:
        if not root.is_dir() or not (apps := app_folders(root)):
            raise UsageError(f"{root}: there is no app folder")
        return check_apps(root, apps)
    app_id, slash, version = target.partition("/")
    app = places.app_folder(root, app_id)
    if slash:
        places.version_folder(root, app_id, version)
    return check_apps(root, [app], version if slash else None)


def say_findings(checked: Checked) -> None:
    """Print each finding, then the versions that are in order."""
    for finding in checked.findings:
        where = f" {finding.pointer}" if finding.pointer else ""
        say(f"{shown(finding.file)}{where}: {finding.code}: {finding.message}")
        say(f"    {finding.what_to_do}")
    for ref in filter(checked.is_in_order, checked.refs):
        say(f"{ref}: in order")
    if checked.findings:
        count = len(checked.findings)
        say(f"{count} finding{'s' if count > 1 else ''}")


def finding_json(finding: Finding) -> JsonObject:
    """The shape that `check --json` prints."""
    return {
        "code": finding.code,
        "file": shown(finding.file),
        "pointer": finding.pointer,
        "message": finding.message,
        "what_to_do": finding.what_to_do,
    }


def shown(file: Path) -> str:
    """A path as short as it can be from here."""
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)
