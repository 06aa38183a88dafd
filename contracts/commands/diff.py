"""Explain what changed between two versions of a contract, and the version number it asks for.

Breaking changes need a new MAJOR, additions a new MINOR, anything else a new PATCH.
"""

import argparse

from contracts.commands import places
from contracts.commands.errors import UsageError
from contracts.commands.terminal import say
from contracts.governance.change import Bump, Change
from contracts.governance.contract_changes import contract_changes, required_bump
from contracts.versions import Version

NAME = "diff"
HELP = "what changed between two versions, in words"
EXAMPLES = """\
  python -m contracts diff sitefit 1.0.0 1.1.0
"""
_HEADINGS = {Bump.MAJOR: "breaking", Bump.MINOR: "additive", Bump.PATCH: "other"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("app", metavar="APP")
    parser.add_argument("before", metavar="V1")
    parser.add_argument("after", metavar="V2")
    places.add_root(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the differences by weight."""
    before, after = (
        places.contract_of(arguments.root, arguments.app, version)
        for version in (arguments.before, arguments.after)
    )
    try:
        number = Version.parse(before.ref.version)
    except ValueError as error:
        raise UsageError(str(error)) from error
    changes = contract_changes(before, after)
    say_changes(changes)
    bump = required_bump(changes)
    say(f"required: {bump.name}, {number} -> {bump.next_after(number)} or later")
    if before.manifest.channel != after.manifest.channel:
        channels = f"{before.manifest.channel} and {after.manifest.channel}"
        say(f"(channels {channels}: `check` does not compare these two)")
    return 0


def say_changes(changes: list[Change]) -> None:
    """Print changes grouped as breaking, additive and other."""
    for bump, heading in _HEADINGS.items():
        group = [change for change in changes if change.bump is bump]
        say(f"{heading}{'' if group else ': none'}")
        for change in group:
            say(f"  {change.file}{change.pointer and '#' + change.pointer}: {change.message}")
