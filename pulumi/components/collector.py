"""The OpenTelemetry collector: both deployables send traces and metrics, it hands them on."""

from dataclasses import dataclass

import names
import pulumi
from placement import Placement, inside
from pulumi_azure_native import app

IMAGE = "otel/opentelemetry-collector-contrib:0.152.0"
PORT = 4318
_SECRET = "insights"  # noqa: S105 - the name that the container knows it by
_CONFIG = """\
receivers:
  otlp:
    protocols:
      http: {endpoint: 0.0.0.0:4318}
processors:
  memory_limiter: {check_interval: 1s, limit_mib: 400}
  batch: {}
exporters:
  azuremonitor: {connection_string: "${env:CONNECTION_STRING}"}
service:
  pipelines:
    traces: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [azuremonitor]}
    metrics: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [azuremonitor]}
"""


@dataclass(frozen=True, slots=True)
class CollectorArgs:
    """`connection_string`: Application Insights', a Pulumi secret."""

    place: Placement
    environment_id: pulumi.Input[str]
    connection_string: pulumi.Output[str]


class Collector(pulumi.ComponentResource):
    """Outputs: `url`. Azure Monitor's own Python exporter is a preview package (docs/adr/0016)."""

    def __init__(self, name: str, args: CollectorArgs) -> None:
        super().__init__("kuduso:platform:Collector", name)
        container = app.ContainerApp(
            "collector",
            container_app_name=args.place.name(names.CONTAINER_APP, "otel"),
            resource_group_name=args.place.group,
            location=args.place.location,
            managed_environment_id=args.environment_id,
            workload_profile_name="Consumption",
            configuration=app.ConfigurationArgs(
                active_revisions_mode=app.ActiveRevisionsMode.SINGLE,
                ingress=app.IngressArgs(
                    external=True,
                    target_port=PORT,
                    transport=app.IngressTransportMethod.HTTP,
                    allow_insecure=False,
                ),
                secrets=[app.SecretArgs(name=_SECRET, value=args.connection_string)],
            ),
            template=_template(),
            tags=args.place.tags,
            opts=inside(self),
        )
        self.url = container.configuration.apply(_url)
        self.register_outputs({"url": self.url})


def _url(configuration: app.outputs.ConfigurationResponse | None) -> str:
    ingress = configuration.ingress if configuration else None
    return f"https://{ingress.fqdn}" if ingress else ""


def _template() -> app.TemplateArgs:
    return app.TemplateArgs(
        containers=[
            app.ContainerArgs(
                name="collector",
                image=IMAGE,
                args=["--config=env:COLLECTOR_CONFIG"],
                resources=app.ContainerResourcesArgs(cpu=0.25, memory="0.5Gi"),
                env=[
                    app.EnvironmentVarArgs(name="COLLECTOR_CONFIG", value=_CONFIG),
                    app.EnvironmentVarArgs(name="CONNECTION_STRING", secret_ref=_SECRET),
                ],
            )
        ],
        scale=app.ScaleArgs(min_replicas=1, max_replicas=2),
    )
