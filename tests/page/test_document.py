import re
from html.parser import HTMLParser
from math import inf, nan

import numpy as np
import pytest

from img2img.page import Chart, Figure, Neighbour, Row, page
from img2img.page.markup import VOID

PSNR = Figure("psnr", 20.5, True, (19.0, 22.0), {"name": "rgb", "files": 3, "nodata": None})
L1 = Figure("l1", 0.1, False, None, {})
FID = Figure("fid", 104.2, False, None, {"counts": {"fake": 3, "real": 9}}, "biased")
EVIL = "<script>\"quoted\" & 'single'\udcff\u202e.png"


def picture(seed=0, side=8):
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3)).astype(np.uint8)


def row(name, psnr, l1=0.1, **others):
    pictures = {title: picture(i) for i, title in enumerate(["input", "output", "target"])}
    return Row(name, {"psnr": psnr, "l1": l1, **others}, pictures)


class Reader(HTMLParser):
    """The elements of a page, each with the text inside; fails where one is not closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.found = [], []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len({*names})
        element = (tag, dict(attrs), [])
        self.found.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        for _, _, inside in self.open:
            inside.append(data)

    def all(self, tag, **wanted):
        return [
            (attributes, "".join(inside))
            for kind, attributes, inside in self.found
            if kind == tag and wanted.items() <= attributes.items()
        ]

    @property
    def names(self):
        return [attributes["data-name"] for attributes, _ in self.all("tbody") if attributes]


def test_the_worst_comes_first_by_the_first_metric_that_the_rows_have():
    rows = [row("a", 30), row("b", nan), row("c", 10), row("d", inf), row("e", 20)]
    read = Reader(page("t", [FID, PSNR, L1], rows, []))
    assert read.names == ["c", "e", "a", "d", "b"]
    assert [text for _, text in read.all("td", **{"class": "rank"})] == ["1", "2", "3", "4", "–"]
    [(head, _)] = read.all("th", **{"data-order": "worst"})
    assert head["aria-sort"] == "ascending"


def test_a_metric_that_falls_has_its_largest_first():
    rows = [row("a", 30, 0.1), row("b", 20, 0.3), row("c", 10, 0.2)]
    assert Reader(page("t", [PSNR, L1], rows, [], rank="l1")).names == ["b", "c", "a"]


def test_what_cannot_rank_is_named():
    with pytest.raises(
        ValueError, match=r"no picture can be ranked by 'fid'; choose from psnr, l1"
    ):
        page("t", [PSNR, L1, FID], [row("a", 1)], [], rank="fid")


def test_a_metric_without_any_figure_or_without_a_worse_end_does_not_rank():
    shift, none = PSNR._replace(name="shift", rises=None), PSNR._replace(name="none")
    rows = [row("a", 30, shift=1, none=nan), row("b", 20, shift=2, none=nan)]
    assert Reader(page("t", [none, shift, PSNR], rows, [])).names == ["b", "a"]
    html = page("t", [none, shift, PSNR], rows[::-1], [], rank="shift")
    assert "largest shift first" in html
    assert not Reader(html).all("aside")


def test_only_headings_with_a_figure_of_the_whole_are_buttons_and_they_come_first():
    read = Reader(page("t", [PSNR], [row("a", 1, edges=2.0)], []))
    heads = [(attributes.get("data-rises"), text) for attributes, text in read.all("th")]
    assert ("yes", "psnr↑") in heads
    assert [text for _, text in heads][-4:-1] == ["psnr↑", "l1", "edges"]


def test_rows_without_figures_stay_as_they_came():
    rows = [Row(name, {}, {"output": picture()}) for name in "bca"]
    assert Reader(page("t", [FID], rows, [])).names == ["b", "c", "a"]


def test_cells_hold_the_figure_for_scripts_and_how_bad_it_is():
    rows = [row("a", 10.123456789), row("b", 20), row("c", inf), row("d", nan)]
    cells = Reader(page("t", [PSNR], rows, [])).all("td", **{"data-m": "psnr"})
    told = [(cell["data-v"], text, cell.get("class"), cell.get("style")) for cell, text in cells]
    assert told == [
        ("10.123456789", "10.12", "worst", "--p:1.000"),
        ("20.0", "20", None, "--p:0.000"),
        ("Infinity", "∞", None, "--p:0.000"),
        ("NaN", "–", None, None),
    ]


def test_the_worst_is_shown_at_the_top_with_links_to_the_worst_by_others():
    rows = [row("a", 30, 0.5), row("b", 10, 0.1), row("c", 20, 0.2)]
    read = Reader(page("t", [PSNR, L1], rows, []))
    [(_, told)] = read.all("aside")
    assert told == "Worst: psnr 10 (median 20)boutputtargetby l1: a"
    ids = {attributes["id"] for attributes, _ in read.all("tbody") if attributes}
    assert {link["href"].removeprefix("#") for link, _ in read.all("a")} <= ids
    assert [link["href"] for link, _ in read.all("a")] == ["#row-0", "#row-2"]


def test_a_page_loads_nothing():
    read = Reader(html := page("t", [PSNR], [row("a", 1)], []))
    [(policy, _)] = read.all("meta", **{"http-equiv": "Content-Security-Policy"})
    assert policy["content"].startswith("default-src 'none'; img-src data:;")
    assert not re.search(r"https?://|@import|url\(|//[a-z]+\.", html)
    assert all(image["src"].startswith("data:image/") for image, _ in read.all("img"))
    assert not {"link", "iframe", "object"} & {tag for tag, _, _ in read.found}


def test_every_text_is_escaped():
    evil = Figure(EVIL, 1.0, True, None, {EVIL: EVIL}, EVIL)
    near = [Neighbour(EVIL, 0.1, picture())]
    rows = [Row(EVIL, {EVIL: 1.0}, {EVIL: picture()}, near), Row("b", {EVIL: 2.0}, {})]
    chart = Chart(EVIL, "lines", {EVIL: ([1], [2]), "b": ([1], [2])}, EVIL, EVIL, note=EVIL)
    read = Reader(html := page(EVIL, [evil], rows, [chart], warnings=[EVIL], facts={EVIL: EVIL}))
    html.encode()  # has no broken bytes left
    assert len(read.all("script")) == 1
    assert r"<script>" in read.names[0]
    assert r"\udcff\u202e.png" in read.names[0]


def test_rows_are_taken_once_and_their_pictures_dropped():
    taken = []

    def rows():
        for i in range(5):
            taken.append(i)
            yield row(str(i), i)

    read = Reader(page("t", [PSNR], rows(), []))
    assert taken == [0, 1, 2, 3, 4]
    assert len(read.all("img", alt="output of 3")) == 1


@pytest.mark.parametrize("figures", [[], [PSNR, FID]])
@pytest.mark.parametrize("rows", [[], [row("a", 20)], [row("a", nan)], [Row("a", {}, {})]])
def test_few_rows_or_figures_make_a_page_too(figures, rows):
    read = Reader(page("t", figures, rows, []))
    assert read.names == [each.name for each in rows]
    assert not read.all("aside")
    assert len(read.all("table", **{"class": "summary"})) == bool(figures)


def test_no_rows_need_no_rank():
    assert Reader(page("t", [PSNR], [], [], rank="psnr")).all("p", **{"class": "said"})


def test_the_summary_says_interval_direction_count_and_protocol():
    read = Reader(page("t", [PSNR, FID], [], []))
    heads = [text for _, text in read.all("th", scope="row")]
    assert heads == ["psnr↑", "fid↓"]
    cells = [text for _, text in read.all("td")]
    assert cells[:3] == ["20.5", "19 to 22", "3"]
    assert (cells[4], cells[6]) == ("104.2", "fake 3, real 9")
    assert [text for _, text in read.all("dd")][:3] == ["rgb", "3", "none"]
    assert "biased" in cells[5]


def test_warnings_and_facts_are_told():
    read = Reader(page("t", [], [], [], warnings=["few pictures"], facts={"outputs": "out"}))
    assert [text for _, text in read.all("p", **{"class": "warning"})] == ["few pictures"]
    assert [text for _, text in read.all("header")] == ["toutputsout"]


def test_the_difference_is_explained_where_there_is_one():
    with_one = Row("a", {}, {"difference": picture()})
    assert "not amplified" in page("t", [], [with_one], [])
    assert "four times" in page("t", [], [with_one], [], difference="four times what it is")
    assert "not amplified" not in page("t", [], [row("a", 1)], [])


def test_neighbours_are_smaller_and_tell_their_distance():
    near = [Neighbour("train/7.png", 0.25, picture(0, 300))]
    read = Reader(page("t", [], [Row("a", {}, {"output": picture()}, near)], []))
    [(image, _)] = read.all("img", alt="near to a: train/7.png")
    assert (image["width"], image["height"]) == ("128", "128")
    assert [text for _, text in read.all("span", title="train/7.png")] == ["0.25"]


def test_every_metric_of_the_rows_has_its_histogram_after_the_given_charts():
    chart = Chart("spectrum", "lines", {"real": ([1, 2], [1, 2])}, "frequency", "power")
    read = Reader(page("t", [PSNR], [row("a", 1), row("b", 2)], [chart]))
    assert [svg["aria-label"] for svg, _ in read.all("svg")] == ["spectrum", "psnr", "l1"]


def test_a_row_costs_a_few_dozen_kilobytes():
    rows = [
        Row(str(i), {}, {title: picture(i, 300) for title in ("input", "output")}) for i in range(2)
    ]
    assert len(page("t", [], rows, [])) < 4 * 90_000 + 30_000  # of noise, the worst there is


def test_what_is_left_out_stands_folded_up_by_its_reason():
    skipped = {"fid": "no weights", "kid": "no weights", "ms-ssim": "too small <b>"}
    read = Reader(page("t", [], [], [], skipped=skipped))
    assert ("3 metrics left out") in [text for _, text in read.all("summary")]
    assert [text for _, text in read.all("dt")] == ["fid, kid", "ms-ssim"]
    assert [text for _, text in read.all("dd")] == ["no weights", "too small <b>"]
    assert not Reader(page("t", [], [], [])).all("details")
