"""Rebuilds a contract's `.ghx` from its definition.py: `python -m contracts.grasshopper.build`.

A definition.py offers `FILE_NAME` and `build() -> bytes`.
"""

import argparse
import runpy
import sys
from pathlib import Path


def build_definition(folder: Path) -> tuple[Path, bytes]:
    """Return the path and the bytes that `folder`'s definition.py builds.

    Raises:
        FileNotFoundError: The folder has no definition.py.
    """
    names = runpy.run_path(str(folder / "definition.py"))
    return folder / names["FILE_NAME"], names["build"]()


def main() -> int:
    """Write the file of each folder given, or with --check compare only."""
    parser = argparse.ArgumentParser(prog="python -m contracts.grasshopper.build")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    arguments = parser.parse_args()
    stale = False
    for folder in arguments.folders:
        path, content = build_definition(folder)
        if not arguments.check:
            path.write_bytes(content)
        elif not path.exists() or path.read_bytes() != content:
            stale = True
            sys.stderr.write(f"{path} differs from what its definition.py builds\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
