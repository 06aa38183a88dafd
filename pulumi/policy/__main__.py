"""`pulumi preview --policy-pack pulumi/policy`: the same rules that `make infra` runs offline."""

import sys
from pathlib import Path


def main() -> None:
    """Serve the rules to the engine; PolicyPack never returns."""
    sys.path.append(str(Path(__file__).parent.parent))
    from policy.rules.pack import RESOURCE_RULES, STACK_RULES
    from pulumi_policy import EnforcementLevel, PolicyPack

    PolicyPack(
        "kuduso",
        policies=[*RESOURCE_RULES, *STACK_RULES],
        enforcement_level=EnforcementLevel.MANDATORY,
    )


if __name__ == "__main__":
    main()
