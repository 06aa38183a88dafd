"""The queue message: a doorbell that carries ids only."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.model import AppId


class JobMessage(BaseModel):
    """Tells the app's queue function that a job may be due; PostgreSQL knows whether it is.

    `ring` differs where the same attempt is asked for again: PostgreSQL was away, or no seat free.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    job_id: UUID
    tenant_id: UUID
    app_id: AppId
    attempt: int = Field(ge=1)
    ring: int = Field(default=0, ge=0)
    correlation_id: str
    traceparent: str | None = None

    @property
    def message_id(self) -> str:
        """What Service Bus detects duplicates by."""
        name = f"{self.job_id}:{self.attempt}"
        return f"{name}:{self.ring}" if self.ring else name
