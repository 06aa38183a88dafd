import json
from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appserver.domain.data_tree import DataTree
from appserver.domain.errors import OutputContractError
from appserver.domain.output_values import output_value
from appserver.domain.read_outputs import read_outputs
from contracts.digest import canonical_json
from contracts.model import Bindings, BindingType, OutputBinding

BindingMaker = Callable[..., OutputBinding]
PLAN = {"kind": "plan", "file_name": "plan.svg", "media_type": "image/svg+xml"}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("number", "52.0", 52),
        ("number", '"52.5"', 52.5),
        ("number", "1E-05", 1e-5),
        ("number", "1E+15", 1e15),
        ("integer", "5", 5),
        ("integer", '"5.0"', 5),
        ("boolean", "true", True),
        ("boolean", '"True"', True),
        ("string", '"a"', "a"),
        ("string", "not json", "not json"),
        ("string", "5", "5"),
        ("json_string", json.dumps('{"a": [1]}'), {"a": [1]}),
        ("json_string", '{"a": 1}', {"a": 1}),
        ("geometry.point", '{"X":1.0,"Y":2.0,"Z":0.0}', [1, 2, 0]),
        ("geometry.curve", '{"version":10000,"data":"AA"}', {"version": 10000, "data": "AA"}),
    ],
)
def test_a_text_is_read_by_its_binding(kind: BindingType, text: str, value: Any) -> None:
    assert output_value(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "NaN"),
        ("number", '"Infinity"'),
        ("number", "1e999"),
        ("number", '"1_000"'),
        ("number", "true"),
        ("number", "null"),
        ("number", ""),
        ("integer", "5.5"),
        ("integer", "123456789012345678901"),
        ("boolean", "1"),
        ("boolean", '"yes"'),
        ("json_string", '"{"'),
        ("json_string", json.dumps('{"a": NaN}')),
        ("geometry.point", '{"X":1.0}'),
        ("geometry.point", '{"X":"a","Y":1,"Z":1}'),
        ("geometry.mesh", "[]"),
    ],
)
def test_a_text_of_another_type_is_refused(kind: BindingType, text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        output_value(kind, text)


KINDS: tuple[BindingType, ...] = get_args(BindingType)


@given(kind=st.sampled_from(KINDS), text=st.text(max_size=30) | st.from_regex(r'"?-?\d+\.?\d*"?'))
def test_any_text_is_read_as_json_that_can_be_hashed_or_refused(
    kind: BindingType, text: str
) -> None:
    try:
        value = output_value(kind, text)
    except ValueError:
        return
    canonical_json(value)


def test_lists_are_zipped_into_objects(output_binding: BindingMaker) -> None:
    bindings = Bindings(
        inputs=[],
        outputs=[
            output_binding("id", "$.results[*].id", "string"),
            output_binding("score", "$.results[*].metrics.score", "number"),
            output_binding("hours", "$.hours[*]", "number"),
            output_binding("total", "$.sums.total", "integer"),
        ],
    )
    trees = [
        DataTree("id", {"{0;10}": ('"c"',), "{0;2}": ('"a"', '"b"')}),
        DataTree.of_list("score", ["1.0", "2.0", "3.0"]),
        DataTree.of_list("hours", ["7.5"]),
        DataTree.of_list("total", ["3"]),
        DataTree.of_list("unbound", ["whatever"]),
    ]
    assert read_outputs(bindings, trees).outputs == {
        "results": [
            {"id": "a", "metrics": {"score": 1}},
            {"id": "b", "metrics": {"score": 2}},
            {"id": "c", "metrics": {"score": 3}},
        ],
        "hours": [7.5],
        "sums": {"total": 3},
    }


def test_empty_lists_are_empty_and_an_empty_single_output_is_absent(
    output_binding: BindingMaker,
) -> None:
    bindings = Bindings(
        inputs=[],
        outputs=[
            output_binding("id", "$.results[*].id", "string"),
            output_binding("total", "$.total", "number"),
        ],
    )
    trees = [DataTree("id", {}), DataTree("total", {"{0}": ()})]
    assert read_outputs(bindings, trees).outputs == {"results": []}


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"id": ['"a"', '"b"'], "score": ["1.0"], "total": ["1.0"]}, "zip"),
        ({"id": ['"a"'], "score": ["1.0"]}, "missing"),
        ({"id": ['"a"'], "score": ["1.0"], "total": ["1.0", "2.0"]}, "single_value"),
        ({"id": ['"a"'], "score": ["much"], "total": ["1.0"]}, "binding"),
    ],
)
def test_an_answer_that_does_not_fit_the_bindings_is_refused(
    output_binding: BindingMaker, texts: dict[str, list[str]], code: str
) -> None:
    bindings = Bindings(
        inputs=[],
        outputs=[
            output_binding("id", "$.results[*].id", "string"),
            output_binding("score", "$.results[*].score", "number"),
            output_binding("total", "$.total", "number"),
        ],
    )
    trees = [DataTree.of_list(name, values) for name, values in texts.items()]
    with pytest.raises(OutputContractError) as caught:
        read_outputs(bindings, trees)
    assert [violation.code for violation in caught.value.violations] == [code]


def test_artifacts_are_taken_out_and_numbered(output_binding: BindingMaker) -> None:
    bindings = Bindings(
        inputs=[], outputs=[output_binding("svg", "$.artifacts[*]", "string", PLAN)]
    )
    solution = read_outputs(bindings, [DataTree.of_list("svg", ['"<svg/>"', "<raw/>"])])
    assert solution.outputs == {}
    assert [(file.file_name, file.content) for file in solution.artifacts] == [
        ("plan.svg", "<svg/>"),
        ("plan-2.svg", "<raw/>"),
    ]
