"""HTTP: submit many jobs at once."""

from contracts.wire.submission import read_batch
from functions.blueprints.edge import Answer, Call
from functions.blueprints.job_view import submitted
from functions.blueprints.operations import Operation
from functions.domain.idempotency import read_key
from functions.domain.preferences import Preferences, wants_fresh
from functions.domain.submitted import Terms
from functions.use_cases.submit_batch import submit_batch


async def _submit(call: Call) -> Answer:
    caller = await call.caller()
    body = call.body()
    batch = read_batch(body)
    key = read_key("jobs/batch", call.header("idempotency-key"), body)
    terms = Terms(key, may_reuse=not wants_fresh(call.header("cache-control")))
    app_id = str(call.app_id)
    await call.admit(caller, app_id, len(batch.submissions))
    outcome = await submit_batch(call.services, caller, call.trace, app_id, batch, terms)
    return submitted(outcome, Preferences())


OPERATIONS = (
    Operation(
        "submit_batch",
        "POST",
        "{app_id}/jobs/batch",
        "Submit up to 100 jobs; each has an outcome of its own unless the batch is atomic",
        _submit,
        answers={200: "BatchOutcome"},
        problems=(
            "invalid_json",
            "schema_violation",
            "domain_violation",
            "forbidden",
            "not_found",
            "definition_not_found",
            "idempotency_key_reused",
            "idempotency_in_progress",
            "payload_too_large",
            "rate_limited",
        ),
        body="Batch_{app}",
        parameters=("idempotency_key", "cache_control"),
    ),
)
