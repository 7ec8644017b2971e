from math import inf, nan
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from img2img.page.axes import axis
from img2img.page.charts import LARGE, drawn
from img2img.page.histograms import histogram
from img2img.page.parts import Chart

ANY = st.lists(st.floats(), max_size=12)


def parts(chart, kind):
    return fromstring(drawn(chart)).findall(f".//{kind}")


def lines(series, **options):
    return Chart("spectrum", "lines", series, "frequency", "power", **options)


def numbers(svg):
    return [
        float(value)
        for element in fromstring(svg).iter()
        for name, value in element.items()
        if name in ("x", "x1", "x2", "y", "y1", "y2", "width", "height")
    ]


@given(ANY, st.sampled_from([True, False, None]))
def test_histograms_of_anything_are_drawn_within_their_frame(values, rises):
    made = numbers(drawn(histogram("psnr", values, rises)))
    assert all(-10 <= number <= max(LARGE) for number in made)


@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=8), st.booleans(), st.booleans())
def test_lines_of_anything_are_drawn_within_their_frame(points, log_x, log_y):
    xs, ys = zip(*points, strict=True) if points else ((), ())
    chart = lines({"real": (xs, ys)}, log_x=log_x, log_y=log_y, marks={"here": 2.0})
    assert all(-10 <= number <= max(LARGE) for number in numbers(drawn(chart)))


def test_bars_are_as_high_as_their_counts():
    chart = Chart("h", "histogram", {"a": ([0, 1, 2, 4], [1, 0, 4])}, "x", "n")
    first, second = parts(chart, "rect")
    assert float(second.get("height")) == approx(4 * float(first.get("height")), abs=0.3)
    assert float(second.get("width")) > 1.9 * float(first.get("width"))
    assert second.find("title").text == "2 to 4: 4"


def test_counts_have_whole_numbers_beside_them():
    def said(counts):
        chart = Chart("h", "histogram", {"a": ([0, 1, 2], counts)}, "x", "n")
        return [each.text for each in parts(chart, "text") if each.get("text-anchor") == "end"]

    assert said([1, 1])[:-1] == ["0", "1"]
    assert "0.2" in said([0.5, 1])


def test_every_finite_figure_is_counted_and_the_others_are_told():
    chart = histogram("psnr", [1.0, 2.0, 2.5, 9.0, inf, nan, nan], True)
    [(edges, counts)] = chart.series.values()
    assert (edges[0], edges[-1], sum(counts)) == (1, 9, 4)
    assert chart.marks == {"median 2.25": 2.25}
    assert chart.note == "not drawn: 1 infinite and 2 undefined"
    assert chart.worst == "low"


@pytest.mark.parametrize("values", [[3.0], [3.0] * 5, [0.0, 0.0], [0.1, np.nextafter(0.1, 1)]])
def test_equal_figures_are_one_bar_without_a_worst_end(values):
    chart = histogram("l1", values, False)
    [bar] = parts(chart, "rect")
    assert bar.get("class") == "s0"
    [(edges, _)] = chart.series.values()
    assert edges[0] < values[0] < edges[-1]


@pytest.mark.parametrize("values", [[-1.7e308, 1.7e308], [0.0, 5e-324], [1e-323, 1e308]])
@pytest.mark.parametrize("log", [True, False])
def test_numbers_at_the_edge_of_what_floats_hold_do_no_harm(values, log):
    drawn(histogram("psnr", values, True))
    drawn(lines({"real": (values, values)}, log_x=log, log_y=log))


@pytest.mark.parametrize("values", [[], [nan, nan], [inf]])
def test_without_a_figure_there_is_a_remark_and_no_drawing(values):
    chart = histogram("psnr", values, True)
    assert not parts(chart, "svg")
    assert parts(chart, "p")[0].text == (chart.note or "nothing to draw")


def test_the_worst_end_is_the_strongest():
    bars = parts(histogram("psnr", range(100), True), "rect")
    shares = [float(bar.get("style").removeprefix("--p:")) for bar in bars]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.9
    assert shares[-1] < 0.1


def test_a_power_law_is_straight_on_logarithmic_axes():
    xs = 2.0 ** np.arange(6)
    [path] = parts(lines({"real": (xs, xs**-2)}, log_x=True, log_y=True), "path")
    points = np.array([step.split() for step in path.get("d")[1:].split("L")], float)
    assert np.diff(points, 2, axis=0) == approx(0, abs=0.21)


def test_a_line_is_broken_where_a_number_is_missing():
    [path] = parts(lines({"a": ([1, 2, 3, 4, 5], [1, 2, nan, 4, 5])}), "path")
    assert [letter for letter in path.get("d") if letter.isalpha()] == ["M", "L", "M", "L"]


def test_several_series_are_told_apart():
    chart = lines({"real": ([1, 2], [1, 2]), "<fake>": ([1, 2], [2, 1])})
    assert [(key.text, key.get("class")) for key in parts(chart, "span")] == [
        ("real", "key s0"),
        ("<fake>", "key s1"),
    ]
    assert [path.get("class") for path in parts(chart, "path")] == ["line s0", "line s1"]


def test_marks_stand_at_their_place():
    chart = lines({"a": ([0, 10], [0, 1])}, marks={"half": 5.0, "outside": 11.0})
    [mark] = [line for line in parts(chart, "line") if line.get("class") == "mark"]
    found = axis([0, 10], 44, LARGE[0] - 8)
    assert float(mark.get("x1")) == approx(found.at(5))
    assert "outside" not in drawn(chart)
