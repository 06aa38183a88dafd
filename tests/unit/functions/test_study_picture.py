"""Pictures of studies: every table can be drawn, and says what it shows."""

import struct
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from pydantic import JsonValue

from functions.domain.study import Study, StudyPoint
from functions.domain.study_picture import draw
from functions.domain.study_table import Table, build_table
from tests.builders.jobs import APP, START, TENANT

ROOF: list[JsonValue] = ["hip", "gable", {"kind": "flat"}]
Values = Callable[[int], Sequence[JsonValue]]


def a_table(
    names: str, goals: str, values: Values, count: int = 12, failed: Sequence[int] = ()
) -> Table:
    """Columns by letters; objectives by their goals' first letters, growing with the point."""
    paths = [f"$.{name}" for name in names]
    objectives: list[Any] = [
        {"path": f"$.out.o{place}", "goal": "min" if goal == "n" else "max", "keys": []}
        for place, goal in enumerate(goals)
    ]
    study = Study(
        *(UUID(int=1), TENANT, APP, "sitefit", "1.0.0", "completed", {}, {}),
        *(paths, objectives, {}, 1, True, count, None, {}, "c", "t", None),
        *(START, START, START + timedelta(seconds=1), None, START),
    )
    points = [
        StudyPoint(
            point=place + 1,
            status="failed" if place in failed else "succeeded",
            parameters=tuple(values(place)),
            objectives=None if place in failed else [float(place * k) for k in range(len(goals))],
            job_id=None,
            is_reused=False,
            error=None,
        )
        for place in range(count)
    ]
    return build_table(study, points)


def numbers(count: int) -> Values:
    return lambda place: [place * (column + 1) % 7 for column in range(count)]


@pytest.mark.parametrize(
    "table",
    [
        a_table("a", "x", numbers(1)),
        a_table("a", "", numbers(1)),
        a_table("ab", "xn", numbers(2), failed=[0, 3]),
        a_table("ab", "", numbers(2)),
        a_table("ab", "xnxn", numbers(2)),
        a_table("abcd", "xn", numbers(4), failed=[2]),
        a_table("abc", "", numbers(3)),
        a_table("abc", "x", numbers(3), failed=range(12)),
        a_table("a", "x", numbers(1), failed=range(12)),
        a_table("ab", "x", numbers(2), failed=range(12)),
        a_table("ab", "xx", lambda _: [5, 5], count=1),
        a_table("ab", "x", lambda place: [ROOF[place % 3], place]),
        a_table("abc", "x", lambda place: [ROOF[place % 3], place % 2 == 0, [place]]),
        a_table("a", "x", lambda place: [f"${place}_^{{$"], count=40),
    ],
)
def test_every_table_can_be_drawn(table: Table) -> None:
    (png_name, png_type, png), (svg_name, svg_type, svg) = draw(table)
    assert (png_name, png_type) == ("picture.png", "image/png")
    assert (svg_name, svg_type) == ("picture.svg", "image/svg+xml")
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert 600 < height < width * 1.5 < 6000
    assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314 - our own file


def test_a_picture_is_the_same_each_time() -> None:
    table = a_table("ab", "xn", numbers(2))
    assert draw(table) == draw(table)
