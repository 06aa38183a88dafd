"""A result as lines for a person."""

import json
from typing import Any, cast

_SHOWN_RESULTS = 5
_LONGEST_LIST = 120  # characters


def result_lines(outputs: dict[str, Any]) -> list[str]:
    """Placements as a table where there are any, every other output by name."""
    results = outputs.get("results")
    lines = _placements(results) if results else _values(outputs)
    metadata: dict[str, Any] = outputs.get("metadata") or {}
    engine: dict[str, str] = metadata.get("engine") or {}
    if engine:
        lines += ["", f"solved by {engine.get('name')} {engine.get('version')}"]
    warnings: list[str] = metadata.get("warnings") or []
    lines += [f"warning: {warning}" for warning in warnings]
    return lines


def artifact_lines(artifacts: list[dict[str, Any]]) -> list[str]:
    """One line per artifact: name, size, link."""
    return [
        f"  {artifact['file_name']:<20} {artifact['size_bytes']:>8} bytes  {artifact['href']}"
        for artifact in artifacts
    ]


def _placements(results: list[dict[str, Any]]) -> list[str]:
    best = results[0]
    lines = [f"best of {len(results)}: score {_number(best['score'])}"]
    if "transform" in best:
        lines.append(f"  {_transform(best['transform'])}")
    rows = [_row(number, result) for number, result in enumerate(results[:_SHOWN_RESULTS], start=1)]
    widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in rows[0]}
    lines += ["", "  ".join(f"{name:>{width}}" for name, width in widths.items())]
    lines += ["  ".join(f"{row[name]:>{width}}" for name, width in widths.items()) for row in rows]
    return lines


def _row(number: int, result: dict[str, Any]) -> dict[str, str]:
    """Cells by column: the place, then each metric."""
    figures = {"score": result["score"]}
    if transform := result.get("transform"):
        move = transform["translation"]
        figures |= {"rotation": transform["rotation"]["value"], "x": move["x"], "y": move["y"]}
    figures |= result.get("metrics") or {}
    return {"#": str(number), **{name: _number(value) for name, value in figures.items()}}


def _number(value: float) -> str:
    """At most millimetres: coordinates of a national grid keep all their digits before that."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _transform(transform: dict[str, Any]) -> str:
    turn, move = transform["rotation"], transform["translation"]
    place = ", ".join(f"{axis} {_number(move[axis])}" for axis in "xyz")
    return f"rotation {_number(turn['value'])} {turn['units']}, translation {place} {move['units']}"


def _values(outputs: dict[str, Any]) -> list[str]:
    shown = {
        name: value for name, value in outputs.items() if name not in {"artifacts", "metadata"}
    }
    return [f"{name}: {_short(value)}" for name, value in _flat(shown).items()]


def _flat(outputs: dict[str, Any], within: str = "") -> dict[str, Any]:
    """Members of objects under the path that leads to them."""
    found: dict[str, Any] = {}
    for name, value in outputs.items():
        members = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        found |= _flat(members, f"{within}{name}.") if members else {f"{within}{name}": value}
    return found


def _short(value: object) -> str:
    """JSON; of a long list its length and its first entry."""
    text = json.dumps(value)
    if isinstance(value, list) and len(text) > _LONGEST_LIST:
        entries = cast("list[Any]", value)
        return f"{len(entries)} entries, the first {_short(entries[0])}"
    return text
