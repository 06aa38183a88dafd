"""How a node starts: Azure puts the script on the disk, the extension runs it."""

import base64
import hashlib
from pathlib import Path

import pulumi
from pulumi_azure_native import compute

from components import ports

CUSTOM_DATA = r"C:\AzureData\CustomData.bin"
"""Where Windows nodes find what the set's customData holds."""
CUSTOM_DATA_BYTES = 65_535
PLACE = r"C:\kuduso\start-node.ps1"


def encoded_script(script: Path) -> str:
    """The script as the set's customData.

    Raises:
        ValueError: it is too long for that.
    """
    content = script.read_bytes()
    if len(content) > CUSTOM_DATA_BYTES:
        raise ValueError(f"{script}: {len(content)} bytes, {CUSTOM_DATA_BYTES} are possible")
    return base64.b64encode(content).decode()


def start_extension(
    script: Path, seats: int, vault_uri: pulumi.Input[str], client_id: pulumi.Input[str]
) -> compute.VirtualMachineScaleSetExtensionArgs:
    """Run the start script. No secret is in the command: the script reads them by its identity.

    A changed script changes the tag, so that the nodes are upgraded in a rolling way.
    """
    digest = hashlib.sha256(script.read_bytes()).hexdigest()[:16]
    command = pulumi.Output.format(
        'powershell -NoProfile -ExecutionPolicy Bypass -Command "'
        "New-Item -ItemType Directory -Force (Split-Path '{0}') | Out-Null; "
        "Copy-Item '{1}' '{0}' -Force; & '{0}' -VaultUri '{2}' -ClientId '{3}' -Seats {4} "
        '-SolvePort {5} -AgentPort {6}"',
        PLACE,
        CUSTOM_DATA,
        vault_uri,
        client_id,
        seats,
        ports.SOLVE,
        ports.AGENT,
    )
    return compute.VirtualMachineScaleSetExtensionArgs(
        name="start-node",
        publisher="Microsoft.Compute",
        type="CustomScriptExtension",
        type_handler_version="1.10",
        auto_upgrade_minor_version=True,
        force_update_tag=digest,
        settings={"commandToExecute": command},
    )
