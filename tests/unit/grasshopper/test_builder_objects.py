"""Objects of any kind, built, written and read again."""

import pytest

from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.builder import DefinitionBuilder, Port
from contracts.grasshopper.document import Document, DocumentObject, read_document
from contracts.grasshopper.exposure import expose

LENGTH = "1817fd29-20ae-4503-b542-f0fb651e67d7"


def written(builder: DefinitionBuilder, form: str) -> Document:
    return read_document(builder.to_gh() if form == "gh" else builder.to_ghx())


def object_of(builder: DefinitionBuilder) -> DocumentObject:
    return read_document(builder.to_gh()).objects[-1]


@pytest.mark.parametrize("form", ["gh", "ghx"])
def test_component_keeps_its_ports_wires_and_settings(form: str) -> None:
    builder = DefinitionBuilder("lengths", "")
    source = builder.parameter("Number", Port("n", held=(1, 2.5)))
    port = Port("L", (source,), "list", is_optional=True, mapping="graft", expression="x/2")
    outputs = builder.component(LENGTH, "List Length", [port], ("N",), Expression="x")
    thing = written(builder, form).objects[1]
    (read,) = thing.inputs
    assert (thing.component_id, thing.name) == (LENGTH, "List Length")
    assert (read.nickname, read.sources, read.access, read.is_optional) == ("L", (source,), 1, True)
    assert (read.chunk.integer("Mapping"), read.chunk.text("InternalExpression")) == (2, "x/2")
    assert [output.parameter_id for output in thing.outputs] == [outputs["N"]]
    assert thing.container.text("Expression") == "x"


@pytest.mark.parametrize("form", ["gh", "ghx"])
def test_values_a_parameter_holds_keep_their_types(form: str) -> None:
    builder = DefinitionBuilder("held", "")
    builder.parameter("Generic Data", Port("g", held=(1, 2.5, True, "a")))
    stored = written(builder, form).objects[0].container.child("PersistentData", "Branch")
    assert stored is not None
    values = [part.entries[0].value for part in stored.children("Item")]
    assert values == [1, 2.5, True, "a"]
    assert [type(value) for value in values] == [int, float, bool, str]


def test_parameter_that_stands_alone_is_floating() -> None:
    builder = DefinitionBuilder("floating", "")
    builder.parameter("Point", Port("p", is_reversed=True, is_simplified=True))
    thing = object_of(builder)
    assert thing.floating is not None
    assert (thing.type_name, thing.nickname) == ("Point", "p")
    assert thing.container.flag("ReverseData")
    assert thing.container.flag("SimplifyData")


def test_objects_a_person_sets() -> None:
    builder = DefinitionBuilder("chosen", "")
    builder.value_list({"one": "1", "two": "2"}, "two")
    options = object_of(builder).container.children("ListItem")
    assert [option.flag("Selected") for option in options] == [False, True]
    builder.toggle(on=True)
    assert object_of(builder).container.flag("ToggleValue")
    source = builder.get_boolean("b", default=False)
    builder.relay(source)
    assert object_of(builder).component_id == ids.RELAY


def test_inputs_and_groups_are_exposed() -> None:
    builder = DefinitionBuilder("exposed", "")
    builder.get_boolean("yes", default=True)
    builder.get_point("place")
    builder.group("RH_IN:width", builder.parameter("Number", Port("w")))
    exposure = expose(read_document(builder.to_gh()))
    assert {name: one.type_name for name, one in exposure.inputs.items()} == {
        "yes": "Boolean",
        "place": "Point",
        "RH_IN:width": "Number",
    }
