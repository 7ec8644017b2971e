"""The page's script, run by a browser where there is one."""

import json
import re
import shutil
import subprocess
from html import unescape
from math import inf, nan

import numpy as np
import pytest

from img2img.page import Figure, Row, page

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
TOLD = """
const log = [], rows = () => [...table.tBodies].filter((body) => !body.hidden);
const rank = (body) => body.rows[0].cells[0].textContent;
const told = () => log.push(rows().map((body) => rank(body) + body.dataset.name).join(" "));
const heads = [...table.tHead.rows[0].cells];
const head = (name) => heads.find((it) => it.textContent.startsWith(name)).firstChild;
const count = (element) => element.querySelectorAll("img").length;
const sorts = () => log.push(heads.map((it) => it.getAttribute("aria-sort") || "").join());
"""


@pytest.fixture
def run(tmp_path):
    """Does something in the page and returns what was logged."""

    def run(action):
        blank = np.zeros((4, 4, 3), np.uint8)
        figures = {"a": (3, nan), "b": (inf, 7), "c": (nan, 5), "d": (1, 9), "e": (2, 5)}
        rows = [
            Row(name, {"psnr": psnr, "l1": l1}, {"input": blank, "output": blank})
            for name, (psnr, l1) in figures.items()
        ]
        metrics = [Figure("psnr", 2.0, True, None, {}), Figure("l1", 0.5, False, None, {})]
        end = "document.body.textContent = JSON.stringify(log);"
        made = page("t", metrics, rows, [])
        made = made.replace("</body>", f"<script>{TOLD}{action}{end}</script></body>")
        (tmp_path / "page.html").write_text(made)
        asked = [BROWSER, *OPTIONS, f"--user-data-dir={tmp_path}", f"file://{tmp_path}/page.html"]
        dom = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=True).stdout
        return json.loads(unescape(re.search(r"<body>(.*)</body>", dom, re.DOTALL)[1]))

    return run


pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium")


def test_a_heading_sorts_the_worst_first_and_then_the_best_and_the_undefined_last(run):
    action = "head('psnr').click(); told(); head('psnr').click(); told();"
    action += "head('l1').click(); told(); sorts(); head('l1').click(); told(); sorts();"
    assert run("told();" + action) == [
        "1d 2e 3a 4b –c",
        "4b 3a 2e 1d –c",
        "1d 2e 3a 4b –c",
        "1d 2b 3e 4c –a",
        ",,,descending",
        "4c 3e 2b 1d –a",
        ",,,ascending",
    ]


def test_a_part_of_a_name_finds_rows(run):
    type_in = "const field = document.getElementById('filter'); field.value = 'B';"
    said = "log.push(document.getElementById('found').textContent);"
    action = type_in + "field.dispatchEvent(new Event('input')); told();" + said
    assert run(action) == ["4b", "1 of 5"]


def test_a_click_shows_the_pictures_large_and_arrows_turn_to_the_next(run):
    seen = "log.push([large.open, large.firstChild.textContent, count(large)]);"
    press = "large.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'}));"
    action = "rows()[0].querySelector('.shown button').click();" + seen + press + seen
    assert run(action + "large.click(); log.push(large.open);") == [
        [True, "d   psnr 1   l1 9", 2],
        [True, "e   psnr 2   l1 5", 2],
        False,
    ]
