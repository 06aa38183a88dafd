"""HTTP: an early look at what inputs come to, without a job."""

from contracts.wire.preview import HINT_HEADER
from contracts.wire.preview_submission import read_preview
from functions.blueprints.edge import Answer, Call
from functions.blueprints.operations import Operation
from functions.use_cases.admit_preview import admit_preview
from functions.use_cases.preview import preview


async def _preview(call: Call) -> Answer:
    caller, app_id = await call.caller(), str(call.app_id)
    submission = read_preview(call.body(), app_id)
    rate = await admit_preview(call.services, caller, app_id)
    call.headers.update(rate.headers())
    outcome = await preview(call.services, caller, call.trace, submission)
    if outcome.answer is None:
        return Answer(204, {}, {HINT_HEADER: outcome.hint})
    return Answer(200, outcome.answer.model_dump(mode="json"))


OPERATIONS = (
    Operation(
        "preview",
        "POST",
        "{app_id}/preview",
        "Try inputs at once: an early look within the timebox, or 204 with a hint",
        _preview,
        answers={200: "PreviewAnswer_{app}", 204: None},
        problems=(
            "invalid_json",
            "schema_violation",
            "domain_violation",
            "forbidden",
            "not_found",
            "definition_not_found",
            "payload_too_large",
            "rate_limited",
            "seats_exhausted",
            "solve_timeout",
            "definition_error",
            "engine_error",
            "engine_unreachable",
            "plugin_mismatch",
            "output_contract_violation",
        ),
        body="Preview_{app}",
        answer_headers={204: (HINT_HEADER,)},
    ),
)
