"""How good the best of a job's results is."""

from contracts.model import JsonObject


def best_score(outputs: JsonObject) -> float | None:
    """The score of the first result, where the contract has such a thing."""
    results = outputs.get("results")
    first = results[0] if isinstance(results, list) and results else None
    score = first.get("score") if isinstance(first, dict) else None
    return float(score) if isinstance(score, int | float) else None
