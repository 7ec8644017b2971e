from functools import partial, reduce
from operator import add

import numpy as np
import pytest
from pytest import approx

from img2img.base.metrics.classes import Segmenter, coloured, indexed, segmented
from img2img.base.metrics.palette import Palette
from img2img.base.metrics.span import Span
from img2img.base.metrics.table import DEFINITIONS, choose

PALETTE = Palette(("black", "white"), np.array([[0] * 3, [255] * 3], np.uint8))
SIDES = (162, 162)  # of ms-ssim, which needs the most
LARGER = (200, 180)  # where as much may be hidden
METRICS = choose(tuple(DEFINITIONS), Span(0, 255), coloured(PALETTE))


def test_every_metric_is_a_state_that_adds():
    fakes, reals = np.random.default_rng(0).integers(0, 256, (2, 4, *SIDES, 3), np.uint8)
    for metric in METRICS.values():
        states = [metric.state(*pair, None) for pair in zip(fakes, reals, strict=True)]
        halves = reduce(add, states[:1]) + reduce(add, states[1:])
        assert metric.finish(halves) == approx(metric.finish(reduce(add, states)), rel=1e-12)


def test_the_better_picture_wins_by_every_metric():
    real = np.zeros((*SIDES, 3), np.uint8)
    real[:60] = 160
    real[:, 90:] = 230
    near, far = real.copy(), 200 - np.minimum(real, 200).swapaxes(0, 1)[: SIDES[0], : SIDES[1]]
    near[:3] = 130
    for metric in METRICS.values():
        better, worse = (metric.finish(metric.state(fake, real, None)) for fake in (near, far))
        assert (better > worse) == metric.rises


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["l1", "fid"], "unknown metric 'fid'; choose from l1, mse, psnr, ssim, .*, accuracy"),
        (["iou"], "iou needs a palette"),
        ([], "no metric is named; choose from l1"),
    ],
)
def test_a_metric_that_cannot_be_had_is_one_sentence(names, message):
    with pytest.raises(ValueError, match=message):
        choose(names, Span(0, 255))


def test_others_are_made_only_when_they_are_named_and_for_the_range():
    asked = []

    def made(name, span):
        asked.append((name, span))
        return METRICS["l1"]

    others = {name: partial(made, name) for name in "ab"}
    found = choose(["psnr", "b"], Span(0, 255), others=others)
    assert list(found) == ["psnr", "b"] and found["b"] is METRICS["l1"]
    assert asked == [("b", (0, 255))]
    with pytest.raises(ValueError, match=r"unknown metric 'c'; choose from l1, .*, iou, a, b"):
        choose(["c"], Span(0, 255), others=others)


def test_hidden_pixels_have_no_influence_and_a_hidden_picture_adds_nothing():
    draw = np.random.default_rng(0)
    fake, real, other = draw.integers(0, 256, (3, *LARGER, 3), np.uint8)
    mask = np.ones(LARGER, bool)
    mask[-16:] = False
    changed = np.where(mask[..., None], real, other)
    for metric in METRICS.values():
        state = metric.state(fake, real, mask)
        assert metric.finish(metric.state(fake, changed, mask)) == metric.finish(state)
        assert np.isfinite(metric.finish(state))
        hidden = metric.state(fake, real, np.zeros_like(mask))
        assert np.isnan(metric.finish(hidden))
        assert metric.finish(state + hidden) == metric.finish(state)


def test_what_the_real_picture_ignores_is_never_asked():
    real = np.array([[0, 1, 255, 255]], np.uint8)[..., None]
    fake = np.array([[0, 0, 255, 7]], np.uint8)[..., None]
    metrics = choose(["accuracy", "iou"], Span(0, 255), indexed(2, ignore=255))
    found = {k: metric.finish(metric.state(fake, real, None)) for k, metric in metrics.items()}
    assert found == {"accuracy": 0.5, "iou": 0.25}
    first = np.array([[True, False, True, True]])
    assert metrics["accuracy"].finish(metrics["accuracy"].state(fake, real, first)) == 1


def test_every_metric_has_an_interval_of_its_pictures():
    draw = np.random.default_rng(0)
    reals = draw.integers(0, 256, (4, *SIDES, 3), np.uint8)
    fakes = [np.where(draw.random(reals[0].shape) < i / 5, 99, reals[i]) for i in range(1, 4)]
    for metric in METRICS.values():
        states = [
            metric.state(fake.astype(np.uint8), real, None)
            for fake, real in zip(fakes, reals[1:], strict=True)
        ]
        low, high = metric.interval(states)
        values = [metric.finish(state) for state in states]
        assert low < metric.finish(reduce(add, states)) < high
        assert (low, high) == approx((min(values), max(values)), rel=1e-9)  # 1 of 27 draws each
        assert np.isnan(metric.interval(states[:1])).all()


def test_class_accuracy_is_the_mean_over_the_classes_of_the_real_pictures():
    real = np.array([[0, 0, 0, 0, 1, 1]], np.uint8)[..., None]
    fake = np.array([[0, 0, 0, 2, 1, 2]], np.uint8)[..., None]
    found = choose(["class-accuracy", "accuracy"], Span(0, 255), indexed(3))
    metric = found["class-accuracy"]
    state = metric.state(fake, real, None)
    assert metric.finish(state) == (3 / 4 + 1 / 2) / 2
    assert metric.classes(state).tolist() == approx([3 / 4, 1 / 2, np.nan], nan_ok=True)
    assert found["accuracy"].classes is None


def test_fakes_that_are_photos_are_classed_by_a_segmenter():
    photo = np.array([[[9, 9, 9], [200, 0, 0]]], np.uint8)
    bright = Segmenter(lambda picture: (picture.max(2) > 100).astype(int), "brightness", 2)
    classes = segmented(coloured(PALETTE), bright)
    metric = choose(["accuracy"], Span(0, 255), classes)["accuracy"]
    real = np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)
    assert metric.finish(metric.state(photo, real, None)) == 1
    assert "brightness for fakes and nearest palette colour for real" in metric.definition
    with pytest.raises(ValueError, match=r"brightness tells 2 classes apart, but .* have 3; give"):
        segmented(indexed(3), bright)


def test_definitions_say_what_a_pixel_tells_its_class_by():
    by_value = choose(["accuracy", "iou"], Span(0, 255), indexed(2))
    assert all("pixel value" in metric.definition for metric in by_value.values())
    assert "nearest palette colour" in METRICS["iou"].definition
