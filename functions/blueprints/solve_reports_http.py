"""HTTP: what the AppServer reports on solves that nobody waits for."""

from contracts.wire.solve_callback import SIGNATURE_HEADER
from functions.blueprints.edge import Answer, Call
from functions.blueprints.operations import Operation
from functions.blueprints.path_ids import path_id
from functions.use_cases.take_solve_report import SignedReport, take_solve_report


async def _take(call: Call) -> Answer:
    signed = SignedReport(call.request.get_body(), call.header(SIGNATURE_HEADER) or "")
    await take_solve_report(call.services, call.orchestrations, path_id(call, "job"), signed)
    return Answer(204, {})


# Its signature is its token; it is the AppServer's and nobody else's.
OPERATIONS = (
    Operation(
        "take_solve_report",
        "POST",
        "solve-reports/{job_id}",
        "Report on a long solve",
        _take,
        is_public=True,
        is_described=False,
        is_orchestrating=True,
    ),
)
