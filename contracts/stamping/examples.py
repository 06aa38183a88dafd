"""Examples of a stamped contract: inputs that pass, and inputs that break one rule each."""

from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from contracts.model import JsonObject
from contracts.stamping.member import InputMember

MAX_INVALID = 12


def valid_examples(members: Sequence[InputMember]) -> dict[str, JsonObject]:
    """Inputs by file stem: `minimal` sends what has to be sent, `complete` everything."""
    minimal: JsonObject = {m.name: m.sample for m in members if m.is_required}
    complete: JsonObject = {m.name: m.sample for m in members}
    examples = {"minimal": minimal, "complete": complete}
    for member in members:
        for keyword, stem in (("minimum", "smallest"), ("maximum", "largest")):
            end = member.schema.get(keyword)
            if end is not None:
                examples[f"{stem}_{member.name}"] = {**complete, member.name: end}
    if len(examples) < len(("minimal", "complete", "another")):
        examples["repeated"] = complete
    return examples


def invalid_examples(members: Sequence[InputMember]) -> dict[str, JsonObject]:
    """Rule, pointer and inputs by file stem; at least four, each breaking one rule."""
    complete: JsonObject = {m.name: m.sample for m in members}
    unknown = "no_such_member"
    examples = {
        "unknown_member": _example("additionalProperties", f"/{unknown}", {**complete, unknown: 1})
    }
    for member in members:
        for stem, rule, value in _broken_values(member):
            broken: JsonObject = {**complete, member.name: value}
            examples[f"{stem}_{member.name}"] = _example(rule, f"/{member.name}", broken)
        if member.is_required:
            missing: JsonObject = {k: v for k, v in complete.items() if k != member.name}
            examples[f"missing_{member.name}"] = _example("required", f"/{member.name}", missing)
    return dict(list(examples.items())[:MAX_INVALID])


def _broken_values(member: InputMember) -> Iterator[tuple[str, str, JsonValue]]:
    """Stem, broken rule and value."""
    kind = member.schema["type"]
    yield "null", "type", None
    yield "wrong_type", "type", True if kind != "boolean" else "yes"
    yield "wrong_form", "type", {"value": 1} if kind != "object" else [1]
    for keyword, stem, step in (("minimum", "too_small", -1), ("maximum", "too_large", 1)):
        end = member.schema.get(keyword)
        if isinstance(end, int | float):
            yield stem, keyword, end + step * max(1, abs(end) // 10)


def _example(rule: str, pointer: str, inputs: JsonObject) -> JsonObject:
    return {"rule": rule, "pointer": pointer, "inputs": inputs}
