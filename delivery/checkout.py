"""What git and the folders of this checkout say."""

import hashlib
import subprocess
from collections.abc import Sequence
from pathlib import Path

from delivery.changes import PLATFORM
from delivery.errors import CheckoutError

ROOT = Path(__file__).parent.parent
_CONTEXT = ".dockerignore"
_TAG_LENGTH = 12


def changed_paths(since: str, root: Path = ROOT) -> list[str] | None:
    """Files that differ between a commit and HEAD, removed ones too; None without that commit."""
    asked = ("rev-parse", "--quiet", "--verify", f"{since}^{{commit}}")
    known = subprocess.run(["git", *asked], cwd=root, check=False, capture_output=True)  # noqa: S603, S607
    if known.returncode:
        return None
    return _git(root, "diff", "--name-only", "--no-renames", "-z", since, "HEAD")


def packaged_paths(root: Path = ROOT) -> list[str]:
    """Tracked files of the function package: all but those that .funcignore names."""
    ignored = _git(root, "ls-files", "-z", "-c", "-i", "--exclude-from=.funcignore")
    return sorted(set(_git(root, "ls-files", "-z")) - set(ignored))


def image_sources(root: Path = ROOT) -> list[str]:
    """Files and folders that an image is made of: what .dockerignore lets in, and itself."""
    lines = (root / _CONTEXT).read_text(encoding="utf-8").splitlines()
    let_in = (line.removeprefix("!").removesuffix("/**") for line in lines if line.startswith("!"))
    return [_CONTEXT, *let_in]


def image_name(root: Path = ROOT) -> str:
    """Repository and tag of the AppServer's image: equal sources have equal names.

    Whether an image has to be built is then a look into the registry, and an older commit is
    delivered again with the image that it had.
    """
    trees = _git(root, "rev-parse", *(f"HEAD:{source}" for source in image_sources(root)))
    digest = hashlib.sha256("\n".join(trees).encode()).hexdigest()
    return f"appserver:{digest[:_TAG_LENGTH]}"


def stamped_apps(env: str, root: Path = ROOT) -> list[str]:
    """Apps that have a stack in the environment: the names of its files."""
    start = f"Pulumi.{env}-"
    found = (file.stem.removeprefix(start) for file in (root / "pulumi").glob(f"{start}*.yaml"))
    return sorted(app_id for app_id in found if app_id != PLATFORM)


def contract_apps(root: Path = ROOT) -> list[str]:
    """Apps that have a contract folder."""
    return sorted(file.parent.name for file in (root / "contracts").glob("*/policy.json"))


def _git(root: Path, *arguments: str) -> list[str]:
    command: Sequence[str] = ("git", *arguments)
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise CheckoutError(f"{' '.join(command[:3])}: {done.stderr.strip()}")
    separator = "\0" if "-z" in arguments else "\n"
    return [line for line in done.stdout.split(separator) if line]
