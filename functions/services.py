"""What use cases work with: each client is built once, on first use.

Importing this module does no I/O and loads no heavy library: a cold start pays for what it uses.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from functions.clients.clock import Clock
from functions.config import Settings

if TYPE_CHECKING:
    from contracts.registry import Registry
    from functions.clients.appserver import AppServer
    from functions.clients.appserver_async import AppServerAsync
    from functions.clients.appserver_preview import AppServerPreview
    from functions.clients.artifact_store import ArtifactStore
    from functions.clients.errands import Errands
    from functions.clients.grants import Grants
    from functions.clients.job_queue import JobQueue
    from functions.clients.token_verifier import TokenVerifier
    from functions.clients.webhook_sender import WebhookSender
    from functions.store.outbox import Sent
    from functions.store.read_rates import ReadRates
    from functions.store.run_times import RunTimes
    from functions.store.tenant import Database


@dataclass(frozen=True)
class Services:
    """The composition of one function app.

    Raises:
        SettingsError: on first use, when a setting is missing or wrong.
    """

    app_ids: tuple[str, ...]
    clock: Clock
    # Doorbells that were sent, until their outbox rows say so: job, attempt and instant.
    unmarked: list["Sent"] = field(default_factory=list["Sent"])

    @cached_property
    def settings(self) -> Settings:
        """The settings, read once."""
        return Settings.read()

    @cached_property
    def listening_since(self) -> datetime:
        """When this process first looked for reports."""
        return self.clock.now()

    @cached_property
    def registry(self) -> "Registry":
        """Every policy and contract, checked."""
        from contracts.registry import Registry

        return Registry.load(self.settings.contracts_dir)

    @cached_property
    def database(self) -> "Database":
        """The way to PostgreSQL."""
        from functions.store.tenant import Database

        return Database(self.settings.database_url, self.settings.database_pool_size)

    @cached_property
    def read_rates(self) -> "ReadRates":
        """Counts each tenant's reads."""
        from functions.domain.rate import Quota
        from functions.store.read_rates import ReadRates

        return ReadRates(Quota("reads", self.settings.reads_per_min, window_s=60.0))

    @cached_property
    def run_times(self) -> "RunTimes":
        """How long runs take."""
        from functions.store.run_times import RunTimes

        return RunTimes(self.database)

    @cached_property
    def job_queue(self) -> "JobQueue":
        """Sends doorbells."""
        from functions.clients.job_queue import JobQueue

        return JobQueue(self.settings.servicebus_connection, self.settings.servicebus_namespace)

    @cached_property
    def artifact_store(self) -> "ArtifactStore":
        """Keeps files of results."""
        from functions.clients.artifact_store import ArtifactStore

        return ArtifactStore(
            self.settings.artifacts_connection,
            self.settings.artifacts_account_url,
            self.settings.artifacts_container,
        )

    @cached_property
    def appserver(self) -> "AppServer":
        """Runs solves."""
        from functions.clients.appserver import AppServer

        return AppServer(self.settings.appserver_url, self.grants)

    @cached_property
    def grants(self) -> "Grants":
        """Signs that a tenant may use an app."""
        from functions.clients.grants import Grants

        key = self.settings.appserver_grant_key
        return Grants(None if key is None else key.get_secret_value().encode())

    @cached_property
    def appserver_preview(self) -> "AppServerPreview":
        """Asks for previews."""
        from functions.clients.appserver_preview import AppServerPreview

        return AppServerPreview(self.settings.appserver_url, self.grants)

    @cached_property
    def appserver_async(self) -> "AppServerAsync":
        """Asks for solves that nobody waits for."""
        from functions.clients.appserver_async import AppServerAsync

        settings = self.settings
        return AppServerAsync(settings.appserver_url, self.grants, settings.public_url)

    @cached_property
    def token_verifier(self) -> "TokenVerifier":
        """Checks bearer tokens."""
        from functions.clients.token_verifier import TokenVerifier

        return TokenVerifier(
            self.settings.jwks_url, self.settings.jwt_issuer, self.settings.jwt_audience
        )

    @cached_property
    def errands(self) -> "Errands":
        """Runs what nobody waits for."""
        from functions.clients.errands import Errands

        return Errands()

    @cached_property
    def webhook_sender(self) -> "WebhookSender":
        """Tells receivers of ended jobs."""
        from functions.clients.webhook_sender import WebhookSender

        return WebhookSender(allow_private=self.settings.webhook_allow_private)
