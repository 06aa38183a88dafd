"""Files that solves produce: one account, life-cycle rules as a backstop to the clean-up timer."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import names
import pulumi
from placement import Placement, inside, kept
from pulumi_azure_native import storage

from components.storage_account import StorageAccountArgs, storage_account

ARTIFACTS = "artifacts"
GRACE_DAYS = 7
"""The timer deletes at the policy's age; a rule deletes what it left."""
LIFECYCLE_RULES = 100
"""Azure allows so many in one policy."""


@dataclass(frozen=True, slots=True)
class ArtifactStorageArgs:
    """`ttl_days`: how long files are kept, by app."""

    place: Placement
    ttl_days: Mapping[str, float]
    is_redundant: bool


class ArtifactStorage(pulumi.ComponentResource):
    """Outputs: `account_id`, `container_id`, `blob_endpoint`.

    Tenants fetch files by signed links, so that the account's name answers outside too.
    """

    def __init__(self, name: str, args: ArtifactStorageArgs) -> None:
        super().__init__("kuduso:platform:ArtifactStorage", name)
        place = args.place
        account = storage_account(
            "artifact-account",
            StorageAccountArgs(
                place=place,
                account_name=place.name(names.STORAGE),
                sku="Standard_ZRS" if args.is_redundant else "Standard_LRS",
                public_links=True,
            ),
            self,
        )
        container = storage.BlobContainer(
            ARTIFACTS,
            container_name=ARTIFACTS,
            account_name=account.name,
            resource_group_name=place.group,
            public_access=storage.PublicAccess.NONE,
            opts=kept(self, place),
        )
        storage.ManagementPolicy(
            "life-cycle",
            management_policy_name="default",
            account_name=account.name,
            resource_group_name=place.group,
            policy=storage.ManagementPolicySchemaArgs(rules=lifecycle_rules(args.ttl_days)),
            opts=inside(self),
        )
        self.account_id = account.id
        self.container_id = container.id
        self.blob_endpoint = account.primary_endpoints.apply(lambda found: found.blob)
        self.register_outputs({"blob_endpoint": self.blob_endpoint})


def lifecycle_rules(ttl_days: Mapping[str, float]) -> list[storage.ManagementPolicyRuleArgs]:
    """Files go to the cool tier after a third of their time, and are deleted after it.

    Raises:
        ValueError: there are more apps than Azure takes rules.
    """
    if len(ttl_days) > LIFECYCLE_RULES:
        raise ValueError(
            f"{len(ttl_days)} apps, but a storage account takes {LIFECYCLE_RULES} rules"
        )
    return [_rule(app_id, days) for app_id, days in sorted(ttl_days.items())]


def _rule(app_id: str, days: float) -> storage.ManagementPolicyRuleArgs:
    cool = storage.DateAfterModificationArgs(
        days_after_modification_greater_than=max(1, math.ceil(days / 3))
    )
    gone = storage.DateAfterModificationArgs(
        days_after_modification_greater_than=math.ceil(days) + GRACE_DAYS
    )
    return storage.ManagementPolicyRuleArgs(
        name=f"artifacts-{app_id}",
        type="Lifecycle",
        enabled=True,
        definition=storage.ManagementPolicyDefinitionArgs(
            filters=storage.ManagementPolicyFilterArgs(
                blob_types=["blockBlob"], prefix_match=[f"{ARTIFACTS}/{app_id}/"]
            ),
            actions=storage.ManagementPolicyActionArgs(
                base_blob=storage.ManagementPolicyBaseBlobArgs(tier_to_cool=cool, delete=gone)
            ),
        ),
    )
