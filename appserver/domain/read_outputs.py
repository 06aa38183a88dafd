"""Data trees of the engine's answer to outputs and artifacts, by the output bindings."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from appserver.domain.data_tree import DataTree
from appserver.domain.errors import OutputContractError
from appserver.domain.output_values import output_value
from appserver.domain.read_artifacts import read_artifacts
from appserver.domain.solution import Origin, Solution
from contracts.errors import Violation
from contracts.model import Bindings, JsonObject, OutputBinding
from contracts.paths import Path, write
from contracts.wire.solve import ArtifactContent

_MESSAGE = "The definition's answer does not fit the contract's output bindings."


def read_outputs(
    bindings: Bindings,
    trees: Sequence[DataTree],
    warnings: Sequence[str] = (),
    origin: Origin | None = None,
) -> Solution:
    """Zip lists of values into lists of objects, and take artifacts out.

    `$.results[*].id` and `$.results[*].score` make `{"results": [{"id": .., "score": ..}, ..]}`.

    Raises:
        OutputContractError: a parameter is missing, lists that share a path differ in length (the
            engine leaves null values out), or a text is not of its binding's type.
    """
    texts = {tree.parameter: tree.flat() for tree in trees}
    missing = [b for b in bindings.outputs if b.gh_param not in texts]
    if missing:
        raise OutputContractError(
            _MESSAGE,
            [_violation(b, "missing", "The definition has no such output.") for b in missing],
        )
    outputs: JsonObject = {}
    artifacts: list[ArtifactContent] = []
    for binding in bindings.outputs:
        if binding.makes_files:
            artifacts += read_artifacts(binding, texts[binding.gh_param])
        elif not Path.parse(binding.output_path).is_list:
            _write_single(outputs, binding, texts[binding.gh_param])
    _write_lists(outputs, bindings, texts)
    return Solution(outputs, tuple(artifacts), tuple(warnings), origin)


def _write_single(outputs: JsonObject, binding: OutputBinding, texts: Sequence[str]) -> None:
    if len(texts) > 1:
        message = f"Has {len(texts)} values where one is expected."
        raise OutputContractError(_MESSAGE, [_violation(binding, "single_value", message)])
    for text in texts:
        write(outputs, Path.parse(binding.output_path).head, _value(binding, text))


def _write_lists(
    outputs: JsonObject, bindings: Bindings, texts: Mapping[str, Sequence[str]]
) -> None:
    lists: dict[tuple[str, ...], list[OutputBinding]] = {}
    for binding in bindings.outputs:
        path = Path.parse(binding.output_path)
        if path.is_list and not binding.makes_files:
            lists.setdefault(path.head, []).append(binding)
    for head, group in lists.items():
        write(outputs, head, _zipped(group, texts))


def _zipped(group: list[OutputBinding], texts: Mapping[str, Sequence[str]]) -> list[JsonValue]:
    count = len(texts[group[0].gh_param])
    uneven = [b for b in group if len(texts[b.gh_param]) != count]
    if uneven:
        raise OutputContractError(
            _MESSAGE,
            [
                _violation(b, "zip", f"Has {len(texts[b.gh_param])} values beside {count} others.")
                for b in uneven
            ],
        )
    return [_entry(group, texts, place) for place in range(count)]


def _entry(group: list[OutputBinding], texts: Mapping[str, Sequence[str]], place: int) -> JsonValue:
    entry: JsonObject = {}
    for binding in group:
        tail = Path.parse(binding.output_path).tail
        value = _value(binding, texts[binding.gh_param][place])
        if not tail:
            return value
        write(entry, tail, value)
    return entry


def _value(binding: OutputBinding, text: str) -> JsonValue:
    try:
        return output_value(binding.type, text)
    except ValueError as error:
        violation = _violation(binding, "binding", f"A value {error}.")
        raise OutputContractError(_MESSAGE, [violation]) from error


def _violation(binding: OutputBinding, code: str, message: str) -> Violation:
    path = Path.parse(binding.output_path)
    return Violation(path.pointer, code, f"Output {binding.gh_param!r}: {message}")
