"""Who gets in, and how: no public address, TLS, identities instead of keys."""

from policy.rules.properties import Report, inside, kind, members, text
from pulumi_policy import ResourceValidationArgs, StackValidationArgs

_WITHOUT_KEYS = {
    "storage:StorageAccount": {"allowSharedKeyAccess": False, "allowBlobPublicAccess": False},
    "servicebus:Namespace": {"disableLocalAuth": True},
    "containerregistry:Registry": {"adminUserEnabled": False},
}
_TLS = {
    "storage:StorageAccount": {"minimumTlsVersion": "TLS1_2", "enableHttpsTrafficOnly": True},
    "servicebus:Namespace": {"minimumTlsVersion": "1.2"},
    "web:WebApp": {"httpsOnly": True},
}
_CLOSED = {
    "app:ManagedEnvironment": (
        ("internal", ("vnetConfiguration", "internal"), True),
        ("publicNetworkAccess", ("publicNetworkAccess",), "Disabled"),
    ),
    "keyvault:Vault": (("publicNetworkAccess", ("properties", "publicNetworkAccess"), "Disabled"),),
}
_KEY_MARKS = ("AccountKey=", "SharedAccessKey=", "SharedAccessSignature=")
_EVERYWHERE = {"*", "0.0.0.0/0", "Internet", "VirtualNetwork"}


def no_public_address(args: ResourceValidationArgs, report: Report) -> None:
    """Nodes, their load balancer and the containers' environment are reached from inside only."""
    found = kind(args.resource_type)
    if found == "compute:VirtualMachineScaleSet":
        _no_address_on_nodes(args, report)
    for front in members(args.props, "frontendIPConfigurations"):
        if inside(front, "publicIPAddress") is not None:
            report("the load balancer in front of the nodes must be internal")
    for name, path, wanted in _CLOSED.get(found, ()):
        if inside(args.props, *path) != wanted:
            report(f"{name} must be {wanted}")


def _no_address_on_nodes(args: ResourceValidationArgs, report: Report) -> None:
    path = ("virtualMachineProfile", "networkProfile", "networkInterfaceConfigurations")
    for card in members(args.props, *path):
        for address in members(card, "ipConfigurations"):
            if inside(address, "publicIPAddressConfiguration") is not None:
                report("a node must have no public address")


def public_address_for_egress_only(args: StackValidationArgs, report: Report) -> None:
    """The one public address belongs to the NAT gateway."""
    allowed = {
        found.urn
        for one in args.resources
        if kind(one.resource_type) == "network:NatGateway"
        for found in one.property_dependencies.get("publicIpAddresses", [])
    }
    for one in args.resources:
        if kind(one.resource_type) == "network:PublicIPAddress" and one.urn not in allowed:
            report("a public address may only belong to the NAT gateway", one.urn)


def closed_subnets(args: ResourceValidationArgs, report: Report) -> None:
    """A security group names who may come in, and refuses everybody else."""
    if kind(args.resource_type) != "network:NetworkSecurityGroup":
        return
    inbound = [
        rule
        for rule in members(args.props, "securityRules")
        if inside(rule, "direction") == "Inbound"
    ]
    for rule in inbound:
        open_source = inside(rule, "sourceAddressPrefix") in _EVERYWHERE
        if inside(rule, "access") == "Allow" and open_source:
            report(f"{text(rule, 'name')} admits everybody")
    if not any(
        inside(rule, "access") == "Deny" and inside(rule, "sourceAddressPrefix") == "*"
        for rule in inbound
    ):
        report("nothing refuses who is not named")


def encrypted_in_transit(args: ResourceValidationArgs, report: Report) -> None:
    """TLS 1.2 or newer, and no plain HTTP."""
    found = kind(args.resource_type)
    for name, wanted in _TLS.get(found, {}).items():
        if args.props.get(name) != wanted:
            report(f"{name} must be {wanted}")
    if found == "web:WebApp":
        version = inside(args.props, "siteConfig", "minTlsVersion")
        if version not in ("1.2", "1.3"):
            report(f"siteConfig.minTlsVersion must be 1.2 or 1.3, not {version}")
    ingress = inside(args.props, "configuration", "ingress")
    if found == "app:ContainerApp" and ingress and inside(ingress, "allowInsecure") is not False:
        report("ingress.allowInsecure must be false")


def identity_only(args: ResourceValidationArgs, report: Report) -> None:
    """No account keys, no administrator's password, no access policies, no keys in settings."""
    found = kind(args.resource_type)
    for name, wanted in _WITHOUT_KEYS.get(found, {}).items():
        if args.props.get(name) is not wanted:
            report(f"{name} must be {wanted}")
    by_roles = inside(args.props, "properties", "enableRbacAuthorization")
    if found == "keyvault:Vault" and by_roles is not True:
        report("the vault must be opened by roles")
    if found == "web:WebApp":
        _identity_of_site(args, report)
    for registry in members(args.props, "configuration", "registries"):
        if not inside(registry, "identity") or inside(registry, "passwordSecretRef"):
            report("images must be pulled by identity")


def _identity_of_site(args: ResourceValidationArgs, report: Report) -> None:
    if inside(args.props, "identity", "type") != "UserAssigned":
        report("a function app needs a user-assigned identity: its roles exist before it starts")
    for setting in members(args.props, "siteConfig", "appSettings"):
        name, value = text(setting, "name"), text(setting, "value")
        if any(mark in value for mark in _KEY_MARKS):
            report(f"{name} holds a key: refer to the vault or use the identity")
