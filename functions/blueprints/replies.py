"""Answers as the Functions worker sends them."""

import json
from collections.abc import Mapping

import azure.functions as func

from contracts.model import JsonObject

JSON = "application/json"


def json_reply(
    status: int, body: JsonObject, headers: Mapping[str, str], media_type: str = JSON
) -> func.HttpResponse:
    """JSON without blanks; an empty object is no body."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")) if body else None
    return func.HttpResponse(text, status_code=status, headers=dict(headers), mimetype=media_type)


def text_reply(
    status: int, text: str, headers: Mapping[str, str], media_type: str
) -> func.HttpResponse:
    """A text as it is."""
    return func.HttpResponse(text, status_code=status, headers=dict(headers), mimetype=media_type)
