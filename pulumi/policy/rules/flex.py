"""What Flex Consumption takes.

Source: https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan
"""

from policy.rules.properties import Report, inside, kind, members, text
from pulumi_policy import ResourceValidationArgs, StackValidationArgs

NEVER_SET = frozenset(
    {
        "ENABLE_ORYX_BUILD",
        "FUNCTIONS_EXTENSION_VERSION",
        "FUNCTIONS_WORKER_RUNTIME",
        "FUNCTIONS_WORKER_RUNTIME_VERSION",
        "SCM_DO_BUILD_DURING_DEPLOYMENT",
        "TZ",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTOVERVNET",
        "WEBSITE_CONTENTSHARE",
        "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_TIME_ZONE",
    }
)
NEVER_CONFIGURED = frozenset(
    {"alwaysOn", "linuxFxVersion", "netFrameworkVersion", "numberOfWorkers", "windowsFxVersion"}
)
INSTANCES = range(40, 1001)
MEMORY_MB = frozenset({512, 2048, 4096})
RUNTIMES = frozenset({"3.10", "3.11", "3.12", "3.13"})
_SERVICE_URIS = {f"AzureWebJobsStorage__{one}ServiceUri" for one in ("blob", "queue", "table")}


def flex_site(args: ResourceValidationArgs, report: Report) -> None:
    """Settings that Flex refuses or ignores, and the limits that no type states."""
    if kind(args.resource_type) != "web:WebApp":
        return
    config = inside(args.props, "functionAppConfig")
    if config is None:
        report("functionAppConfig is missing: the site would not be a Flex app")
        return
    for name in sorted(NEVER_CONFIGURED):
        if inside(args.props, "siteConfig", name) is not None:
            report(f"siteConfig.{name} is refused or ignored on Flex Consumption")
    _check_settings(args, report)
    _check_limits(config, report)


def _check_settings(args: ResourceValidationArgs, report: Report) -> None:
    names = {text(one, "name") for one in members(args.props, "siteConfig", "appSettings")}
    for name in sorted(NEVER_SET & names):
        report(f"setting {name} must not be set on Flex Consumption")
    if "AzureWebJobsStorage" in names:
        report("the host's storage must be reached by identity: AzureWebJobsStorage__accountName")
    if names & _SERVICE_URIS and not names >= _SERVICE_URIS:
        report("Durable needs all three service URIs or none of them")


def _check_limits(config: object, report: Report) -> None:
    scale = inside(config, "scaleAndConcurrency")
    count, memory = inside(scale, "maximumInstanceCount"), inside(scale, "instanceMemoryMB")
    if not isinstance(count, int | float) or count not in INSTANCES:
        report(f"maximumInstanceCount {count} is not within 40..1000")
    if memory not in MEMORY_MB:
        report(f"instanceMemoryMB {memory} is none of 512, 2048, 4096")
    if inside(config, "runtime", "version") not in RUNTIMES:
        report(f"runtime {inside(config, 'runtime', 'version')} is no supported Python")
    if inside(config, "deployment", "storage", "authentication", "type") not in (
        "UserAssignedIdentity",
        "SystemAssignedIdentity",
    ):
        report("the package must be read by identity")


def one_app_on_a_plan(args: StackValidationArgs, report: Report) -> None:
    """Azure allows one app on a Flex plan."""
    taken: set[str] = set()
    for one in args.resources:
        if kind(one.resource_type) != "web:WebApp":
            continue
        for plan in one.property_dependencies.get("serverFarmId", []):
            if plan.urn in taken:
                report("a second app on a Flex plan", one.urn)
            taken.add(plan.urn)
