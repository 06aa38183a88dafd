"""One difference between two versions of a contract."""

from dataclasses import dataclass
from enum import IntEnum

from contracts.versions import Version


class Bump(IntEnum):
    """The part of a version number that a change asks for; the largest one wins."""

    PATCH = 0
    MINOR = 1
    MAJOR = 2

    @classmethod
    def between(cls, before: Version, after: Version) -> "Bump":
        """The part that was counted up from one version to a later one."""
        if before.major != after.major:
            return cls.MAJOR
        return cls.MINOR if before.minor != after.minor else cls.PATCH

    def next_after(self, version: Version) -> Version:
        """The next version number with this part counted up."""
        if self is Bump.MAJOR:
            return Version(version.major + 1, 0, 0)
        if self is Bump.MINOR:
            return Version(version.major, version.minor + 1, 0)
        return Version(version.major, version.minor, version.patch + 1)


@dataclass(frozen=True, slots=True)
class Change:
    """What differs, where (file name and JSON Pointer), and what it asks for."""

    bump: Bump
    file: str
    pointer: str
    message: str
