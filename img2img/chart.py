"""Chart: figures over the steps of a run, a panel for each."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from math import ceil, isfinite, nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = 3  # panels side by side
PANEL = (3.6, 2.6)  # inches, width and height
DOTS = 120  # per inch
INK, BEST, GRID = "#1f4e79", "#c8501e", "#e4e4e4"


def chart(
    title: str, steps: Sequence[int], figures: Mapping[str, Sequence[float]], best: int | None
) -> bytes:
    """A PNG with a panel for each figure, the step `best`, one of them, marked in all.

    `figures` hold a value for each step, ascending; those that are not finite are left out.
    """
    from matplotlib.figure import Figure

    columns = min(COLUMNS, len(figures))
    rows = ceil(len(figures) / columns)
    size = (max(PANEL[0] * columns, 5), PANEL[1] * rows + 0.5)  # the title's own width and height
    drawn = Figure(figsize=size, dpi=DOTS, layout="constrained")
    drawn.suptitle(title, fontsize=10, x=0.01, ha="left")
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
    axes.plot(steps, values, color=INK, linewidth=1.4, marker="o", markersize=3)
    axes.set_title(name, fontsize=10)
    axes.set_xlabel("step", fontsize=8)
    axes.tick_params(labelsize=8, color=GRID)
    axes.locator_params(nbins=5)
    axes.grid(color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)
    if best is not None:
        value = values[steps.index(best)]
        axes.axvline(best, color=BEST, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.plot([best], [value], color=BEST, marker="o", markersize=6)
        label = f"step {best}: {value:.4g}"
        axes.set_title(label, fontsize=8, color=BEST, loc="right")
