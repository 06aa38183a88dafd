"""HTTP: submit many jobs at once."""

from contracts.wire.submission import read_batch
from functions.blueprints.edge import Answer, Call
from functions.blueprints.job_view import submitted
from functions.blueprints.operations import Operation
from functions.blueprints.submitting import PROBLEMS, TERMS_PARAMETERS, read_terms
from functions.domain.preferences import Preferences
from functions.use_cases.submit_batch import submit_batch


async def _submit(call: Call) -> Answer:
    caller = await call.caller()
    body = call.body()
    batch = read_batch(body)
    terms = read_terms(call, "jobs/batch", body)
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
        problems=PROBLEMS,
        body="Batch_{app}",
        parameters=TERMS_PARAMETERS,
    ),
)
