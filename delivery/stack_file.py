"""Gives an app's stack file the secrets provider of its environment's platform.

Pulumi reads from a stack's file how that stack's secrets are encrypted, and asks for a passphrase
where the file says nothing. All stacks of an environment share one key, so that an app's file in
git holds nothing but the app's own settings.

Source: https://www.pulumi.com/docs/iac/concepts/secrets/
"""

import re
from pathlib import Path

from delivery.changes import PLATFORM
from delivery.checkout import ROOT
from delivery.errors import CheckoutError

_KEYS = ("secretsprovider", "encryptedkey")


def complete_stack_file(stack: str, root: Path = ROOT) -> str:
    """Add the two lines if the file lacks them; the provider's URL.

    Raises:
        CheckoutError: there is no such file, or the platform's has no provider yet.
    """
    file = _stack_file(stack, root)
    text = file.read_text(encoding="utf-8")
    lines = _provider_lines(text)
    if not lines:
        platform = _stack_file(f"{stack.partition('-')[0]}-{PLATFORM}", root)
        lines = _provider_lines(platform.read_text(encoding="utf-8"))
        if not lines:
            raise CheckoutError(
                f"{platform.name} has no secretsprovider and encryptedkey: "
                "initialise the platform's stack and commit its file (docs/deploy.md, step 3)"
            )
        file.write_text("\n".join([*lines, text]), encoding="utf-8")
    return lines[0].partition(":")[2].strip()


def _stack_file(stack: str, root: Path) -> Path:
    file = root / f"pulumi/Pulumi.{stack}.yaml"
    if not file.is_file():
        raise CheckoutError(f"there is no stack {stack}: {file} is missing")
    return file


def _provider_lines(text: str) -> list[str]:
    """Both lines, or none of them."""
    found = [re.search(rf"^{key}: *\S.*$", text, re.MULTILINE) for key in _KEYS]
    lines = [one[0] for one in found if one]
    return lines if len(lines) == len(_KEYS) else []
