"""Write the released Grasshopper file of a version from its definition.py.

A definition.py offers `FILE_NAME` and `build() -> bytes`. The same source gives the same bytes.
"""

import argparse
import runpy
from pathlib import Path

from contracts.commands import places
from contracts.commands.check import shown
from contracts.commands.errors import UsageError
from contracts.commands.terminal import complain, say
from contracts.governance.release_lock import read_lock
from contracts.model import ContractRef

NAME = "build"
HELP = "write a version's Grasshopper file from its definition.py"
EXAMPLES = """\
  python -m contracts build sitefit 1.0.0            write sitefit.ghx
  python -m contracts build sitefit 1.0.0 --check    write nothing; 1 when the file differs
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("app", metavar="APP")
    parser.add_argument("version", metavar="VERSION")
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    places.add_root(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the file, or compare it; 1 when it differs."""
    folder = places.version_folder(arguments.root, arguments.app, arguments.version)
    path, content = built_definition(folder)
    if path.exists() and path.read_bytes() == content:
        say(f"{shown(path)}: is what definition.py builds")
        return 0
    if arguments.check:
        complain(f"{shown(path)} differs from what its definition.py builds")
        return 1
    ref = ContractRef(arguments.app, arguments.version)
    if str(ref) in read_lock(arguments.root):
        raise UsageError(f"{ref} is released: its definition cannot change; import a new version")
    path.write_bytes(content)
    say(f"{shown(path)}: {len(content)} bytes")
    return 0


def built_definition(folder: Path) -> tuple[Path, bytes]:
    """The path and the bytes that a folder's definition.py builds.

    Raises:
        UsageError: there is none, it fails, or it does not offer what it has to.
    """
    source = folder / "definition.py"
    if not source.is_file():
        raise UsageError(f"{source}: there is no definition.py to build from")
    try:
        names = runpy.run_path(str(source))
        return folder / str(names["FILE_NAME"]), bytes(names["build"]())
    except Exception as error:  # whatever a person's script raises is told in one line
        raise UsageError(f"{source}: {type(error).__name__}: {error}") from error
