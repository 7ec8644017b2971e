"""Charts as SVG inside the page, in its own colours."""

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from img2img.page.axes import Axis, axis, frame
from img2img.page.markup import Markup, joined, tag
from img2img.page.numbers import written
from img2img.page.parts import Chart
from img2img.page.standing import Standing

COLOURS = 6  # of series; then they begin again
LEFT, TOP, BOTTOM = 44, 22, 34  # units around a drawing, for the axes
LARGE, SMALL = (480, 240), (240, 150)  # width and height


def drawn(chart: Chart, size: tuple[int, int] = LARGE) -> Markup:
    """The chart with its title, or with the remark that there is nothing to draw."""
    title = tag("figcaption", tag("b", chart.title), legend(chart))
    x, y = axes(chart, *size)
    if x is None or y is None:
        return tag("figure", title, tag("p", chart.note or "nothing to draw"))
    shapes = bars(chart, x, y) if chart.kind == "histogram" else lines(chart, x, y)
    svg = tag(
        "svg",
        frame(x, y, chart.x_label, chart.y_label),
        *shapes,
        *marks(chart, x, y),
        viewBox=f"0 0 {size[0]} {size[1]}",
        role="img",
        aria_label=chart.title,
    )
    note = tag("p", chart.note) if chart.note else ""
    return tag("figure", title, svg, note)


def axes(chart: Chart, width: int, height: int) -> tuple[Axis | None, Axis | None]:
    """Both axes, that of bars from 0."""
    xs = chain.from_iterable(xs for xs, _ in chart.series.values())
    ys = [float(y) for _, ys in chart.series.values() for y in ys]
    ys += [0.0] * (chart.kind == "histogram")
    x = axis(xs, LEFT, width - 8, log=chart.log_x)
    y = axis(ys, height - BOTTOM, TOP, log=chart.log_y)
    whole = chart.kind == "histogram" and all(y.is_integer() for y in ys)
    return x, y and y._replace(whole=whole)


def legend(chart: Chart) -> Markup:
    """The colours of several series."""
    if len(chart.series) < 2:
        return Markup()
    names = enumerate(chart.series)
    return joined(*(tag("span", name, class_=f"key s{i % COLOURS}") for i, name in names))


def lines(chart: Chart, x: Axis, y: Axis) -> Iterator[Markup]:
    """A line for each series, broken where a number is missing."""
    for i, (xs, ys) in enumerate(chart.series.values()):
        yield tag("path", d=Markup(path(x, y, xs, ys)), class_=f"line s{i % COLOURS}")


def path(x: Axis, y: Axis, xs: Sequence[float], ys: Sequence[float]) -> str:
    """Through all points that the axes have."""
    steps, pen = [], "M"
    for a, b in zip(xs, ys, strict=True):
        if x.has(a) and y.has(b):
            steps.append(f"{pen}{x.at(a):.1f} {y.at(b):.1f}")
            pen = "L"
        else:
            pen = "M"
    return "".join(steps)


def bars(chart: Chart, x: Axis, y: Axis) -> Iterator[Markup]:
    """A bar for each bin that is not empty; the nearer to the worst end, the stronger."""
    ends = Standing(x.low, x.high, None if chart.worst is None else chart.worst == "low")
    for i, (edges, counts) in enumerate(chart.series.values()):
        for (low, high), count in zip(pairwise(edges), counts, strict=True):
            if not (x.has(low) and x.has(high) and y.has(count) and count > 0):
                continue
            share = None if chart.worst is None else ends.share((low + high) / 2)
            top, left, right = y.at(count), x.at(low), x.at(high)
            yield tag(
                "rect",
                tag("title", f"{written(low)} to {written(high)}: {written(count)}"),
                x=f"{left + 0.5:.1f}",
                y=f"{top:.1f}",
                width=f"{max(right - left - 1, 0.5):.1f}",
                height=f"{y.start - top:.1f}",
                class_=f"s{i % COLOURS}" if share is None else "shade",
                style=None if share is None else f"--p:{share:.3f}",
            )


def marks(chart: Chart, x: Axis, y: Axis) -> Iterator[Markup]:
    """A broken line with its name at each place that is pointed out."""
    for name, value in chart.marks.items():
        if not x.has(value):
            continue
        place = x.at(value)
        late = place > (x.start + x.end) / 2
        yield tag("line", x1=place, x2=place, y1=y.start, y2=y.end - 6, class_="mark")
        side = {"x": place - 4, "text_anchor": "end"} if late else {"x": place + 4}
        yield tag("text", name, y=y.end, class_="mark", **side)
