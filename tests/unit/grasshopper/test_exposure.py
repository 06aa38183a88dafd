"""Inputs and outputs as Rhino.Compute finds them."""

from contracts.grasshopper import chunk_parts as parts
from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.archive import Chunk
from contracts.grasshopper.builder import DefinitionBuilder, NumberRange
from contracts.grasshopper.document import read_document
from contracts.grasshopper.exposure import expose, input_limits
from contracts.grasshopper.files import write_xml

NUMBER = "3e8ca6be-fda8-4aaf-b5c0-3c54c8bb7312"


def guid(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012d}"


def placed(component_id: str, container: Chunk) -> Chunk:
    entries = {"GUID": parts.guid(component_id), "Name": parts.text("Object")}
    return parts.chunk("Object", entries, container)


def floating(number: int, component_id: str = NUMBER) -> Chunk:
    entries = {**parts.labels(guid(number), "Number", "n"), "SourceCount": parts.whole(0)}
    return placed(component_id, parts.chunk("Container", entries))


def component(number: int, outputs: list[str]) -> Chunk:
    ports = [
        parts.chunk("param_output", parts.labels(guid(number * 10 + i), name, name), index=i)
        for i, name in enumerate(outputs)
    ]
    labels = parts.labels(guid(number), "Addition", "A+B")
    return placed(ids.ADDITION, parts.chunk("Container", labels, *ports))


def group(name: str, *members: int) -> Chunk:
    labels = parts.labels(guid(99), "Group", name)
    listed = [parts.guid(guid(member)) for member in members]
    return placed(ids.GROUP, parts.chunk("Container", labels, ID=listed))


def document_of(*objects: Chunk) -> bytes:
    numbered = [Chunk(o.name, index, o.entries, o.chunks) for index, o in enumerate(objects)]
    listed = parts.chunk("DefinitionObjects", {}, *numbered)
    return write_xml(parts.chunk("Root", {}, parts.chunk("Definition", {}, listed)))


def test_contextual_parameters_are_named_by_nickname_in_document_order() -> None:
    builder = DefinitionBuilder("d", "")
    builder.get_string("words")
    value = builder.get_number("value")
    builder.get_geometry("outline")
    builder.get_integer("count")
    builder.context_bake("result", value)
    builder.context_print("text", value)
    exposure = expose(read_document(builder.to_ghx()))
    types = {name: exposed.type_name for name, exposed in exposure.inputs.items()}
    assert list(types.items()) == [
        ("words", "Text"),
        ("value", "Number"),
        ("outline", "Geometry"),
        ("count", "Integer"),
    ]
    outputs = {name: exposed.type_name for name, exposed in exposure.outputs.items()}
    assert outputs == {"result": "Generic Data", "text": "Text"}


def test_group_exposes_its_first_member_under_the_whole_nickname() -> None:
    document = read_document(
        document_of(floating(1), floating(2), group("RH_IN:number", 7, 2, 1), group("RH_OUT:x", 1))
    )
    exposure = expose(document)
    assert list(exposure.inputs) == ["RH_IN:number"]
    assert exposure.inputs["RH_IN:number"].parameter.parameter_id == guid(2)
    assert list(exposure.outputs) == ["RH_OUT:x"]


def test_output_group_around_a_component_names_each_of_several_outputs() -> None:
    document = read_document(
        document_of(
            component(1, ["R"]),
            component(2, ["A", "B"]),
            group("RH_OUT:r", 1),
            group("RH_OUT:s", 2),
        )
    )
    assert list(expose(document).outputs) == ["RH_OUT:r", "RH_OUT:s (A)", "RH_OUT:s (B)"]


def test_input_group_around_a_component_or_nothing_exposes_nothing() -> None:
    document = read_document(
        document_of(component(1, ["R"]), group("RH_IN:a", 1), group("RH_IN:b"))
    )
    assert expose(document).inputs == {}


def test_repeated_name_keeps_the_first_and_tells() -> None:
    builder = DefinitionBuilder("d", "")
    first = builder.get_number("value")
    builder.get_string("value")
    exposure = expose(read_document(builder.to_ghx()))
    assert exposure.inputs["value"].parameter.parameter_id == first
    assert [text.partition(" were")[0] for text in exposure.errors] == [
        "Multiple input parameters with the same name"
    ]


def test_maximum_is_known_only_from_a_slider() -> None:
    builder = DefinitionBuilder("d", "")
    builder.get_number("sliding", NumberRange(0.1, 100, 0.5))
    builder.get_number("bare", NumberRange(0, 1000))
    builder.get_integer("open")
    document = read_document(builder.to_ghx())
    inputs = expose(document).inputs
    sliding, bare, unlimited = (input_limits(document, inputs[n]) for n in inputs)
    assert (sliding.minimum, sliding.maximum) == (0.1, 100)
    assert (bare.minimum, bare.maximum) == (0, None)
    assert (unlimited.minimum, unlimited.maximum) == (None, None)
    assert (bare.at_least, bare.at_most, bare.takes_trees) == (1, 1, False)


def test_slider_in_an_input_group_takes_one_value_within_its_range() -> None:
    slider = parts.chunk("Slider", {"Min": parts.real(1), "Max": parts.real(9)})
    entries = {**parts.labels(guid(1), "Number Slider", ""), "SourceCount": parts.whole(0)}
    container = parts.chunk("Container", entries, slider)
    document = read_document(
        document_of(placed(ids.NUMBER_SLIDER, container), group("RH_IN:size", 1))
    )
    limits = input_limits(document, expose(document).inputs["RH_IN:size"])
    assert (limits.at_most, limits.minimum, limits.maximum) == (1, 1, 9)
