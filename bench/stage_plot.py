"""A picture of where a job's time goes: the median of each stage, one after the other."""

from pathlib import Path

WIDTH, HEIGHT, MARGIN, BAR = 760, 210, 30, 46
COLOURS = ("#4878a8", "#6aa5a9", "#e0b050", "#c8704f", "#7f5fa3", "#58804a")


def write_plot(file: Path, stages: dict[str, list[float]], jobs_per_s: float) -> None:
    """Write one SVG; the lower bar shows the 95th percentiles.

    Args:
        file: where to.
        stages: milliseconds of each stage, in the order of a job.
        jobs_per_s: for the title.
    """
    medians = {stage: _share(values, 0.5) for stage, values in stages.items()}
    late = {stage: _share(values, 0.95) for stage, values in stages.items()}
    scale = (WIDTH - 2 * MARGIN) / max(sum(late.values()), 1e-9)
    title = f"{jobs_per_s:.0f} jobs/s; median {sum(medians.values()):.0f} ms a job"
    parts = [_text(MARGIN, 24, title, 16)]
    for top, name, bar in ((50, "p50", medians), (50 + BAR + 14, "p95", late)):
        parts += _bar(top, name, bar, scale)
    for index, (stage, value) in enumerate(medians.items()):
        left = MARGIN + index * (WIDTH - 2 * MARGIN) / len(medians)
        parts.append(_box(left, 176, 12, 12, COLOURS[index % len(COLOURS)]))
        parts.append(_text(left + 16, 187, f"{stage} {value:.1f} ms", 12))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
    back = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    file.write_text("\n".join([head, back, *parts, "</svg>", ""]), encoding="utf-8")


def _bar(top: float, name: str, stages: dict[str, float], scale: float) -> list[str]:
    left, parts = float(MARGIN), [_text(4, top + BAR / 2 + 4, name, 11)]
    for index, value in enumerate(stages.values()):
        parts.append(_box(left, top, value * scale, BAR, COLOURS[index % len(COLOURS)]))
        left += value * scale
    return parts


def _box(left: float, top: float, width: float, height: float, colour: str) -> str:
    at = f'x="{left:.1f}" y="{top:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}"'
    return f'<rect {at} fill="{colour}"/>'


def _text(left: float, top: float, words: str, size: int) -> str:
    font = f'font-family="Helvetica, Arial, DejaVu Sans, sans-serif" font-size="{size}"'
    return f'<text x="{left:.1f}" y="{top:.1f}" {font}>{words}</text>'


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
