"""The queue message: a doorbell that carries ids only."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.model import AppId


class JobMessage(BaseModel):
    """Tells the app's queue function that a job may be due; PostgreSQL knows whether it is."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    job_id: UUID
    tenant_id: UUID
    app_id: AppId
    attempt: int = Field(ge=1)
    correlation_id: str
    traceparent: str | None = None

    @property
    def message_id(self) -> str:
        """What Service Bus detects duplicates by."""
        return f"{self.job_id}:{self.attempt}"
