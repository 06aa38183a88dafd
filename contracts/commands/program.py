"""`python -m contracts`: govern the contracts, and understand Grasshopper documents.

No Rhino is needed for any of it.
"""

import argparse
from typing import NoReturn

from contracts.commands import build, check, describe, diff, import_version, release, stamp
from contracts.commands.errors import UsageError
from contracts.commands.terminal import complain
from contracts.errors import ContractError

EXIT_CODES = "exit codes: 0 fine, 1 findings, 2 usage or a file that cannot be read"
_VERBS = (check, describe, build, diff, stamp, import_version, release)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (try --help)\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except (UsageError, ContractError) as error:
        complain(str(error))
        return 2
    except OSError as error:
        complain(f"{error.filename or 'file'}: {error.strerror or error}")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m contracts",
        description=__doc__,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for verb in _VERBS:
        added = commands.add_parser(
            verb.NAME,
            help=verb.HELP,
            description=verb.__doc__,
            epilog=f"examples:\n{verb.EXAMPLES}\n{EXIT_CODES}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        verb.add_arguments(added)
        added.set_defaults(run=verb.run)
    return parser
