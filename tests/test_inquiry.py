import subprocess
import sys
from pathlib import Path

import pytest

from img2img.base.metrics.set_table import SETS
from img2img.base.metrics.table import DEFINITIONS
from img2img.inquiry import CLASSED, Inquiry, Options, chosen
from img2img.learned import NAMES
from img2img.variety import learned_sets

LEVELS = [name for name in (*DEFINITIONS, *NAMES) if name not in CLASSED]
ALL_SETS = [*SETS, *learned_sets()]
METRICS = Path(__file__).parents[1] / "img2img/base/metrics"


def test_names_are_sorted_by_what_they_judge_in_their_order_and_once():
    found = chosen(["fid", "ssim", "cycle", "l1", "fid", "iou"])
    assert found[:3] == (("ssim", "l1", "iou"), ("fid",), ("cycle",))
    assert chosen(["psnr", "l1", "psnr"])[:3] == (("psnr", "l1"), (), ())
    assert chosen(None)[:3] == (None, None, None)


def test_groups_stand_for_all_of_their_kind_which_need_not_be_measurable():
    assert [*chosen(["pairs"]).pairs] == LEVELS and not chosen(["pairs"]).sets
    assert [*chosen(["sets"]).sets] == ALL_SETS and not chosen(["sets"]).pairs
    both = chosen(["kid", "all"])
    assert [*both.pairs] == LEVELS
    assert [*both.sets] == ["kid", *(name for name in ALL_SETS if name != "kid")]
    assert both.spelt & {*LEVELS, *ALL_SETS} == {"kid"}
    assert both.sure == ("l1",) and chosen(["all", "ssim"]).sure == ("ssim",)
    assert chosen(None).sure is None


@pytest.mark.parametrize("names", [["fidd"], ["l1", "lpips"], ["sets", "none"]])
def test_a_name_that_is_unknown_is_told_with_those_that_are(names):
    with pytest.raises(
        ValueError, match=f"unknown metric '{names[-1]}'.*; choose from pairs, sets,"
    ):
        chosen(names)
    with pytest.raises(ValueError, match="no metric is named; choose from l1, mse"):
        chosen([])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("auto", ("auto", "pytorch-fid")),
        ("rgb,clean", ("rgb", "clean")),
        ("torch-fidelity, raw", ("raw", "torch-fidelity")),
        ("clean", ("auto", "clean")),
        ("", ("auto", "pytorch-fid")),
    ],
)
def test_a_protocol_names_one_of_each_kind(given, expected):
    assert Inquiry(protocol=given).protocols == expected


@pytest.mark.parametrize("given", ["rgb,raw", "clean,rgb,pytorch-fid"])
def test_two_protocols_of_one_kind_are_refused(given):
    with pytest.raises(ValueError, match="are protocols of one kind; choose one"):
        Inquiry(protocol=given).protocols  # noqa: B018


def test_options_and_an_inquiry_have_the_same_names():
    assert [*Options.__annotations__] == [*Inquiry._fields]


def fresh(code, *arguments):
    """What a new interpreter says."""
    found = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def test_psnr_is_measured_without_torch_and_scipy(tmp_path):
    code = """
import sys
import numpy as np
from img2img import images
from img2img.evaluate import evaluate
for side in "ab":
    images.write(f"{sys.argv[1]}/{side}/0.png", np.full((12, 12, 3), ord(side), np.uint8))
evaluate(f"{sys.argv[1]}/a", f"{sys.argv[1]}/b", metrics=["psnr"])
print([name for name in ("torch", "scipy", "kornia") if name in sys.modules])
"""
    assert fresh(code, str(tmp_path)) == "[]"


def test_importing_all_metrics_loads_no_slow_library():
    modules = [f"img2img.base.metrics.{path.stem}" for path in METRICS.glob("[a-z]*.py")]
    assert len(modules) > 50
    code = """
import sys
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name)
slow = ("torchmetrics", "torchvision", "scipy.linalg", "scipy.stats", "sklearn", "kornia")
print([name for name in slow if name in sys.modules])
"""
    assert fresh(code, *modules) == "[]"
