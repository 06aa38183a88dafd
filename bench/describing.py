"""How long it takes to describe a large Grasshopper file, once the process is warm.

    .venv/bin/python -m bench.describing

The file of 150 kB has 1,200 components in a chain and a thumbnail that does not compress.
"""

import random
import statistics
import time
from dataclasses import replace

from contracts.description.describe import describe
from contracts.grasshopper import value_types as vt
from contracts.grasshopper.archive import NO_INDEX, Chunk, Entry
from contracts.grasshopper.binary_writer import write_binary
from contracts.grasshopper.builder import DefinitionBuilder
from contracts.grasshopper.files import read_archive

COMPONENTS = 1200
SIZE_BYTES = 150_000
RUNS = 25


def large_file() -> bytes:
    builder = DefinitionBuilder("large", "A chain of sums")
    first = total = builder.get_number("a")
    for _ in range(COMPONENTS):
        total = builder.calculate("Addition", total, first)
    builder.context_bake("total", total)
    content = builder.to_gh()
    picture = random.Random(1).randbytes(SIZE_BYTES - len(content))
    thumbnail = Chunk("Thumbnail", NO_INDEX, (Entry("Thumbnail", NO_INDEX, vt.BITMAP, picture),))
    root = read_archive(content)
    return write_binary(replace(root, chunks=(*root.chunks, thumbnail)))


def main() -> None:
    content = large_file()
    durations_ms: list[float] = []
    for _ in range(RUNS):
        started = time.perf_counter()
        describe(content, "large.gh")
        durations_ms.append((time.perf_counter() - started) * 1000)
    p50 = statistics.median(durations_ms)
    print(f"describe {len(content)} bytes, {COMPONENTS} components: p50 {p50:.0f} ms")


if __name__ == "__main__":
    main()
