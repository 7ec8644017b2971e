"""Plots of the experiments, as PNG: paths, densities with a judge, and samples over D's map."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from img2img.chart import BEST, DOTS, GRID, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from torch import Tensor

SIDE = 2.6  # inches, of a panel


class Curves(NamedTuple):
    """Densities on a line, and a judge beside the best one, each (N,)."""

    x: "Tensor"
    real: "Tensor"
    drawn: "Tensor"
    best: "Tensor"
    judge: "Tensor"


class Cloud(NamedTuple):
    """Samples over what D thinks of the places."""

    caption: str
    samples: "Tensor"
    """(N, 2)."""
    map: "Tensor"
    """(n, n), of [-edge, edge]^2, y down the rows."""


def panels(
    count: int, columns: int, title: str, *, size: tuple[float, float] = (SIDE, SIDE)
) -> tuple["Figure", list["Axes"]]:
    """A page of equal panels."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    rows = ceil(count / columns)
    page = Figure(
        figsize=(size[0] * columns, size[1] * rows + 0.4),
        dpi=DOTS,
        layout=ConstrainedLayoutEngine(),
    )
    page.suptitle(title, fontsize=10)
    axes = [*page.subplots(rows, columns, squeeze=False).ravel()]
    for place in axes[count:]:
        place.remove()
    for place in axes[:count]:
        place.tick_params(labelsize=7, color=GRID)
        for side in place.spines.values():
            side.set_color(GRID)
    return page, axes[:count]


def png(page: "Figure") -> bytes:
    """Equal figures, equal bytes."""
    file = BytesIO()
    page.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def paths(
    title: str,
    found: Mapping[str, Sequence[tuple[float, float]]],
    names: tuple[str, str],
    *,
    edge: float,
) -> bytes:
    """Where two numbers go; a ring marks the start, a dot the end, a cross the solution (0, 0)."""
    page, axes = panels(len(found), min(len(found), 5), title)
    for place, (name, points) in zip(axes, found.items(), strict=True):
        across, up = zip(*points, strict=True)
        place.plot(across, up, color=INK, linewidth=0.7)
        place.plot(across[:1], up[:1], "o", color=INK, markersize=5, fillstyle="none")
        place.plot(across[-1:], up[-1:], "o", color=BEST, markersize=5)
        place.plot([0], [0], "x", color="black", markersize=5)
        place.set_title(name, fontsize=9)
        place.set_xlabel(names[0], fontsize=8)
        place.set_xlim(-edge, edge)
        place.set_ylim(-edge, edge)
        place.set_aspect("equal")
    axes[0].set_ylabel(names[1], fontsize=8)
    return png(page)


def judges(title: str, found: Mapping[str, Curves]) -> bytes:
    """D over p / (p + q), and both densities, shaded."""
    page, axes = panels(len(found), len(found), title, size=(4.4, 3.0))
    for place, (name, curves) in zip(axes, found.items(), strict=True):
        x, real, drawn, best, judge = (values.numpy() for values in curves)
        place.fill_between(x, real, color=INK, alpha=0.25, label="p, real")
        place.fill_between(x, drawn, color=BEST, alpha=0.25, label="q, drawn")
        place.plot(x, best, color="black", linewidth=2.4, alpha=0.35, label="p/(p+q)")
        place.plot(x, judge, color="black", linewidth=1, linestyle="--", label="D")
        place.set_title(name, fontsize=9)
        place.set_ylim(0, 1.05)
    axes[-1].legend(fontsize=7, frameon=False)
    return png(page)


def clouds(title: str, found: Mapping[str, Sequence[Cloud]], *, edge: float) -> bytes:
    """A row for each name, a panel for each of its moments; light is what D takes for real."""
    columns = max(len(row) for row in found.values())
    page, axes = panels(len(found) * columns, columns, title)
    for row, (name, moments) in enumerate(found.items()):
        for place, cloud in zip(axes[row * columns :], moments, strict=False):
            low, high = cloud.map.quantile(0.02), cloud.map.quantile(0.98)
            place.imshow(
                cloud.map.numpy(), cmap="Blues_r", vmin=float(low), vmax=float(high), alpha=0.6,
                extent=(-edge, edge, -edge, edge), origin="lower", interpolation="bilinear",
            )  # fmt: skip
            place.plot(*cloud.samples.T.numpy(), ".", color=BEST, markersize=1.2, alpha=0.5)
            place.set_xlim(-edge, edge)
            place.set_ylim(-edge, edge)
            place.set_title(cloud.caption, fontsize=8)
        axes[row * columns].set_ylabel(name, fontsize=9)
    return png(page)
