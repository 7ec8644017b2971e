"""The protocols of super-resolution, from files to the report."""

import os
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from pytest import approx
from skimage.color import rgb2ycbcr
from skimage.metrics import structural_similarity

from img2img import images
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.table import Metric
from img2img.evaluate import evaluate

DATA = os.environ.get("IMG2IMG_DATA")
needs_data = pytest.mark.skipif(DATA is None, reason="IMG2IMG_DATA names no folder of pictures")


def noise(height, width, channels=3, seed=0):
    return np.random.default_rng(seed).integers(0, 255, (height, width, channels), np.uint8)


@pytest.fixture
def sides(tmp_path):
    """Saves a fake and its real picture; the two folders."""

    def pair(fake, real, name="a.png"):
        images.write(tmp_path / "fake" / name, fake)
        images.write(tmp_path / "real" / name, real)
        return tmp_path / "fake", tmp_path / "real"

    return pair


class MissingWeightsError(ValueError):
    """As the package of weights raises it."""


@pytest.fixture
def networks(monkeypatch):
    """Stands in for the networks; `there` are the weights, `seen` what was asked and measured."""
    perception, weights = ModuleType("img2img.perception"), ModuleType("img2img.weights")
    weights.there, perception.seen = set(), []

    def find(name, folder=None):
        if name not in weights.there:
            raise MissingWeightsError(f"there are no weights {name}; get them")
        return Path(name)

    def dists_metric(span, folder):
        find("dists", folder)

    def lpips_metric(name, span, folder):
        find(name, folder)

        def state(fake, real, mask):
            perception.seen.append((name, span, folder, fake, real, mask))
            return Mean.of([0.25])

        return Metric(state, lambda mean: mean.value, "distance of features", rises=False)

    perception.lpips_metric, perception.dists_metric = lpips_metric, dists_metric
    weights.find, weights.MissingWeightsError = find, MissingWeightsError
    for module in (perception, weights):
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr("img2img." + module.__name__.split(".")[1], module, raising=False)
    return perception, weights


@pytest.mark.usefixtures("networks")
@pytest.mark.parametrize(("channels", "y", "rgb"), [(1, 49.4527, 48.1308), (3, 49.4527, 48.1308)])
def test_a_gray_offset_of_a_level_has_a_closed_form(sides, channels, y, rgb):
    real = noise(30, 32, channels)
    folders = sides(real + np.uint8(1), real)
    for protocol, expected in (("sr-y", y), ("sr-rgb", rgb)):
        found = evaluate(*folders, protocol=protocol, scale=4).metrics
        assert list(found) == ["psnr", "ssim"]
        assert found["psnr"]["value"] == approx(expected, abs=1e-4)


@pytest.mark.parametrize("protocol", ["sr-y", "sr-rgb"])
def test_what_lies_within_the_border_has_no_influence_and_what_lies_beside_it_has(sides, protocol):
    real = noise(24, 26)
    fake = real + np.uint8(1)
    metrics = ("psnr", "ssim", "l1", "accuracy")
    options = {"metrics": metrics, "protocol": protocol, "scale": 3, "palette": "builtin:town"}
    expected = evaluate(*sides(fake, real), **options)
    edge = np.ones((24, 26), bool)
    edge[3:-3, 3:-3] = False
    fake[edge] = 77
    assert evaluate(*sides(fake, real), **options).rows == expected.rows
    for row, column in ((3, 3), (-4, 3), (3, -4), (-4, -4)):
        other = fake.copy()
        other[row, column] = 255 - other[row, column]
        assert evaluate(*sides(other, real), **options).rows[0]["l1"] > expected.rows[0]["l1"]
    assert expected.metrics["psnr"]["protocol"]["counted"] == 1


def test_masks_are_shaved_as_their_pictures(sides, tmp_path):
    mask = np.zeros((24, 26, 1), np.uint8)
    mask[:12] = 255
    images.write(tmp_path / "mask" / "a.png", mask)
    real = noise(24, 26)
    fake = real.copy()
    fake[4] += 1
    report = evaluate(
        *sides(fake, real), metrics=["l1"], protocol="sr-rgb", scale=4, mask=tmp_path / "mask"
    )
    assert report.metrics["l1"]["value"] == approx(1 / 8 / 255)
    assert report.metrics["l1"]["protocol"]["counted"] == 0.5


@pytest.mark.usefixtures("networks")
def test_pictures_that_cannot_be_measured_are_refused_by_name(sides):
    tiny, low = noise(8, 40), noise(17, 40)
    with pytest.raises(ValueError, match=r"^a: a border of 4 pixels leaves nothing of 40 x 8;"):
        evaluate(*sides(tiny, tiny), protocol="sr-rgb", scale=4)
    with pytest.raises(ValueError, match=r"^a: ssim needs .* 11 x 11 pixels, not 32 x 9; leave it"):
        evaluate(*sides(low, low), protocol="sr-rgb", scale=4)
    deep = noise(30, 30).astype(np.uint16)
    with pytest.raises(ValueError, match=r"^a: the protocol sr-y compares uint8 .*not uint16 in 3"):
        evaluate(*sides(deep, deep), protocol="sr-y", scale=4)


@pytest.mark.usefixtures("networks")
def test_the_sheet_shows_the_whole_pictures(sides, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(
        images, "grid", lambda *parts: shown.append(parts) or np.zeros((1, 1, 3), np.uint8)
    )
    real = noise(30, 32)
    fake = real + np.uint8(1)
    evaluate(*sides(fake, real), protocol="sr-y", scale=4, sheet=tmp_path / "sheet.png")
    rows, _, notes = shown[0]
    for shown_one, expected in zip(rows[0], (fake, real, np.ones_like(real)), strict=True):
        assert_array_equal(shown_one, expected)
    assert notes == ["worst: psnr 49.45  a"]


def test_lpips_is_measured_where_its_weights_are_on_rgb_within_the_border(
    sides, tmp_path, networks
):
    perception, weights = networks
    weights.there = {"alexnet", "lpips-alex"}
    real = noise(30, 32)
    fake = real + np.uint8(1)
    report = evaluate(*sides(fake, real), protocol="sr-y", scale=4, weights_dir=tmp_path)
    assert list(report.metrics) == ["psnr", "ssim", "lpips-alex"]
    [(name, span, folder, seen_fake, seen_real, mask)] = perception.seen
    assert (name, span, folder, mask) == ("lpips-alex", (0, 255), tmp_path, None)
    assert_array_equal(seen_fake, fake[4:-4, 4:-4])
    assert_array_equal(seen_real, real[4:-4, 4:-4])
    told = report.metrics["lpips-alex"]["protocol"]["definition"]
    assert told == "distance of features; on RGB, under sr-y too"
    weights.there = {"alexnet"}
    assert list(evaluate(*sides(fake, real), protocol="sr-y", scale=4).metrics) == ["psnr", "ssim"]


def test_lpips_needs_its_weights_and_only_one_of_them_is_measured_unasked(sides, networks):
    perception, weights = networks
    folders = sides(noise(30, 32), noise(30, 32))
    with pytest.raises(MissingWeightsError, match="there are no weights lpips-vgg; get them"):
        evaluate(*folders, metrics=["l1", "lpips-vgg"])
    weights.there = {"lpips-vgg", "alexnet", "lpips-alex"}
    found = evaluate(*folders).metrics
    assert "lpips-alex" in found and "lpips-vgg" not in found
    assert {name for name, *_ in perception.seen} == {"lpips-alex"}
    assert evaluate(*folders, metrics=["lpips-vgg"]).metrics["lpips-vgg"]["value"] == 0.25


def enlarged(scale, target):
    """Pillow's bicubic of the given LR of Set5; the folder of it and that of the real pictures."""
    root = Path(DATA) / "sr" / "Set5" / f"x{scale}"
    for path in images.find(root / "LR"):
        low = images.read(path)
        height, width = low.shape[:2]
        images.write(target / path.name, images.resize(low, width * scale, height * scale))
    return target, root / "HR"


@needs_data
@pytest.mark.parametrize(("scale", "psnr", "ssim"), [(2, 33.66, 0.9299), (4, 28.43, 0.8104)])
def test_bicubic_of_set5_has_the_published_figures(tmp_path, scale, psnr, ssim):
    folders = enlarged(scale, tmp_path)
    found = evaluate(*folders, metrics=("psnr", "ssim"), protocol="sr-y", scale=scale).metrics
    assert found["psnr"]["value"] == approx(psnr, abs=0.05)
    assert found["ssim"]["value"] == approx(ssim, abs=0.002)


@needs_data
def test_ssim_of_set5s_luma_is_scikit_images(tmp_path):
    fakes, reals = enlarged(4, tmp_path)
    report = evaluate(fakes, reals, metrics=["ssim"], protocol="sr-y", scale=4)
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    for row in report.rows:
        pair = (images.read(side / f"{row['name']}.png") for side in (fakes, reals))
        fake, real = (rgb2ycbcr(each)[4:-4, 4:-4, 0] for each in pair)
        expected = structural_similarity(fake, real, data_range=255, **options)
        assert row["ssim"] == approx(expected, abs=1e-9)
