"""Ids that stand in a path."""

from uuid import UUID

from functions.blueprints.edge import Call
from functions.domain.errors import NotFoundError


def path_id(call: Call, noun: str) -> UUID:
    """What the parameter `{<noun>_id}` of the path names.

    Raises:
        NotFoundError: it is no id, so there is no such thing.
    """
    text = call.request.route_params.get(f"{noun}_id", "")
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundError(f"There is no {noun} {text[:64]!r}.") from error
