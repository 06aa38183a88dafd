"""HTTP: the description of the API."""

from collections.abc import Sequence

from contracts.model import JsonObject
from functions.blueprints.edge import Answer, Call
from functions.blueprints.operations import Operation


def described(endpoints: Sequence[Operation]) -> tuple[Operation, ...]:
    """The endpoints, and the one that describes them all, itself included."""
    written: list[JsonObject] = []

    async def read(call: Call) -> Answer:
        from functions.blueprints.openapi_document import openapi_document

        if not written:  # contracts and endpoints are fixed while the process lives
            services = call.services
            written.append(openapi_document(every, services.registry, services.app_ids))
        return Answer(200, written[0], {"Cache-Control": "public, max-age=300"})

    every = (
        *endpoints,
        Operation(
            "openapi",
            "GET",
            "openapi.json",
            "Read this document",
            read,
            answers={200: "OpenApi"},
            is_public=True,
        ),
    )
    return every
