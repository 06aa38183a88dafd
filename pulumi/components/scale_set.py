"""The Rhino.Compute nodes: Windows from the gallery, no public address, secrets by identity."""

from dataclasses import dataclass
from pathlib import Path

import names
import pulumi
from placement import Placement, inside
from pulumi_azure_native import compute

from components.node_start import encoded_script, start_extension

SCRIPT = Path(__file__).parent.parent / "node" / "start-node.ps1"
DRAIN = "PT15M"
"""How long a node that is scaled in may finish its solves: the longest that Azure allows."""


@dataclass(frozen=True, slots=True)
class ScaleSetArgs:
    """`seats`: children of rhino.compute on a node. `admin_password`: a Pulumi secret."""

    place: Placement
    image_id: pulumi.Input[str]
    size: str
    seats: int
    count: int
    subnet_id: pulumi.Input[str]
    pool_id: pulumi.Input[str]
    probe_id: pulumi.Input[str]
    identity_id: pulumi.Input[str]
    client_id: pulumi.Input[str]
    vault_uri: pulumi.Input[str]
    admin_password: pulumi.Output[str]


class ScaleSet(pulumi.ComponentResource):
    """Outputs: `scale_set_id`.

    Uniform, not Flexible: only Uniform sets protect single instances from scale-in while they
    drain (docs/adr/0031). One source of health, the load balancer's probe.
    """

    def __init__(self, name: str, args: ScaleSetArgs, opts: pulumi.ResourceOptions) -> None:
        super().__init__("kuduso:platform:ScaleSet", name, opts=opts)
        place = args.place
        nodes = compute.VirtualMachineScaleSet(
            "nodes",
            vm_scale_set_name=place.name(names.SCALE_SET),
            resource_group_name=place.group,
            location=place.location,
            orchestration_mode=compute.OrchestrationMode.UNIFORM,
            overprovision=False,
            single_placement_group=False,
            sku=compute.SkuArgs(name=args.size, tier="Standard", capacity=args.count),
            identity=compute.VirtualMachineScaleSetIdentityArgs(
                type=compute.ResourceIdentityType.USER_ASSIGNED,
                user_assigned_identities=[args.identity_id],
            ),
            upgrade_policy=_upgrade_policy(),
            scale_in_policy=compute.ScaleInPolicyArgs(rules=["OldestVM"]),
            automatic_repairs_policy=compute.AutomaticRepairsPolicyArgs(
                enabled=True, grace_period="PT30M", repair_action="Replace"
            ),
            virtual_machine_profile=_profile(args),
            tags=place.tags,
            # Autoscale owns the number of instances after the first deployment.
            opts=pulumi.ResourceOptions.merge(
                inside(self), pulumi.ResourceOptions(ignore_changes=["sku.capacity"])
            ),
        )
        self.scale_set_id = nodes.id
        self.register_outputs({"scale_set_id": nodes.id})


def _upgrade_policy() -> compute.UpgradePolicyArgs:
    """A fifth at a time; a batch that does not get healthy stops the rest and goes back."""
    return compute.UpgradePolicyArgs(
        mode=compute.UpgradeMode.ROLLING,
        rolling_upgrade_policy=compute.RollingUpgradePolicyArgs(
            max_batch_instance_percent=20,
            max_unhealthy_instance_percent=20,
            max_unhealthy_upgraded_instance_percent=20,
            pause_time_between_batches="PT2M",
            prioritize_unhealthy_instances=True,
            rollback_failed_instances_on_policy_breach=True,
        ),
        automatic_os_upgrade_policy=compute.AutomaticOSUpgradePolicyArgs(
            enable_automatic_os_upgrade=False, disable_automatic_rollback=False
        ),
    )


def _profile(args: ScaleSetArgs) -> compute.VirtualMachineScaleSetVMProfileArgs:
    return compute.VirtualMachineScaleSetVMProfileArgs(
        os_profile=compute.VirtualMachineScaleSetOSProfileArgs(
            computer_name_prefix=args.place.owner.computer_prefix,
            admin_username="kuduso",
            admin_password=args.admin_password,
            custom_data=encoded_script(SCRIPT),
            windows_configuration=compute.WindowsConfigurationArgs(
                provision_vm_agent=True, enable_automatic_updates=False
            ),
        ),
        security_profile=compute.SecurityProfileArgs(
            security_type="TrustedLaunch",
            uefi_settings=compute.UefiSettingsArgs(secure_boot_enabled=True, v_tpm_enabled=True),
        ),
        storage_profile=compute.VirtualMachineScaleSetStorageProfileArgs(
            image_reference=compute.ImageReferenceArgs(id=args.image_id),
            os_disk=compute.VirtualMachineScaleSetOSDiskArgs(
                create_option="FromImage",
                caching=compute.CachingTypes.READ_ONLY,
                managed_disk=compute.VirtualMachineScaleSetManagedDiskParametersArgs(
                    storage_account_type="StandardSSD_LRS"
                ),
            ),
        ),
        network_profile=_network_profile(args),
        scheduled_events_profile=compute.ScheduledEventsProfileArgs(
            terminate_notification_profile=compute.TerminateNotificationProfileArgs(
                enable=True, not_before_timeout=DRAIN
            )
        ),
        extension_profile=compute.VirtualMachineScaleSetExtensionProfileArgs(
            extensions=[start_extension(SCRIPT, args.seats, args.vault_uri, args.client_id)],
            extensions_time_budget="PT30M",
        ),
    )


def _network_profile(args: ScaleSetArgs) -> compute.VirtualMachineScaleSetNetworkProfileArgs:
    address = compute.VirtualMachineScaleSetIPConfigurationArgs(
        name="inside",
        primary=True,
        subnet=compute.ApiEntityReferenceArgs(id=args.subnet_id),
        load_balancer_backend_address_pools=[compute.SubResourceArgs(id=args.pool_id)],
    )
    return compute.VirtualMachineScaleSetNetworkProfileArgs(
        health_probe=compute.ApiEntityReferenceArgs(id=args.probe_id),
        network_interface_configurations=[
            compute.VirtualMachineScaleSetNetworkConfigurationArgs(
                name="inside",
                primary=True,
                enable_accelerated_networking=True,
                ip_configurations=[address],
            )
        ],
    )
