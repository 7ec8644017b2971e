from math import nan

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from img2img.base.metrics.protocol import settle


def picture(dtype="uint8", channels=3):
    return np.ones((4, 5, channels), dtype)


@pytest.mark.parametrize(
    ("dtype", "channels", "name"),
    [("uint8", 1, "rgb"), ("uint8", 3, "rgb"), ("uint8", 4, "raw"), ("uint16", 3, "raw")],
)
def test_auto_is_rgb_where_that_loses_nothing(dtype, channels, name):
    assert settle("auto", picture(dtype, channels)).name == name


def test_the_range_is_the_depths_own_unless_given():
    assert settle("auto", picture()).facts()["range"] == [0, 255]
    assert settle("auto", picture("uint16")).facts()["range"] == [0, 65535]
    assert settle("auto", picture("uint16"), range=(0, 4095)).facts()["range"] == [0, 4095]
    assert settle("auto", picture("float32"), range=(-1, 1)).facts()["range"] == [-1, 1]


def test_a_float_range_that_is_missing_is_asked_for_with_what_the_picture_holds():
    real = np.array([[[-3.5], [7.25], [np.nan], [-9999]]], np.float32)
    with pytest.raises(ValueError, match=r"give --range LOW HIGH .*holds -3.5 to 7.25\)"):
        settle("auto", real, nodata=-9999)
    with pytest.raises(ValueError, match="holds no number at all"):
        settle("raw", real[:, 2:3])


def test_rgb_repeats_gray_and_raw_keeps_channels():
    rgb, raw = settle("rgb", picture()), settle("raw", picture(channels=1))
    assert rgb.pixels(picture(channels=1), "fake").shape == (4, 5, 3)
    assert raw.pixels(picture(channels=1), "fake").shape == (4, 5, 1)
    assert raw.facts() | {"nodata": None} == {
        "name": "raw", "dtype": "uint8", "channels": 1, "range": [0, 255], "border": 0,
        "nodata": None,
    }  # fmt: skip
    assert (rgb.facts()["colour_space"], rgb.facts()["channels"]) == ("RGB", 3)


def test_a_picture_of_another_kind_is_refused_by_its_side():
    rgb, raw = settle("rgb", picture()), settle("raw", picture("uint16", 1))
    for protocol, other, message in [
        (
            rgb,
            picture("uint16"),
            "compares uint8 in 1 or 3 .*not uint16 in 3, as the fake.*try raw",
        ),
        (rgb, picture(channels=5), "not uint8 in 5"),
        (raw, picture("uint16", 3), "raw compares uint16 in 1 channels here, not uint16 in 3"),
        (raw, picture("uint8", 1), "not uint8 in 1, as the fake picture is; convert it$"),
    ]:
        with pytest.raises(ValueError, match=message):
            protocol.pixels(other, "fake")


def test_integers_are_without_data_where_all_channels_say_so_and_floats_where_any():
    levels = np.array([[[0, 0], [0, 7], [7, 7]]])
    for dtype, expected in [("uint8", [[False, True, True]]), ("float32", [[False, False, True]])]:
        real = levels.astype(dtype)
        found = settle("raw", real, range=(0, 9), nodata=0).holds(real)
        assert_array_equal(found, expected)
    assert settle("raw", real, range=(0, 9)).holds(real) is None


def test_nodata_may_be_nan_or_a_number_that_float32_rounds():
    real = np.array([[[np.nan], [0.1], [1]]], np.float32)
    missing = [settle("raw", real, range=(0, 1), nodata=value).holds(real) for value in (nan, 0.1)]
    assert_array_equal(missing, [[[False, True, True]], [[True, False, True]]])
    assert settle("raw", real, range=(0, 1), nodata=nan).facts()["nodata"] == "nan"


@pytest.mark.parametrize("nodata", [nan, -1, 256, 0.5])
def test_a_nodata_that_no_pixel_can_hold_is_refused(nodata):
    with pytest.raises(ValueError, match="no pixel of uint8 holds"):
        settle("auto", picture(), nodata=nodata)


@pytest.mark.parametrize("range", [(1, 1), (2, 1), (0, nan), (-np.inf, 0)])
def test_an_empty_range_is_refused(range):
    with pytest.raises(ValueError, match="is none; give a lower and a higher number"):
        settle("auto", picture("float32"), range=range)


def test_an_unknown_protocol_is_refused():
    with pytest.raises(ValueError, match="'sr'; choose from rgb, raw, sr-y, sr-rgb, auto"):
        settle("sr", picture())


def test_super_resolution_is_measured_within_a_border_of_the_scale_and_the_report_says_so():
    gray, colours = picture(channels=1), picture()
    y, rgb = (settle(name, gray, scale=4) for name in ("sr-y", "sr-rgb"))
    facts = {"dtype": "uint8", "range": [0, 255], "border": 4, "scale": 4, "nodata": None}
    assert y.facts() == facts | {
        "name": "sr-y", "colour_space": "Y of BT.601, 16 to 235", "channels": 1
    }  # fmt: skip
    assert rgb.facts() == facts | {"name": "sr-rgb", "colour_space": "RGB", "channels": 3}
    for protocol, channels in ((y, 1), (rgb, 3)):
        for side in (gray, colours):
            seen = protocol.pixels(side, "fake")
            assert seen.shape == (4, 5, 3)
            assert protocol.unit(seen).shape == (4, 5, channels)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("sr-y", {}, "sr-y shaves off as many pixels as pictures grew by; give --scale N"),
        ("sr-rgb", {"scale": 0}, "no picture was enlarged by 0; give --scale a number from 1"),
        ("rgb", {"scale": 4}, "--scale 4 has no effect on the protocol rgb; .*from sr-y, sr-rgb"),
        ("auto", {"scale": 4}, "--scale 4 has no effect on the protocol auto"),
        ("sr-y", {"scale": 4, "range": (0, 1)}, "sr-y has the range 0 to 255, not 0 to 1; leave"),
    ],
)
def test_a_scale_or_range_that_is_missing_or_idle_is_one_sentence(name, options, message):
    with pytest.raises(ValueError, match=message):
        settle(name, picture(), **options)


def test_super_resolution_compares_8_bits_alone_and_names_the_kind_it_was_given():
    protocol = settle("sr-y", picture("uint16"), scale=2)
    with pytest.raises(ValueError, match=r"sr-y compares uint8 .*not uint16 in 3, as the real pic"):
        protocol.pixels(picture("uint16"), "real")
