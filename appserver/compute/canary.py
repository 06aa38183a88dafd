"""A solve with a known answer: the only proof that a node works.

Rhino.Compute's `/healthcheck` says Healthy without one working child. Each challenge is another
number, so that neither a remembered answer nor a stuck one passes.

Source: Rhino.Compute, `ReverseProxyModule`; ADR 17.
"""

from functools import cache

from appserver.compute.definition_texts import DefinitionText
from appserver.compute.engine_answer import EngineAnswer
from appserver.compute.solve_request import SolveBody, solve_body
from appserver.domain.data_tree import DataTree
from contracts.grasshopper.builder import DefinitionBuilder
from contracts.model import (
    Concurrency,
    Determinism,
    Limits,
    Manifest,
    Tolerances,
    Units,
)

INPUT = "kuduso_canary"
OUTPUT = "kuduso_canary_answer"
ADDED = 10
_RANGE = 10_000
_MANIFEST = Manifest(
    timeout_sec=5,
    limits=Limits(),
    concurrency=Concurrency.model_validate({"class": "batch"}),
    units=Units(length="m", angle="deg", crs_required=False),
    determinism=Determinism(seed_required=False),
    execution="queue",
    tolerances=Tolerances(absolute=0.001, angle_deg=0.1),
)


@cache
def canary_definition() -> DefinitionText:
    """Adds `ADDED` to a number."""
    definition = DefinitionBuilder("canary", "Adds a constant.")
    number = definition.get_number(INPUT)
    total = definition.calculate("Addition", number, definition.number(ADDED))
    definition.context_bake(OUTPUT, total)
    return DefinitionText.of(definition.to_ghx())


def canary_body(challenge: int) -> SolveBody:
    """Ask for the sum of a challenge."""
    number = str(challenge % _RANGE)
    return solve_body(canary_definition(), _MANIFEST, [DataTree.of_list(INPUT, [number])])


def is_right(answer: EngineAnswer, challenge: int) -> bool:
    """Whether the answer is the challenge's sum."""
    texts = [text for tree in answer.trees if tree.parameter == OUTPUT for text in tree.flat()]
    try:
        return [float(text) for text in texts] == [challenge % _RANGE + ADDED]
    except ValueError:
        return False
