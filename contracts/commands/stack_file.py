"""An app's stack: the one file that its infrastructure needs beside the contract folder.

The programs of Pulumi read everything else from the policy; nothing of them is imported here.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from contracts.commands.errors import UsageError

ENVIRONMENT = re.compile(r"[a-z][a-z0-9]{1,7}")
_PLATFORM = "platform"
_PROVIDER = re.compile(r"^(?:secretsprovider|encryptedkey|encryptionsalt):.*\n", re.MULTILINE)
_TEXT = Template("""\
# $app_id in $env: what else may stand here is in docs/infrastructure.md.
config:
  kuduso:budget-monthly: "100"
  kuduso:budget-start: "$month"
""")


@dataclass(frozen=True, slots=True)
class StackFile:
    """`pulumi/Pulumi.<env>-<app_id>.yaml`, not written yet.

    `provider`: the platform's lines on who encrypts secrets, which its apps share.
    """

    path: Path
    env: str
    app_id: str
    provider: str

    def write(self, month: str) -> None:
        """Write it; `month` is its first day, where the budget begins.

        Raises:
            UsageError: somebody was faster.
        """
        try:
            with self.path.open("x", encoding="utf-8") as file:
                file.write(self.provider)
                file.write(_TEXT.substitute(app_id=self.app_id, env=self.env, month=month))
        except FileExistsError as error:
            raise UsageError(f"{self.path} exists") from error


def stack_file(folder: Path, env: str, app_id: str) -> StackFile:
    """The stack of an app in an environment.

    Args:
        folder: where `Pulumi.yaml` lies.
        env: an environment whose platform has a file there.
        app_id: the app's; a valid one.

    Raises:
        UsageError: there is no such environment, the file exists, or Azure would refuse a name.
    """
    if not (folder / "Pulumi.yaml").is_file():
        raise UsageError(f"{folder}: no Pulumi.yaml, so that there is no place for a stack")
    known = sorted(
        file.stem.removeprefix("Pulumi.").removesuffix(f"-{_PLATFORM}")
        for file in folder.glob(f"Pulumi.*-{_PLATFORM}.yaml")
    )
    if not ENVIRONMENT.fullmatch(env) or env not in known:
        listed = ", ".join(known) or "none"
        raise UsageError(f"there is no environment {env!r}; the environments are: {listed}")
    if app_id == _PLATFORM:
        raise UsageError(f"{app_id!r} has no stack: the environment's own is called so")
    path = folder / f"Pulumi.{env}-{app_id}.yaml"
    if path.exists():
        raise UsageError(f"{path} exists")
    platform = (folder / f"Pulumi.{env}-{_PLATFORM}.yaml").read_text(encoding="utf-8")
    return StackFile(path, env, app_id, "".join(_PROVIDER.findall(platform)))
