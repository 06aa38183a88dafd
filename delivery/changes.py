"""What a set of changed files asks a pipeline to deliver to one environment."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Flag, auto

PLATFORM = "platform"
_STACKS = "pulumi/Pulumi."
_SHARED = "*"
"""Stands for every app."""


class Part(Flag):
    """What can be delivered by itself; `APP` is the stack and package of one app."""

    NOTHING = 0
    MIGRATIONS = auto()
    PLATFORM = auto()
    APP = auto()


_BOTH = Part.PLATFORM | Part.APP
# The first prefix that fits decides. Whatever no prefix fits is not delivered.
_RULES: tuple[tuple[str, Part], ...] = (
    ("migrations/", Part.MIGRATIONS),
    ("appserver/", Part.PLATFORM),
    (".dockerignore", Part.PLATFORM),
    ("constraints.txt", Part.PLATFORM),
    ("contracts/", _BOTH),
    ("pulumi/checks/", Part.NOTHING),
    ("pulumi/golden/", Part.NOTHING),
    ("pulumi/node/", Part.PLATFORM),
    ("pulumi/offline/", Part.NOTHING),
    ("pulumi/policy/", Part.NOTHING),
    ("pulumi/", _BOTH),
    ("functions/", Part.APP),
    ("function_app.py", Part.APP),
    ("host.json", Part.APP),
    ("requirements.txt", Part.APP),
    (".funcignore", Part.APP),
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What one environment needs; `apps` are those whose stack and package are delivered."""

    migrations: bool
    platform: bool
    apps: tuple[str, ...]


def everything(stamped: Iterable[str]) -> Changes:
    """As after the first commit."""
    return Changes(migrations=True, platform=True, apps=tuple(sorted(stamped)))


def changes_of(
    paths: Iterable[str], env: str, stamped: Iterable[str], contracts: Iterable[str]
) -> Changes:
    """What changed files ask for.

    An app's folder or stack file concerns that app, and the platform, whose image holds all
    contracts and whose rules read policies. A file that all apps share concerns all of them.

    Args:
        paths: changed files, relative to the repository.
        env: the environment, the first part of a stack's name.
        stamped: apps that have a stack in it.
        contracts: apps that have a contract folder.
    """
    folders, known = frozenset(contracts), frozenset(stamped)
    parts, apps = Part.NOTHING, set[str]()
    for path in paths:
        part, app_id = _meaning(path, env, folders)
        parts |= part
        if part & Part.APP:
            apps |= known if app_id == _SHARED else known & {app_id}
    return Changes(
        migrations=bool(parts & Part.MIGRATIONS),
        platform=bool(parts & Part.PLATFORM),
        apps=tuple(sorted(apps)),
    )


def _meaning(path: str, env: str, folders: frozenset[str]) -> tuple[Part, str]:
    """The parts that a file belongs to, and whose app it is."""
    if path.startswith(_STACKS) and path != "pulumi/Pulumi.yaml":
        return _stack_meaning(path.removeprefix(_STACKS).removesuffix(".yaml"), env)
    part = next((found for prefix, found in _RULES if path.startswith(prefix)), Part.NOTHING)
    folder = path.split("/")[1] if path.startswith("contracts/") else ""
    return part, folder if folder in folders else _SHARED


def _stack_meaning(stack: str, env: str) -> tuple[Part, str]:
    """A stack's file: of another environment nothing; a new or removed app changes the platform."""
    of, _, app_id = stack.partition("-")
    if of != env:
        return Part.NOTHING, _SHARED
    return (Part.PLATFORM, _SHARED) if app_id == PLATFORM else (_BOTH, app_id)
