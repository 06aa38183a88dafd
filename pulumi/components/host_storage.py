"""What the Functions host keeps for itself: package, timer leases, Durable's hub."""

from dataclasses import dataclass

import names
import pulumi
from placement import Placement, inside
from pulumi_azure_native import storage

from components.storage_account import StorageAccountArgs, storage_account

PACKAGES = "packages"


@dataclass(frozen=True, slots=True)
class HostStorageArgs:
    """Only the functions' subnet gets in."""

    place: Placement
    subnet_id: pulumi.Input[str]


class HostStorage(pulumi.ComponentResource):
    """Outputs: `account_id`, `account_name`, `package_url`. One an app: hosts share no leases."""

    def __init__(self, name: str, args: HostStorageArgs) -> None:
        super().__init__("kuduso:app:HostStorage", name)
        self.account_name = args.place.name(names.STORAGE)
        account = storage_account(
            "host-account",
            StorageAccountArgs(
                place=args.place,
                account_name=self.account_name,
                sku="Standard_LRS",
                subnet_id=args.subnet_id,
            ),
            self,
        )
        container = storage.BlobContainer(
            PACKAGES,
            container_name=PACKAGES,
            account_name=account.name,
            resource_group_name=args.place.group,
            public_access=storage.PublicAccess.NONE,
            opts=inside(self),
        )
        self.account_id = account.id
        self.package_url = pulumi.Output.concat(
            account.primary_endpoints.apply(lambda found: found.blob), container.name
        )
        self.register_outputs({"account_id": account.id})
