"""The composition root of the function app: services, logs, blueprints."""

import logging
import sys

import azure.durable_functions as df
import azure.functions as func
import structlog
from structlog.tracebacks import ExceptionDictTransformer

from functions.blueprints import (
    batch_http,
    contracts_http,
    dead_letter_queue,
    durable_jobs,
    durable_studies,
    health_http,
    hub_timers,
    job_queue,
    job_records_http,
    jobs_http,
    layouts_http,
    operator_http,
    preflight_http,
    preview_http,
    solve_reports_http,
    studies_http,
    timers,
    webhooks_http,
)
from functions.blueprints.openapi_http import described
from functions.blueprints.operations import register
from functions.clients.clock import Clock
from functions.config import read_app_ids, read_collectors
from functions.services import Services
from functions.telemetry import exporting
from functions.telemetry.metrics import observe

ENDPOINTS = described(
    (
        *jobs_http.OPERATIONS,
        *batch_http.OPERATIONS,
        *job_records_http.OPERATIONS,
        *preview_http.OPERATIONS,
        *studies_http.OPERATIONS,
        *contracts_http.OPERATIONS,
        *webhooks_http.OPERATIONS,
        *operator_http.OPERATIONS,
        *solve_reports_http.OPERATIONS,
        *layouts_http.OPERATIONS,
        *health_http.OPERATIONS,
    )
)


def build_blueprints() -> list[func.Blueprint | df.Blueprint]:
    """Everything that `function_app.py` registers.

    Raises:
        SettingsError: APP_IDS is missing.
    """
    configure_logging()
    exporting.start(*read_collectors())
    services = Services(app_ids=read_app_ids(), clock=Clock())
    queues = (job_queue, dead_letter_queue)
    orchestrations = (durable_jobs, durable_studies)
    modules = (preflight_http, *queues, timers, hub_timers, *orchestrations)
    return [register(services, ENDPOINTS), *(module.build(services) for module in modules)]


def configure_logging() -> None:
    """One JSON object a line on the standard logger, which the Functions host collects."""
    logger = logging.getLogger("kuduso")
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    # It logs whole URLs, and those of webhooks may carry a receiver's key.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", key="ts"),
            observe,
            # Local variables stay out of the log: they hold inputs and tokens.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
