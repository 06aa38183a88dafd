"""The picture of a study: scatter plots, or parallel coordinates for more than two parameters.

matplotlib is imported with this module, so this module is imported where a picture is drawn. Only
its object interface is used: pyplot keeps figures of the whole process.
"""

import io

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from functions.domain.study_parallel import draw_parallel
from functions.domain.study_plot import INK, MUTED, Drawing, build_plot
from functions.domain.study_scatter import draw_scatter
from functions.domain.study_table import Table

MAX_SCATTER_PARAMETERS = 2
DPI = 150
# A tenant's texts are no formulas; ids in an SVG are the same for the same picture.
mpl.rcParams.update({"text.parse_math": False, "svg.hashsalt": "kuduso"})
MARGIN_IN, TITLE_IN, HEADER_IN = 0.25, 0.38, 0.5  # sides; the title's line and room, from above


def draw(table: Table) -> list[tuple[str, str, bytes]]:
    """File name, media type and content of the picture, as PNG and as SVG."""
    plot = build_plot(table)
    figure: Drawing = Figure(facecolor="white", layout="constrained")
    figure.get_layout_engine().set(w_pad=0.15, h_pad=0.15, wspace=0.05, hspace=0.06)
    if len(plot.parameters) <= MAX_SCATTER_PARAMETERS:
        draw_scatter(figure, plot)
    else:
        draw_parallel(figure, plot)
    _write_title(figure, table)
    return [
        ("picture.png", "image/png", _rendered(FigureCanvasAgg(figure), "png", Software=None)),
        ("picture.svg", "image/svg+xml", _rendered(FigureCanvasSVG(figure), "svg", Date=None)),
    ]


def _write_title(figure: Drawing, table: Table) -> None:
    study = table.study
    ended = sum(row.point.status == "succeeded" for row in table.rows)
    title = f"{study.definition} {study.version}"
    width_in, height_in = figure.get_size_inches()
    left, line = MARGIN_IN / width_in, 1 - TITLE_IN / height_in
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - HEADER_IN / height_in))
    figure.text(left, line, title, va="baseline", color=INK, fontsize=14, fontweight="bold")
    counted = f"{ended:,} of {study.points:,} points"
    figure.text(1 - left, line, counted, ha="right", va="baseline", color=MUTED, fontsize=10)


def _rendered(canvas: Drawing, form: str, **metadata: None) -> bytes:
    """The file, without what changes from one drawing of the same table to the next."""
    content = io.BytesIO()
    canvas.print_figure(content, format=form, dpi=DPI, metadata=metadata)
    return content.getvalue()
