"""Say how much a tenant may ask of an app, how much it does, and how long a job would wait."""

from contracts.model import ContractRef, JsonObject
from contracts.wire.submission import MAX_BATCH
from functions.domain.caller import Caller
from functions.domain.queue_wait import estimate
from functions.services import Services
from functions.store.queue_estimates import count_load
from functions.use_cases.describe_contracts import allowed_contracts
from functions.use_cases.require_app import require_app


async def describe_limits(services: Services, caller: Caller, app_id: str) -> JsonObject:
    """The policy's seats and rates, this tenant's jobs, and an estimate for a job sent now.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
    """
    require_app(services, caller, app_id)
    policy = services.registry.policy(app_id)
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        queued, running = await count_load(connection, caller.tenant_id, app_id)
    medians = await _medians(services, app_id)
    waits: list[JsonObject] = []
    for ref, median_s in medians.items():
        wait = estimate(queued, policy.batch_seats, median_s)
        waits.append(
            {
                "definition": ref.definition,
                "version": ref.version,
                "median_run_s": median_s,
                "queue_position": wait.position,
                "eta_s": wait.eta_s,
            }
        )
    return {
        "app_id": app_id,
        "seats": {"batch": policy.batch_seats, "preview": policy.preview_seats},
        "max_concurrency": policy.max_concurrency,
        "rate_limits": policy.rate_limits.model_dump(mode="json"),
        "max_attempts": policy.max_attempts,
        "max_batch": MAX_BATCH,
        "max_body_bytes": services.settings.max_body_bytes,
        "result_cache_ttl_s": policy.result_cache_ttl,
        "artifact_ttl_days": policy.artifact_ttl_days,
        "jobs": {"queued": queued, "running": running},
        "estimates": [*waits],
    }


async def _medians(services: Services, app_id: str) -> dict[ContractRef, float | None]:
    refs = [served.contract.ref for served in allowed_contracts(services.registry, app_id)]
    now = services.clock.now()
    return {ref: await services.run_times.median_s(app_id, ref, now) for ref in refs}
