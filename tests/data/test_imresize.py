import os
from math import ceil, floor
from pathlib import Path

import numpy as np
import pytest

from img2img import images
from img2img.data.imresize import resized, shrunk

KINDS = [(np.uint8, 255), (np.uint16, 65535), (np.float32, None)]


def drawn(height, width, channels=3, dtype=np.uint8, seed=0):
    rng = np.random.default_rng(seed)
    if dtype == np.float32:
        return rng.normal(size=(height, width, channels)).astype(dtype)
    return rng.integers(0, np.iinfo(dtype).max, (height, width, channels), dtype, endpoint=True)


def cubic(x):
    x = abs(x)
    if x <= 1:
        return 1.5 * x**3 - 2.5 * x**2 + 1
    return -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2 if x <= 2 else 0.0


def line(values, length, factor, most):
    """One line of numbers by the definition, a pixel after the other."""
    shrink, made = min(factor, 1), []
    for place in range(length):
        centre = (place + 0.5) / factor - 0.5
        taps = range(floor(centre - 2 / shrink) - 1, ceil(centre + 2 / shrink) + 2)
        weights = [cubic(shrink * (centre - tap)) for tap in taps]
        mirror = [*range(len(values)), *reversed(range(len(values)))]
        value = sum(
            w * float(values[mirror[tap % len(mirror)]])
            for w, tap in zip(weights, taps, strict=True)
        )
        value /= sum(weights)
        made.append(value if most is None else min(max(floor(value + 0.5 + 1e-9), 0), most))
    return made


def slow(picture, height, width, factors, most, axes=(0, 1)):
    for axis in axes:
        length, factor = (height, width)[axis], factors[axis]
        picture = np.apply_along_axis(line, axis, picture, length, factor, most)
    return picture


@pytest.mark.parametrize(("dtype", "most"), KINDS)
@pytest.mark.parametrize(
    ("height", "width", "scale"), [(13, 22, 2), (9, 17, 3), (4, 200, 4), (3, 5, 8)]
)
def test_a_picture_is_shrunk_as_the_definition_says(dtype, most, height, width, scale):
    picture = drawn(height, width, dtype=dtype)
    found, sides = shrunk(picture, scale), (ceil(height / scale), ceil(width / scale))
    assert found.dtype == dtype and found.shape == (*sides, 3)
    expected = slow(picture, *sides, (1 / scale, 1 / scale), most)
    assert np.allclose(found, expected, rtol=1e-6, atol=1e-6 if most is None else 0)


@pytest.mark.parametrize(
    ("height", "width", "axes"), [(15, 9, (1, 0)), (8, 19, (0, 1)), (33, 41, (1, 0))]
)
def test_the_axis_that_shrinks_most_is_first_and_enlarging_does_not_blur(height, width, axes):
    picture = drawn(20, 30, channels=1)
    factors = height / 20, width / 30
    assert np.array_equal(
        resized(picture, width, height), slow(picture, height, width, factors, 255, axes)
    )


def test_rows_are_first_where_both_axes_shrink_alike_and_it_shows():
    picture = drawn(40, 40)
    other = shrunk(picture.swapaxes(0, 1), 4).swapaxes(0, 1)
    assert np.array_equal(shrunk(picture, 4), slow(picture, 10, 10, (0.25, 0.25), 255))
    assert not np.array_equal(shrunk(picture, 4), other)


def test_the_weights_of_half_size_are_the_kernel_at_quarters():
    impulse = np.zeros((1, 32, 1), np.float32)
    impulse[0, 16] = 1
    found = resized(impulse, 16, 1)[0, 6:11, 0] * 256
    assert found.tolist() == [-3, 29, 111, -9, 0]


def test_a_tie_goes_up():
    stripes = np.zeros((8, 64, 1), np.uint8)
    stripes[:, ::2] = 1
    assert (shrunk(stripes, 2)[:, 2:-2] == 1).all()


@pytest.mark.parametrize("scale", [2, 3, 4, 8])
def test_a_plain_picture_stays_so_and_a_slope_keeps_its_rise(scale):
    assert (shrunk(np.full((50, 60, 3), 77, np.uint8), scale) == 77).all()
    slope = np.arange(960, dtype=np.float32)[None, :, None].repeat(16, axis=0)
    inner = shrunk(slope, scale)[0, 3:-3, 0]
    assert np.allclose(inner, np.arange(3, 3 + len(inner)) * scale + (scale - 1) / 2, rtol=1e-6)


@pytest.mark.parametrize(("name", "scale", "count"), [
    ("Set5", 2, 387_624), ("Set5", 4, 87_894), ("Set14", 2, 2_138_299), ("Set14", 4, 498_555),
])  # fmt: skip
def test_the_benchmarks_are_shrunk_as_their_makers_did(name, scale, count):
    if "IMG2IMG_DATA" not in os.environ:
        pytest.skip("IMG2IMG_DATA names no folder with sr/Set5 and sr/Set14")
    root = Path(os.environ["IMG2IMG_DATA"]) / "sr" / name / f"x{scale}"
    compared = 0
    for file in images.find(root / "HR"):
        made, given = shrunk(images.read(file), scale), images.read(root / "LR" / file.name)
        assert made.shape == given.shape
        inner = np.s_[4:-4, 4:-4]
        assert np.array_equal(made[inner], given[inner]), file
        compared += made[inner].size
    assert compared == count  # values, of three channels each
