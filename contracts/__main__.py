"""`python -m contracts check`: load every contract and run its examples."""

import argparse
import sys
from pathlib import Path

from contracts.errors import ContractError
from contracts.governance.examples import check_examples
from contracts.registry import DEFAULT_ROOT, Registry


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when everything is in order, 1 with one line that says what is not."""
    parser = argparse.ArgumentParser(prog="python -m contracts", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="check every contract folder and its examples")
    check.add_argument("--root", type=Path, default=DEFAULT_ROOT, help="the folder of app folders")
    chosen = parser.parse_args(arguments)
    try:
        return _check(chosen.root)
    except ContractError as error:
        print(error, file=sys.stderr)
        return 1


def _check(root: Path) -> int:
    registry = Registry.load(root)
    for ref, served in sorted(registry.contracts.items(), key=lambda entry: str(entry[0])):
        check_examples(registry, served.contract.folder.parent.name, served)
        print(f"{ref}: schemas, bindings, manifest, plugins and examples hold")
    return 0


if __name__ == "__main__":
    sys.exit(main())
