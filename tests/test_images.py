import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError

from img2img.images import Levels, grid, resize, to_channels

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_every_level_survives_the_way_to_values_and_back(dtype):
    levels = np.arange(np.iinfo(dtype).max + 1, dtype=dtype).reshape(16, -1, 1)
    encoding = Levels.of(levels)
    values = encoding.encode(levels)
    assert values.dtype == np.float32
    assert (values.min(), values.max()) == (-1, 1)
    back = encoding.decode(values)
    assert back.dtype == levels.dtype
    assert np.array_equal(back, levels)


def test_values_are_bit_equal_to_the_usual_normalisation():
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    usual = (levels.astype(np.float32) / np.float32(255) - np.float32(0.5)) / np.float32(0.5)
    assert np.array_equal(Levels(channels=1).encode(levels)[0], usual[..., 0])


def test_decoding_clips_and_rounds():
    values = np.array([-7, -1, -0.9999, 0.0, 0.0039, 1, 7.0]).reshape(1, 1, -1)
    assert Levels(channels=1).decode(values).ravel().tolist() == [0, 0, 0, 128, 128, 255, 255]


@given(low=st.floats(-1e3, 1e3), span=st.floats(1, 1e4))
@settings(max_examples=25, deadline=None)
def test_any_float_range_goes_there_and_back(low, span):
    encoding = Levels(channels=1, dtype="float32", low=low, high=low + span)
    picture = np.linspace(low, low + span, 9).astype(np.float32).reshape(3, 3, 1)
    values = encoding.encode(picture)
    assert np.abs(values).max() < 1 + 1e-3
    tolerance = 4e-7 * (abs(low) + span)
    assert np.allclose(encoding.decode(values), picture, rtol=0, atol=tolerance)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_refused(bad):
    values = np.zeros((1, 2, 2), np.float32)
    values[0, 1, 1] = bad
    with pytest.raises(ValueError, match="1 of 4 values are not finite"):
        Levels(channels=1).decode(values)
    with pytest.raises(ValueError, match="1 of 4 values are not finite"):
        Levels(channels=1, dtype="float32", high=1).encode(values.transpose(1, 2, 0))


def test_another_kind_of_picture_is_refused():
    with pytest.raises(ValueError, match="is uint16, but uint8 was expected; convert it to uint8"):
        Levels(channels=1).encode(np.zeros((2, 2, 1), np.uint16))
    with pytest.raises(ValueError, match="has 4 channels, but 3 were expected; convert it"):
        Levels(channels=3).encode(np.zeros((2, 2, 4), np.uint8))
    with pytest.raises(ValueError, match=r"\(1, 2, 2\) are not \(3, height, width\)"):
        Levels(channels=3).decode(np.zeros((1, 2, 2)))


def test_an_encoding_checks_its_range_and_refuses_strangers():
    for options in ({"low": 5, "high": 5}, {"high": float("inf")}, {"channels": 0}, {"colour": 1}):
        with pytest.raises(ValidationError):
            Levels.model_validate({"channels": 3, **options})
    encoding = Levels(channels=2, dtype="uint16", high=65535)
    assert Levels.model_validate(encoding.model_dump()) == encoding


def test_luma_is_pillows():
    red, green, blue = np.meshgrid(*np.ogrid[:256:4, :256, :256:4], indexing="ij")
    picture = np.stack([red, green, blue], -1).reshape(1024, 1024, 3).astype(np.uint8)
    assert np.array_equal(to_channels(picture, 1)[..., 0], Image.fromarray(picture).convert("L"))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_gray_survives_the_way_through_rgb(dtype):
    gray = (np.arange(256, dtype=dtype) * dtype(1 if dtype == np.uint8 else 257)).reshape(16, 16, 1)
    assert to_channels(gray, 3).shape == (16, 16, 3)
    assert np.allclose(to_channels(to_channels(gray, 3), 1), gray, rtol=1e-6, atol=0)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [1, 3, 5])
@pytest.mark.parametrize("nearest", [True, False])
def test_flat_pictures_stay_flat_at_any_size(dtype, channels, nearest):
    flat = np.full((6, 9, channels), 77, dtype)
    resized = resize(flat, 4, 13, nearest=nearest)
    assert (resized.shape, resized.dtype) == ((13, 4, channels), flat.dtype)
    assert np.allclose(resized, 77, rtol=1e-6)


def test_resizing_is_pillows_antialiased_bicubic():
    picture = RNG.integers(0, 256, (30, 40, 3), np.uint8)
    expected = Image.fromarray(picture).resize((11, 17), Image.Resampling.BICUBIC)
    assert np.array_equal(resize(picture, 11, 17), expected)
    assert resize(picture, 40, 30) is picture


def test_deep_pictures_are_resized_like_shallow_ones():
    picture = RNG.integers(60, 190, (30, 40, 1), np.uint8)
    shallow = resize(picture, 12, 10).astype(float)
    deep = resize(picture.astype(np.uint16) * 257, 12, 10).astype(float)
    assert np.abs(deep / 257 - shallow).max() <= 1.01


def test_nearest_invents_no_level():
    labels = RNG.choice(np.array([0, 9, 4000], np.uint16), (12, 12, 1))
    assert set(np.unique(resize(labels, 31, 7, nearest=True))) <= {0, 9, 4000}


def test_a_sheet_shows_unequal_pictures_in_equal_cells():
    tiny = np.array([[[0], [255]], [[255], [0]]], np.uint8)
    tall = np.full((96, 48, 3), (200, 30, 40), np.uint8)
    sheet = grid([[tiny, tall], [tall]], ["input", "output"], ["first", "second"])
    assert sheet.dtype == np.uint8
    assert sheet.shape == (4 + 18 + 2 * (192 + 4 + 18), 4 + 2 * (96 + 4), 3)
    assert np.array_equal(
        sheet, grid([[tiny, tall], [tall]], ["input", "output"], ["first", "second"])
    )
    assert sheet[44, 4 + 100].tolist() == [200, 30, 40]
    left = sheet[40 + 48 : 40 + 144, 4:100]  # the tiny one, centred in its cell, in blocks of 48
    assert left.shape == (96, 96, 3)
    assert (left[:48, :48] == 0).all()
    assert (left[:48, 48:] == 255).all()


def test_a_sheet_shrinks_large_pictures_without_aliasing():
    stripes = np.zeros((1024, 1024, 1), np.uint8)
    stripes[:, ::2] = 255
    cell = grid([[stripes]])[8:-8, 8:-8]
    assert cell.shape == (504, 504, 3)
    assert np.abs(cell.astype(int) - 127).max() <= 16


def test_importing_pictures_loads_no_torch():
    import subprocess
    import sys

    code = "import sys, img2img.images; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
