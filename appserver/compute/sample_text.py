"""Texts that match simple patterns: character classes, literals, counts; no groups."""

import re

from appserver.compute.draws import Draws

_TOKEN = re.compile(r"(\\.|\[[^\]]+\]|[^\\\[\](){}|*+?^$])(\{\d+(?:,\d*)?\}|[*+?])?")
_CLASSES = {"d": "0123456789", "w": "abcdefghijklmnopqrstuvwxyz0123456789_", "s": " "}


def sample_text(pattern: str, draws: Draws) -> str:
    """A text that matches `pattern`.

    Raises:
        ValueError: the pattern uses more than this sampler knows.
    """
    inner = pattern.removeprefix("^").removesuffix("$")
    text, place = "", 0
    while place < len(inner):
        token = _TOKEN.match(inner, place)
        if token is None:
            raise ValueError(f"pattern {pattern!r} cannot be sampled")
        choices = _choices(token.group(1))
        text += "".join(choices[draws.below(len(choices))] for _ in range(_count(token.group(2))))
        place = token.end()
    return text


def _choices(atom: str) -> str:
    if atom == ".":
        return "x"
    if atom.startswith("\\"):
        return _CLASSES.get(atom[1], atom[1])
    if not atom.startswith("["):
        return atom
    if atom.startswith("[^"):
        return next(char for char in "x0_ " if char not in atom)
    return _class_choices(atom[1:-1])


def _class_choices(members: str) -> str:
    choices = ""
    for escaped, low, high, single in re.findall(r"\\(.)|(.)-(.)|(.)", members):
        if low:
            choices += "".join(map(chr, range(ord(low), ord(high) + 1)))
        else:
            choices += _CLASSES.get(escaped, escaped) + single
    return choices


def _count(quantifier: str | None) -> int:
    """The smallest number of repeats that is at least one, where one is allowed."""
    if quantifier is None or quantifier in "*+?":
        return 1
    low = quantifier.strip("{}").partition(",")[0]
    return int(low)
