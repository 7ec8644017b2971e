import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from img2img.encodings import Levels, described

RNG = np.random.default_rng(0)


def noise(*shape, dtype):
    if dtype == "float32":
        return RNG.normal(size=shape).astype(dtype)
    return RNG.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


@given(
    dtype=st.sampled_from(["uint8", "uint16"]),
    low=st.integers(0, 200),
    span=st.integers(1, 60000),
    channels=st.integers(1, 5),
)
def test_integers_inside_the_range_come_back_exactly(dtype, low, span, channels):
    high = min(low + span, np.iinfo(dtype).max)
    encoding = Levels(channels=channels, dtype=dtype, low=low, high=high)
    picture = np.linspace(low, high, 4 * 3 * channels).astype(dtype).reshape(4, 3, channels)
    assert np.array_equal(encoding.decode(encoding.encode(picture)), picture)


def test_each_channel_has_its_own_range():
    encoding = Levels(channels=3, dtype="float32", low=(0, 250, -1), high=(1, 310, 1))
    ends = np.array([[[0, 250, -1], [1, 310, 1]]], np.float32)
    assert encoding.encode(ends).tolist() == [[[-1, 1]]] * 3
    assert np.allclose(encoding.decode(encoding.encode(ends)), ends)


def test_what_lies_outside_the_range_is_clipped():
    encoding = Levels(channels=1, dtype="uint16", low=100, high=4095)
    picture = np.array([[[0], [100], [4095], [65535]]], np.uint16)
    assert encoding.encode(picture).ravel().tolist() == [-1, -1, 1, 1]


@pytest.mark.parametrize(
    ("dtype", "nodata", "picture", "expected"),
    [
        ("uint8", 0, [[0, 0], [0, 5], [7, 7]], [False, True, True]),
        ("float32", -9999, [[-9999, 1], [1, 1], [-9999, -9999]], [False, True, False]),
        ("float32", "nan", [[np.nan, 1], [1, 1], [np.nan, np.nan]], [False, True, False]),
    ],
)
def test_a_pixel_has_no_data_where_all_integers_or_any_float_says_so(
    dtype, nodata, picture, expected
):
    encoding = Levels(channels=2, dtype=dtype, high=1e4, nodata=nodata)
    assert encoding.visible(np.array([picture], dtype)).tolist() == [expected]
    assert Levels(channels=2, dtype=dtype, high=1e4).visible(np.array([picture], dtype)) is None


def test_what_is_hidden_fades_in_from_around_and_comes_back_as_nodata():
    encoding = Levels(channels=2, dtype="float32", low=(0, 200), high=(1, 300), nodata=-9999)
    picture = np.array([[[-9999, 250], [0.25, 225]]], np.float32)
    counts = encoding.visible(picture)
    values = encoding.encode(encoding.filled(picture, counts))
    assert values[:, 0, 0].tolist() == values[:, 0, 1].tolist() == [-0.5, -0.5]
    nothing = encoding.filled(picture, counts & False)
    assert not encoding.encode(nothing).any()  # the middle, where nothing is visible
    back = encoding.hide(encoding.decode(values), counts)
    assert back.tolist() == [[[-9999, -9999], [0.25, 225]]]


@pytest.mark.parametrize("nodata", ["nan", -9999, 300, 1.5])
def test_integers_cannot_hold_what_is_no_integer_of_theirs(nodata):
    with pytest.raises(ValidationError, match=f"uint8 pictures cannot hold nodata {nodata}"):
        Levels(channels=1, nodata=nodata)


def test_a_range_fits_its_channels_and_rises():
    with pytest.raises(ValidationError, match="2 ends of a range do not fit 3 channels"):
        Levels(channels=3, low=(0, 1))
    with pytest.raises(ValidationError, match="low 7 is not below high 7"):
        Levels(channels=2, low=(0, 7), high=(5, 7))


def test_not_a_number_is_refused_with_the_option_that_helps():
    picture = np.full((1, 1, 1), np.nan, np.float32)
    with pytest.raises(ValueError, match="say nodata nan"):
        Levels(channels=1, dtype="float32", high=1).encode(picture)


@pytest.mark.parametrize(("channels", "shown"), [(1, 1), (2, 1), (3, 3), (5, 3)])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_any_picture_can_be_shown(channels, shown, dtype):
    encoding = Levels(channels=channels, dtype=dtype, low=0, high=100)
    picture = np.zeros((2, 2, channels), dtype)
    picture[0] = 100
    eye = encoding.show(picture)
    assert eye.dtype == np.uint8 and eye.shape == (2, 2, shown)
    assert (eye[0] == 255).all() and (eye[1] == 0).all()


def test_a_whole_8_bit_picture_is_shown_as_it_is():
    picture = noise(4, 4, 3, dtype="uint8")
    assert np.array_equal(Levels(channels=3).show(picture), picture)


def test_older_descriptions_with_plain_numbers_are_read():
    old = {"kind": "image", "channels": 3, "dtype": "uint8", "low": 0.0, "high": 255.0}
    assert described(old) == Levels(channels=3)
