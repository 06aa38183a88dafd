"""Body of `POST /{app_id}/preview`: which contract to try, and its inputs."""

from functools import cache
from typing import cast

from pydantic import JsonValue

from contracts.model import JsonObject
from contracts.validation import SchemaChecker
from contracts.wire.submission import Submission, submission_schema

_OF_JOBS = ("labels", "callback_url")


def read_preview(document: JsonValue, app_id: str) -> Submission:
    """Check the body; a preview makes no job, so it has neither labels nor a callback.

    Raises:
        ContractViolationError: naming each member that is wrong or unknown.
    """
    body = _checker().complete(document)
    return Submission(
        app_id=app_id,
        definition=cast("str | None", body.get("definition")),
        version=cast("str | None", body.get("version")),
        inputs=cast("JsonObject", body["inputs"]),
    )


def preview_form(form: JsonObject) -> JsonObject:
    """A job's form without what only jobs have."""
    properties = cast("JsonObject", form["properties"])
    kept: JsonObject = {name: schema for name, schema in properties.items() if name not in _OF_JOBS}
    return {**form, "properties": kept}


@cache
def _checker() -> SchemaChecker:
    return SchemaChecker(preview_form(submission_schema(with_app_id=False)))
