"""How long the local engine takes to read and to solve a definition of 100 objects, no script.

.venv/bin/python -m bench.documents
"""

import statistics
import time

from contracts.grasshopper.builder import DefinitionBuilder, NumberRange, Port
from devstack.rhino_compute.components.catalogue import COMPONENTS
from devstack.rhino_compute.definition import read_definition
from devstack.rhino_compute.solution import Solution

RUNS = 50
GUIDS = {known.name: guid for guid, known in COMPONENTS.items()}


def add(builder: DefinitionBuilder, name: str, *inputs: Port, output: str = "R") -> str:
    return builder.component(GUIDS[name], name, list(inputs), (output,))[output]


def hundred_objects() -> bytes:
    """Nine rows of points on polylines, measured and sorted, from two inputs."""
    builder = DefinitionBuilder("hundred", "Rows of points")
    step = builder.get_number("step", NumberRange(0, 10, 1))
    count = builder.get_integer("count", NumberRange(1, 100, 20))
    for row in range(9):
        shift = builder.number(row)
        along = add(builder, "Series", Port("S", (shift,)), Port("N", (step,)), Port("C", (count,)))
        angles = add(builder, "Multiplication", Port("A", (along,)), Port("B", (step,)))
        across = add(builder, "Sine", Port("x", (angles,)))
        half = builder.parameter("Number", Port("half", (across,), expression="x/2"))
        places = add(
            builder, "Construct Point", Port("X", (along,)), Port("Y", (half,)), Port("Z", (shift,))
        )
        curve = add(builder, "PolyLine", Port("V", (places,), "list"), Port("C", held=(False,)))
        moved = builder.component(
            GUIDS["Move"], "Move", [Port("G", (curve,)), Port("T", held=("0,0,1",))], ("G", "X")
        )
        length = add(builder, "Length", Port("C", (moved["G"],)))
        larger = builder.component(
            GUIDS["Larger Than"],
            "Larger Than",
            [Port("A", (along,)), Port("B", (length,))],
            (">", ">="),
        )
        add(
            builder, "Cull Pattern", Port("L", (along,), "list"), Port("P", (larger[">="],), "list")
        )
        builder.context_bake(f"length {row}", length)
    return builder.to_gh()


def milliseconds(samples: list[float]) -> str:
    ordered = sorted(sample * 1000 for sample in samples)
    return f"p50 {statistics.median(ordered):.1f} ms, max {ordered[-1]:.1f} ms"


def main() -> None:
    content = hundred_objects()
    definition = read_definition(content)
    reads: list[float] = []
    solves: list[float] = []
    for _ in range(RUNS):
        started = time.perf_counter()
        definition = read_definition(content)
        reads.append(time.perf_counter() - started)
        assert definition.refusals == ()
        started = time.perf_counter()
        solution = Solution(definition, {})
        outputs = solution.solve()
        solves.append(time.perf_counter() - started)
        assert solution.errors == []
        assert all(tree.values for tree in outputs.values())
    print(f"{len(definition.document.objects)} objects, {len(content)} bytes, {RUNS} runs")
    print(f"read:  {milliseconds(reads)}")
    print(f"solve: {milliseconds(solves)}")


if __name__ == "__main__":
    main()
