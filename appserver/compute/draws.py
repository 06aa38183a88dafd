"""Numbers that look random and are the same on every machine and every version of Python."""

import hashlib
from dataclasses import dataclass

_DIGITS = 8
_RANGE = 2 ** (8 * _DIGITS)


@dataclass(slots=True)
class Draws:
    """A stream of numbers that `seed` fixes.

    Example:
        >>> Draws("a").below(10) == Draws("a").below(10)
        True
    """

    seed: str
    count: int = 0

    def fraction(self) -> float:
        """The next number in [0, 1)."""
        self.count += 1
        digest = hashlib.sha256(f"{self.seed}:{self.count}".encode()).digest()
        # 53 bits: the quotient stays below 1 after rounding to a double.
        return (int.from_bytes(digest[:_DIGITS]) >> 11) / (_RANGE >> 11)

    def below(self, count: int) -> int:
        """The next whole number in [0, count)."""
        return int(self.fraction() * count)
