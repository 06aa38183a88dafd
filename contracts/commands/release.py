"""Lock a version: from then on `check` refuses any change to a file of its folder.

The digests go to released.lock beside the app folders; commit it with the version.
"""

import argparse

from contracts.commands import places
from contracts.commands.check import say_findings
from contracts.commands.errors import UsageError
from contracts.commands.terminal import say
from contracts.governance.check import check_apps
from contracts.governance.release_lock import digests, lock_release, read_lock
from contracts.model import ContractRef

NAME = "release"
HELP = "lock a version that is in order"
EXAMPLES = """\
  python -m contracts release sitefit 1.0.0
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("app", metavar="APP")
    parser.add_argument("version", metavar="VERSION")
    places.add_root(parser)


def run(arguments: argparse.Namespace) -> int:
    """Lock the version; 1 when it is not in order."""
    folder = places.version_folder(arguments.root, arguments.app, arguments.version)
    ref = ContractRef(arguments.app, folder.name)
    locked = read_lock(arguments.root).get(str(ref))
    if locked is not None and locked != digests(folder):
        raise UsageError(
            f"{ref} is released already, and its files differ: see `check {ref.definition}`"
        )
    checked = check_apps(arguments.root, [folder.parent], folder.name)
    if checked.findings:
        say_findings(checked)
        return 1
    count = lock_release(arguments.root, ref)
    say(f"{ref}: released, {count} files locked")
    return 0
