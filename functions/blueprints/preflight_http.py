"""HTTP: the question that a browser asks before it sends a page's request (CORS)."""

import azure.durable_functions as df

from functions.blueprints.edge import Answer, Call, Edge
from functions.blueprints.reply_headers import PREFLIGHT
from functions.services import Services


def build(services: Services) -> df.Blueprint:
    """One function answers for every address; no token comes with the question."""
    blueprint = df.Blueprint()
    Edge(services, blueprint).register("z_preflight", "OPTIONS", "{*path}", _preflight)
    return blueprint


async def _preflight(_call: Call) -> Answer:
    return Answer(204, {}, PREFLIGHT)
