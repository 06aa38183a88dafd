"""Blob storage: Azurite, run by node itself so that no wrapper process is left behind."""

import re
import shutil
import subprocess
from pathlib import Path

from devstack.errors import StartError

ACCOUNT = "kuduso"
CONTAINER = "artifacts"
_MINIMUM_NODE = 20
_INSTALL = "install Node.js 20 or newer (https://nodejs.org) so that `node` and `npm` are found"


def node_program() -> str:
    """Path of a node that is new enough.

    Raises:
        StartError: there is none.
    """
    node = shutil.which("node")
    if node is None:
        raise StartError(f"node is missing: {_INSTALL}")
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.", answer.stdout)
    if found is None or int(found[1]) < _MINIMUM_NODE:
        raise StartError(f"{node} is {answer.stdout.strip() or 'broken'}: {_INSTALL}")
    return node


def arguments(repository: Path, location: Path, port: int) -> tuple[str, ...]:
    """The command line of the emulator.

    Raises:
        StartError: node or Azurite is missing.
    """
    program = repository / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
    if not program.exists():
        raise StartError("Azurite is not installed: run `make setup`")
    where = ("--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", str(location))
    # The SDK asks for a newer API version than Azurite knows; the blob calls are the same.
    quiet = ("--silent", "--skipApiVersionCheck", "--disableTelemetry")
    return (node_program(), str(program), *where, *quiet)


def connection_string(port: int, account_key: str) -> str:
    """What `BlobServiceClient.from_connection_string` takes."""
    return (
        f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={account_key};"
        f"BlobEndpoint=http://127.0.0.1:{port}/{ACCOUNT};"
    )


def ensure_container(connection: str) -> None:
    """Create the artifacts container where it is missing."""
    from azure.core.exceptions import ResourceExistsError
    from azure.storage.blob import ContainerClient

    with ContainerClient.from_connection_string(connection, CONTAINER) as container:
        try:
            container.create_container()
        except ResourceExistsError:
            return
