"""`pulumi up --stack <env>-platform` or `<env>-<app_id>`: the stack's name says what is built."""

import sys
from pathlib import Path


def main() -> None:
    """Dispatch on the stack's name; nothing reads configuration at import."""
    sys.path.append(str(Path(__file__).parent.parent))  # `contracts` lies beside this folder
    import pulumi
    from app_stack import build_app
    from platform_stack import build_platform
    from stack_config import PLATFORM, owner_of

    owner = owner_of(pulumi.get_stack(), pulumi.Config().require("prefix"))
    if owner.app_id == PLATFORM:
        build_platform(owner)
    else:
        build_app(owner)


if __name__ == "__main__":
    main()
