"""Stamp a new app: policy, schemas, bindings, manifest, plugins, examples, README, definition.

With --from, types, limits, defaults and descriptions come from the Grasshopper file; without it
the smallest app that works is made, with a definition.py that builds its file. `check` passes
right away, and `make run APP=<app>` solves it where the engine supports its components.

With --stack, the app's infrastructure is added as well: one file of a few lines in pulumi/. For an
app that exists already, only that file is written.
"""

import argparse
import time
from pathlib import Path

from contracts.commands import places
from contracts.commands.build import built_definition
from contracts.commands.check import shown
from contracts.commands.errors import UsageError
from contracts.commands.stack_file import stack_file
from contracts.commands.terminal import say
from contracts.grasshopper.errors import GrasshopperFileError
from contracts.stamping.documents import policy_document
from contracts.stamping.draft import SourceFile, draft_documents, read_source
from contracts.stamping.folder import (
    check_stamped,
    copy_definition_source,
    workshop,
    write_json,
    write_version,
)

NAME = "new"
HELP = "stamp a complete app, from a Grasshopper file or the smallest one"
FIRST_VERSION = "1.0.0"
EXAMPLES = """\
  python -m contracts new tower --from tower.gh
  python -m contracts new hello                  the smallest working app
  make run APP=hello EXAMPLE=minimal
  python -m contracts new tower --from tower.gh --stack dev
  python -m contracts new tower --stack prod      an app that exists: its stack alone
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("app", metavar="APP", help="lower-case letters, digits, hyphens")
    parser.add_argument("--from", dest="file", type=Path, metavar="FILE", help="a .gh or .ghx file")
    parser.add_argument(
        "--stack", metavar="ENV", help="write pulumi/Pulumi.ENV-APP.yaml too, for dev or prod"
    )
    places.add_root(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the app's folder, and its stack if one is wanted."""
    root: Path = arguments.root
    app_id = places.checked_app_id(arguments.app)
    if not root.is_dir():
        raise UsageError(f"{root}: there is no such folder")
    env: str | None = arguments.stack
    stack = None if env is None else stack_file(root.absolute().parent / "pulumi", env, app_id)
    exists = (root / app_id).exists()
    if exists and (stack is None or arguments.file):
        raise UsageError(f"{shown(root / app_id)} exists; `import` adds a version to it")
    if not exists:
        _stamp(root, app_id, arguments.file)
    if stack is not None:
        stack.write(time.strftime("%Y-%m-01", time.gmtime()))
        say(f"{shown(stack.path)}: set the budget; then `make infra ARGS=--confirm`")
        say(f"and, with an account: cd pulumi && pulumi up --stack {stack.env}-{app_id}")
    return 0


def _stamp(root: Path, app_id: str, file: Path | None) -> None:
    with workshop(root) as place:
        _write_app(place / app_id, file)
        check_stamped(place, place / app_id, FIRST_VERSION)
        (place / app_id).rename(root / app_id)
    say(f"{shown(root / app_id)}: version {FIRST_VERSION}, in order")
    say(f"next: make run APP={app_id} EXAMPLE=minimal")


def _write_app(app: Path, file: Path | None) -> None:
    folder = app / FIRST_VERSION
    if file is None:
        copy_definition_source(folder)
        path, content = built_definition(folder)
        source = read_source(content, path.name)
    else:
        source = source_of(file)
    documents = draft_documents(app.name, source)
    definition = (app.name + source.suffix, source.content)
    write_version(folder, documents, definition, summary_of(source))
    write_json(app / "policy.json", policy_document(app.name))


def source_of(file: Path) -> SourceFile:
    """The Grasshopper file that a person named.

    Raises:
        UsageError: it cannot be read, or is no Grasshopper document.
    """
    try:
        return read_source(places.read_bytes(file), file.name)
    except GrasshopperFileError as error:
        raise UsageError(f"{file}: not a Grasshopper document: {error}") from error


def summary_of(source: SourceFile) -> str:
    """What the document says of itself, in one line."""
    told = " ".join(source.description.summary.split())
    return told or f"Made from {source.description.document}."
