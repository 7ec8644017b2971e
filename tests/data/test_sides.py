import numpy as np
import pytest
import torch
from handed import Handed, halves
from hypothesis import given
from hypothesis import strategies as st

from img2img.data.sides import Side, check_mask, mask_tensor
from img2img.images import Labels, Levels

FLOATS = Levels(channels=2, dtype="float32", low=0, high=1, nodata=-9)
CLASSES = Labels(names=("a", "b", "c"), ignore=2)


def floats(seed=0):
    return np.random.default_rng(seed).random((4, 6, 2), np.float32)


def mask_of(seen):
    return None if seen.mask is None else seen.mask.picture[..., 0] > 0


@pytest.mark.parametrize(
    ("encoding", "masks", "masked"),
    [
        (Levels(channels=2), (), False),
        (Levels(channels=2, nodata=0), (), True),
        (Levels(channels=2), [halves(4, 6)], True),
        (Labels(names=("a", "b")), (), False),
        (Labels(names=("a", "b"), ignore=1), (), True),
    ],
)
def test_a_side_has_masks_where_something_may_be_hidden_and_only_there(encoding, masks, masked):
    channels = encoding.channels
    side = Side(Handed([np.ones((4, 6, channels), np.uint8)], masks), encoding)
    assert side.masked is masked
    assert (side.seen(0).mask is not None) is masked


def test_a_picture_without_a_mask_counts_everywhere_where_others_have_one():
    side = Side(Handed([floats(), floats()], [halves(4, 6), None]), FLOATS)
    assert mask_of(side.seen(0)).mean() == 0.5 and mask_of(side.seen(1)).all()


@given(seed=st.integers(0, 999))
def test_a_pixel_counts_where_it_has_data_and_its_mask_shows_it(seed):
    drawn = np.random.default_rng(seed)
    picture, mask = floats(seed), np.uint8(255) * (drawn.random((4, 6, 1)) < 0.6)
    missing = drawn.random(picture.shape) < 0.2
    picture[missing] = -9
    side = Side(Handed([picture], [mask]), FLOATS)
    there = ~missing.any(2)
    assert (mask_of(side.seen(0)) == (there & (mask[..., 0] > 0))).all()
    assert (mask_of(side.seen(0, masks=False)) == there).all()


@given(seed=st.integers(0, 999))
def test_what_is_hidden_leaves_no_trace_and_what_is_shown_stays(seed):
    drawn = np.random.default_rng(seed)
    picture, mask = floats(seed), np.uint8(255) * (drawn.random((4, 6, 1)) < 0.6)
    shown = mask[..., 0] > 0
    other = picture.copy()
    other[~shown] = drawn.choice([np.nan, np.inf, 1e30, -9, 0.5], ((~shown).sum(), 2))
    one, two = (Side(Handed([it], [mask]), FLOATS).seen(0) for it in (picture, other))
    assert np.array_equal(one.picture.picture, two.picture.picture)
    assert (one.picture.picture[shown] == picture[shown]).all()
    faded = one.picture.picture[~shown]  # in from around
    assert (faded >= picture[shown].min(0)).all() and (faded <= picture[shown].max(0)).all()
    assert (mask_of(one) == mask_of(two)).all()


def test_a_class_to_ignore_is_hidden_and_drawn_as_another():
    picture = np.array([[[0], [2], [1]]], np.uint8)
    seen = Side(Handed([picture]), CLASSES).seen(0)
    assert mask_of(seen).tolist() == [[True, False, True]]
    assert seen.picture.picture.ravel().tolist() == [0, 0, 1] and seen.picture.nearest


def test_labels_and_masks_move_by_the_nearest_pixel_and_amounts_do_not():
    for encoding, nearest in ((CLASSES, True), (Levels(channels=1, nodata=7), False)):
        seen = Side(Handed([np.zeros((4, 6, 1), np.uint8)]), encoding).seen(0)
        assert (seen.picture.nearest, seen.mask.nearest) == (nearest, True)


def test_a_mask_becomes_zeros_and_ones():
    tensor = mask_tensor(halves(2, 4))
    assert tensor.dtype == torch.float32
    assert tensor.tolist() == [[[1, 1, 0, 0], [1, 1, 0, 0]]]


def test_a_mask_of_another_size_is_an_error_that_names_both():
    with pytest.raises(ValueError, match="the mask is 6 x 5 and its picture 6 x 4; make them eq"):
        Side(Handed([floats()], [halves(5, 6)]), FLOATS).seen(0)
    check_mask(halves(4, 6), floats())
