"""One row for each HTTP endpoint: registered from here, and described from here.

`/openapi.json` is written from these rows. A route under `{app_id}` is described once for each
served app. Names of schemas and parameters are those of the document's components; `{app}` in a
schema's name stands for the app.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import azure.durable_functions as df

from contracts.wire.problem import ProblemCode
from functions.blueprints.edge import Edge, Handler
from functions.services import Services


@dataclass(frozen=True, slots=True)
class Operation:
    """An endpoint: where it answers, with what, and what may go wrong.

    Attributes:
        name: of the function; the host tries routes in the order of these names.
        answers: status to the schema of its body, or None where there is no body.
        problems: codes beyond those that every endpoint may answer with.
        body: schema of the request body, or None.
        parameters: of query and headers, by their name among the components.
        answer_headers: status to headers that such an answer has beyond those of its schema.
        texts: media types that a request may have instead of JSON.
        is_public: needs no token.
        is_described: stands in `/openapi.json`.
        app_id: the app that the endpoint is of; it is absent where that app is not served.
        is_orchestrating: starts or wakes orchestrations, so its call brings their client.
    """

    name: str
    method: str
    route: str
    summary: str
    handler: Handler
    answers: Mapping[int, str | None] = field(default_factory=dict[int, str | None])
    problems: tuple[ProblemCode, ...] = ()
    body: str | None = None
    parameters: tuple[str, ...] = ()
    answer_headers: Mapping[int, tuple[str, ...]] = field(
        default_factory=dict[int, tuple[str, ...]]
    )
    texts: tuple[str, ...] = ()
    is_public: bool = False
    is_described: bool = True
    is_orchestrating: bool = False
    app_id: str | None = None


def served(operations: Iterable[Operation], app_ids: Collection[str]) -> list[Operation]:
    """The endpoints of a function app that serves these apps."""
    return [one for one in operations if one.app_id is None or one.app_id in app_ids]


def register(services: Services, operations: Iterable[Operation]) -> df.Blueprint:
    """A blueprint with one function for each row that is served."""
    blueprint = df.Blueprint()
    edge = Edge(services, blueprint)
    for operation in served(operations, services.app_ids):
        edge.register(
            operation.name,
            operation.method,
            operation.route,
            operation.handler,
            is_orchestrating=operation.is_orchestrating,
        )
    return blueprint
