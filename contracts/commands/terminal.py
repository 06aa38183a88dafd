"""Text for the person at the terminal."""

import json
import sys
from collections.abc import Sequence
from itertools import zip_longest

from pydantic import JsonValue


def say(line: str = "") -> None:
    """Print one line."""
    sys.stdout.write(line + "\n")


def complain(line: str) -> None:
    """Print one line where errors go."""
    sys.stderr.write(line + "\n")


def say_json(value: JsonValue) -> None:
    """Print a JSON document."""
    say(json.dumps(value, indent=2, ensure_ascii=False))


def table(rows: Sequence[Sequence[str]], indent: str = "  ") -> list[str]:
    """Lines with columns as wide as their widest cell; the first row is the head."""
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    return [
        (
            indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        ).rstrip()
        for row in rows
    ]
