"""Files of results in Blob Storage, linked by signatures that end soon.

Source: azure-storage-blob; links are signed with the account key where a connection string is
given, else with a user delegation key of the managed identity.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from functions.domain.artifact import ArtifactUpload
from functions.domain.errors import FaultError

if TYPE_CHECKING:
    from azure.identity.aio import DefaultAzureCredential
    from azure.storage.blob import UserDelegationKey
    from azure.storage.blob.aio import BlobServiceClient, ContainerClient

DELEGATION_KEY_LIFE = timedelta(hours=6)
CLOCK_SKEW = timedelta(minutes=5)


class ArtifactStore:
    """One container, opened on first use.

    Args:
        connection: a storage connection string, or None to use the managed identity.
        account_url: `https://<account>.blob.core.windows.net`, with the managed identity.
        container: the container's name.
    """

    def __init__(self, connection: str | None, account_url: str | None, container: str) -> None:
        self._connection = connection
        self._account_url = account_url
        self._container = container
        self._account: BlobServiceClient | None = None
        self._credential: DefaultAzureCredential | None = None
        self._delegation: tuple[UserDelegationKey, datetime] | None = None

    async def upload(self, uploads: Sequence[ArtifactUpload]) -> None:
        """Write files; writing the same one again changes nothing.

        Raises:
            FaultError: the store does not answer.
        """
        from azure.core.exceptions import AzureError
        from azure.storage.blob import ContentSettings

        container = self._open_container()
        writes = [
            container.upload_blob(
                upload.artifact.blob_path,
                upload.content,
                overwrite=True,
                content_settings=ContentSettings(content_type=upload.artifact.media_type),
            )
            for upload in uploads
        ]
        try:
            await asyncio.gather(*writes)
        except AzureError as error:
            raise FaultError("The artifact store does not answer.") from error

    async def write(self, blob_path: str, content: bytes, media_type: str) -> None:
        """Write one file over whatever is there.

        Raises:
            FaultError: the store does not answer.
        """
        from azure.core.exceptions import AzureError
        from azure.storage.blob import ContentSettings

        settings = ContentSettings(content_type=media_type)
        try:
            await self._open_container().upload_blob(
                blob_path, content, overwrite=True, content_settings=settings
            )
        except AzureError as error:
            raise FaultError("The artifact store does not answer.") from error

    async def read(self, blob_path: str) -> bytes:
        """The content of one file.

        Raises:
            FaultError: the store does not answer, or has no such file.
        """
        from azure.core.exceptions import AzureError

        try:
            download = await self._open_container().download_blob(blob_path)
            return await download.readall()
        except AzureError as error:
            raise FaultError("The artifact store did not give a file.") from error

    async def delete(self, blob_paths: Sequence[str]) -> None:
        """Delete files; a file that is gone already is fine.

        Raises:
            FaultError: the store does not answer.
        """
        from azure.core.exceptions import AzureError, ResourceNotFoundError

        container = self._open_container()
        for path in blob_paths:
            try:
                await container.delete_blob(path)
            except ResourceNotFoundError:
                continue
            except AzureError as error:
                raise FaultError("The artifact store does not answer.") from error

    async def delete_under(self, prefix: str) -> int:
        """Delete every file whose path begins so, those that no row names included.

        Returns:
            How many there were.

        Raises:
            FaultError: the store does not answer.
        """
        from azure.core.exceptions import AzureError

        try:
            names = self._open_container().list_blob_names(name_starts_with=prefix)
            paths = [str(name) async for name in names]
        except AzureError as error:
            raise FaultError("The artifact store does not answer.") from error
        await self.delete(paths)
        return len(paths)

    async def link(self, blob_path: str, now: datetime, expires_at: datetime) -> str:
        """A read-only URL of one file that ends at `expires_at`.

        Raises:
            FaultError: the managed identity could not get a signing key.
        """
        from azure.storage.blob import BlobSasPermissions, generate_blob_sas

        blob = self._open_container().get_blob_client(blob_path)
        account_key = getattr(blob.credential, "account_key", None)
        signature = generate_blob_sas(
            account_name=blob.account_name or "",
            container_name=self._container,
            blob_name=blob_path,
            account_key=account_key,
            user_delegation_key=None if account_key else await self._delegation_key(now),
            permission=BlobSasPermissions(read=True),
            start=now - CLOCK_SKEW,
            expiry=expires_at,
        )
        return f"{blob.url}?{signature}"

    async def _delegation_key(self, now: datetime) -> "UserDelegationKey":
        from azure.core.exceptions import AzureError

        if self._delegation is None or self._delegation[1] <= now + DELEGATION_KEY_LIFE / 2:
            ends_at = now + DELEGATION_KEY_LIFE
            try:
                key = await self._open_account().get_user_delegation_key(now - CLOCK_SKEW, ends_at)
            except AzureError as error:
                raise FaultError("The artifact store gave no signing key.") from error
            self._delegation = (key, ends_at)
        return self._delegation[0]

    def _open_container(self) -> "ContainerClient":
        return self._open_account().get_container_client(self._container)

    def _open_account(self) -> "BlobServiceClient":
        if self._account is None:
            from azure.storage.blob.aio import BlobServiceClient

            if self._connection is not None:
                self._account = BlobServiceClient.from_connection_string(
                    self._connection, retry_total=2, connection_timeout=5
                )
            elif self._account_url is not None:
                from azure.identity.aio import DefaultAzureCredential

                self._credential = DefaultAzureCredential()
                self._account = BlobServiceClient(self._account_url, self._credential)
            else:
                raise FaultError("ARTIFACTS_CONNECTION is not set.")
        return self._account

    async def close(self) -> None:
        """Close the connection."""
        for opened in (self._account, self._credential):
            if opened is not None:
                await opened.close()
