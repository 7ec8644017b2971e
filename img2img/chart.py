"""Chart: figures over the steps of a run, a panel for each."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from math import ceil, isfinite, nan
from textwrap import fill
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = 3  # panels side by side
PANEL = (3.6, 2.6)  # inches, width and height
PAD = 0.1  # inches around a panel
DOTS = 120  # per inch
ROUND = [1, 2, 5, 10]  # between two ticks, times a power of 10
LETTERS = 13  # of the title in an inch
INK, BEST, GRID = "#1f4e79", "#c8501e", "#e4e4e4"


def chart(
    title: str, steps: Sequence[int], figures: Mapping[str, Sequence[float]], best: int | None
) -> bytes:
    """A PNG with a panel for each figure, the step `best`, one of them, marked in all.

    `figures` hold a value for each step, ascending; those that are not finite are left out.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    columns = min(COLUMNS, len(figures))
    rows = ceil(len(figures) / columns)
    width, height = max(PANEL[0] * columns, 5), PANEL[1] * rows + 0.5  # the title has its own
    layout = ConstrainedLayoutEngine(w_pad=PAD, h_pad=PAD)
    drawn = Figure(figsize=(width, height), dpi=DOTS, layout=layout)
    text = drawn.suptitle(fill(title, int(width * LETTERS)), x=PAD / width, ha="left", fontsize=10)
    text.set_parse_math(False)  # a folder's name may hold $
    axes = drawn.subplots(rows, columns, squeeze=False).ravel()
    for place, (name, values) in zip(axes, figures.items(), strict=False):
        panel(place, name, steps, [value if isfinite(value) else nan for value in values], best)
    for place in axes[len(figures) :]:
        place.remove()
    file = BytesIO()
    drawn.savefig(file, format="png", metadata={"Software": None})  # equal figures, equal bytes
    return file.getvalue()


def panel(
    axes: "Axes", name: str, steps: Sequence[int], values: Sequence[float], best: int | None
) -> None:
    """One figure."""
    from matplotlib.ticker import MaxNLocator

    axes.plot(steps, values, color=INK, linewidth=1.4, marker="o", markersize=3)
    axes.set_title(name, fontsize=10, fontweight="bold", loc="left")
    axes.set_xlabel("step", fontsize=8)
    axes.tick_params(labelsize=8, color=GRID)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=ROUND, integer=True))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=ROUND))
    axes.grid(color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)
    if best is not None:
        value = values[steps.index(best)]
        axes.axvline(best, color=BEST, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.plot([best], [value], color=BEST, marker="o", markersize=6)
        label = f"{value:.4g} after step {best:,}"
        axes.set_title(label, fontsize=8, color=BEST, loc="right")
