from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from img2img import images
from img2img.data.duplicates import BITS, near_duplicates, perceptual_hash
from img2img.data.town import town


def jpeg(picture, quality=50):
    buffer = BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def brighter(picture):
    return np.clip(picture * 1.1 + 8, 0, 255).astype(np.uint8)


COPIES = {
    "re-encoded": jpeg,
    "halved": lambda p: images.resize(p, 32, 32),
    "enlarged": lambda p: images.resize(p, 83, 83),
    "brightened": brighter,
    "cropped": lambda p: p[1:, 1:],
    "16 bit": lambda p: p.astype(np.uint16) * 257,
    "float": lambda p: p.astype(np.float32) / 255,
    "transposed twice": lambda p: np.ascontiguousarray(p.swapaxes(0, 1)).swapaxes(0, 1),
}


def distance(one, other):
    return int(np.bitwise_count(one ^ other).sum())


def apart(hashes):
    """The least distance of any two."""
    return min(distance(a, b) for i, a in enumerate(hashes) for b in hashes[:i])


@pytest.fixture(scope="module")
def split():
    return town(0, 64, counts={"train": 40}).splits["train"]


@pytest.mark.parametrize("side", ["A", "B"])
@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_is_like_its_original(split, side, kind):
    pictures = [getattr(split, side)[index] for index in range(20)]
    found = [
        distance(perceptual_hash(picture), perceptual_hash(COPIES[kind](picture))) <= BITS
        for picture in pictures
    ]
    assert sum(found) >= 19


@pytest.mark.parametrize("side", ["A", "B"])
def test_the_scenes_of_the_town_are_not_alike(split, side):
    pictures = getattr(split, side)
    hashes = np.array([perceptual_hash(picture) for picture in pictures])
    assert near_duplicates(hashes) == []
    assert apart(hashes) > 1.5 * BITS


def test_flat_pictures_are_like_their_equals_alone():
    flat = [np.full((16, 16, 1), value, np.uint8) for value in (0, 7, 7, 255)]
    assert near_duplicates(np.array([perceptual_hash(picture) for picture in flat])) == [(1, 2)]


def test_plain_pictures_that_differ_in_one_direction_alone_are_not_alike():
    steps = [np.zeros((64, 64, 1), np.uint8) for _ in range(15)]
    for index, step in enumerate(steps):
        step[:, 4 * index + 2 :] = 200
    assert apart([perceptual_hash(step) for step in steps]) > 2 * BITS
    assert apart([perceptual_hash(jpeg(step[..., 0])[..., None]) for step in steps]) > 2 * BITS


def test_what_is_not_finite_does_no_harm():
    rng = np.random.default_rng(0)
    picture = np.kron(rng.random((8, 8)), np.ones((8, 8))).astype(np.float32)[..., None]
    spoilt = picture.copy()
    spoilt[:2, :3] = np.nan
    spoilt[2, :3] = np.inf
    assert distance(perceptual_hash(picture), perceptual_hash(spoilt)) <= BITS
    nothing = np.full_like(picture, np.nan)
    assert distance(perceptual_hash(picture), perceptual_hash(nothing)) > 2 * BITS


@given(st.lists(st.integers(0, 255), max_size=30), st.integers(0, 3), st.integers(1, 40))
def test_each_picture_is_named_with_the_earliest_it_is_like(numbers, bits, block):
    words = np.array(numbers, np.uint64)
    expected = []
    for later, number in enumerate(numbers):
        like = [i for i in range(later) if (numbers[i] ^ number).bit_count() <= bits]
        expected += [(like[0], later)] if like else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("img2img.data.duplicates.BLOCK", block)
        assert near_duplicates(words, bits=bits) == expected
    left = set(range(len(numbers))) - {later for _, later in expected}
    assert all((numbers[i] ^ numbers[j]).bit_count() > bits for i in left for j in left if i < j)


def test_bits_are_counted_over_all_words():
    hashes = np.array([[0, 0], [1, 1], [3, 1]], np.uint64)
    assert near_duplicates(hashes, bits=1) == [(1, 2)]
    assert near_duplicates(hashes, bits=2) == [(0, 1), (1, 2)]


def test_many_equal_pictures_are_named_once_each():
    assert near_duplicates(np.zeros((3000, 4), np.uint64)) == [(0, i) for i in range(1, 3000)]
