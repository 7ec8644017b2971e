import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from img2img.encodings import Labels, Levels, described
from img2img.encodings.labels import nearest

COLOURS = ((255, 0, 0), (0, 255, 0), (0, 0, 255))
RGB = Labels(names=("a", "b", "c"), palette=COLOURS)
INDEX = Labels(names=("a", "b", "c"))


def pictures(encoding, classes):
    classes = np.array(classes)
    return (
        np.array(COLOURS, np.uint8)[classes] if encoding.palette
        else classes[..., None].astype(np.uint8)
    )  # fmt: skip


@pytest.mark.parametrize("encoding", [RGB, INDEX])
def test_classes_become_one_plane_each_and_come_back(encoding):
    picture = pictures(encoding, [[0, 1], [2, 2]])
    values = encoding.encode(picture)
    assert values.dtype == np.float32
    assert values.tolist() == [[[1, -1], [-1, -1]], [[-1, 1], [-1, -1]], [[-1, -1], [1, 1]]]
    assert encoding.planes == 3 and encoding.channels == picture.shape[2]
    assert np.array_equal(encoding.decode(values), picture)


def test_the_likeliest_class_is_written():
    values = np.array([[[0.2, -0.9]], [[0.1, -0.8]], [[-0.5, -0.99]]])
    assert INDEX.decode(values).ravel().tolist() == [0, 1]


def test_colours_that_a_jpeg_has_shifted_are_repaired():
    rng = np.random.default_rng(0)
    classes = rng.integers(0, 3, (16, 16))
    exact = pictures(RGB, classes)
    shifted = np.clip(exact + rng.integers(-60, 61, exact.shape), 0, 255).astype(np.uint8)
    assert len(np.unique(shifted.reshape(-1, 3), axis=0)) > 100
    assert np.array_equal(RGB.filled(shifted, None), exact)


@given(st.integers(0, 2**32 - 1))
def test_the_nearest_colour_is_that_of_the_smallest_distance(seed):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (5, 7, 3), np.uint8)
    colours = rng.integers(0, 256, (rng.integers(2, 9), 3))
    distances = ((pixels[..., None, :].astype(int) - colours) ** 2).sum(-1)
    assert np.array_equal(nearest(pixels, colours), distances.argmin(-1))


def test_the_class_to_ignore_does_not_count_and_may_be_any_number():
    ignoring = Labels(names=("a", "b", "c"), ignore=255)
    picture = np.array([[[255], [1]]], np.uint8)
    counts = ignoring.visible(picture)
    assert counts.tolist() == [[False, True]]
    assert ignoring.filled(picture, counts).ravel().tolist() == [0, 1]
    assert ignoring.encode(picture)[:, 0, 0].tolist() == [-1, -1, -1]
    assert ignoring.hide(np.array([[[2], [1]]], np.uint8), counts).ravel().tolist() == [255, 1]
    assert INDEX.visible(pictures(INDEX, [[0]])) is None


def test_the_ignored_colour_comes_back_where_nothing_counts():
    void = Labels(names=("a", "b", "void"), palette=COLOURS, ignore=2)
    picture = pictures(void, [[2, 1]])
    back = void.hide(pictures(void, [[0, 0]]), void.visible(picture))
    assert back.tolist() == [[[0, 0, 255], [255, 0, 0]]]


def test_a_number_that_no_class_has_is_named():
    with pytest.raises(ValueError, match="label 7 is none of 0 to 2; give the number of classes"):
        INDEX.classes(np.array([[[1], [7]]], np.uint8))


def test_labels_are_integers_and_colours_fit_names():
    with pytest.raises(ValueError, match="labels are uint8, not float32"):
        INDEX.classes(np.zeros((1, 1, 1), np.float32))
    with pytest.raises(ValidationError, match="3 colours do not fit 2 classes"):
        Labels(names=("a", "b"), palette=COLOURS)


def test_numbers_are_shown_in_colours_far_apart():
    many = Labels(names=tuple("abcdefghijkl"))
    shown = many.show(np.arange(12, dtype=np.uint8).reshape(1, 12, 1))[0].astype(int)
    distances = np.abs(shown[:, None] - shown).sum(-1) + 999 * np.eye(12, dtype=int)
    assert shown.shape == (12, 3) and distances.min() > 40
    assert np.array_equal(RGB.show(pictures(RGB, [[0, 2]])), pictures(RGB, [[0, 2]]))


@pytest.mark.parametrize("encoding", [RGB, INDEX, Levels(channels=5, dtype="float32", high=1)])
def test_a_description_survives_json(encoding):
    assert described(json.loads(json.dumps(encoding.model_dump()))) == encoding
