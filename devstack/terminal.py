"""Lines for a person: coloured on a terminal, plain everywhere else."""

import sys
from typing import Literal, TextIO

Colour = Literal["bold", "dim", "red", "green"]

_CODES: dict[Colour, str] = {"bold": "1", "dim": "2", "red": "31", "green": "32"}


def paint(text: str, colour: Colour, stream: TextIO | None = None) -> str:
    """The text in a colour, where the stream is a terminal."""
    target = sys.stdout if stream is None else stream
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if target.isatty() else text


def say(text: str = "") -> None:
    """One line at once, also into a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """A failure, on stderr."""
    print(paint(text, "red", sys.stderr), file=sys.stderr, flush=True)
