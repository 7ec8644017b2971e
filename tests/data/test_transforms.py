import numpy as np
import pytest
from pydantic import ValidationError

from img2img import images
from img2img.data.keys import Key
from img2img.data.transforms import Recipe

KEYS = [Key(0, 0, position) for position in range(400)]


def places(height: int, width: int) -> np.ndarray:
    """A picture whose pixels say where they are: (row, column, 0)."""
    return np.stack([*np.mgrid[:height, :width], np.zeros((height, width))], 2).astype(np.uint8)


def corner(crop: np.ndarray) -> tuple[int, int, bool]:
    """Top, left and whether it was mirrored, of a crop of `places`."""
    return int(crop[0, 0, 0]), int(crop[..., 1].min()), bool(crop[0, 0, 1] > crop[0, -1, 1])


def test_a_crop_is_a_slice_of_the_resized_picture():
    recipe = Recipe(size=16, load=21, flip=False)
    noise = np.random.default_rng(0).integers(0, 256, (30, 40, 3), np.uint8)
    resized = recipe.resized(noise)
    assert (resized == images.resize(noise, 21, 21)).all()
    windows = [resized[y : y + 16, x : x + 16] for y in range(6) for x in range(6)]
    for key in KEYS[:20]:
        (crop,) = recipe.augment(noise, key=key, together=False)
        assert any((crop == window).all() for window in windows)


def test_crops_are_uniform_flips_half_and_neither_knows_of_the_other():
    recipe = Recipe(size=8, resize="none")
    drawn = [recipe.augment(places(12, 12), key=key, together=False)[0] for key in KEYS]
    moves = np.array([corner(crop) for crop in drawn], float)
    for axis in (0, 1):
        counts = np.bincount(moves[:, axis].astype(int), minlength=5)
        assert len(counts) == 5 and counts.min() > 50
    assert 0.4 < moves[:, 2].mean() < 0.6
    assert np.abs(np.corrcoef(moves.T) - np.eye(3)).max() < 0.15


def test_a_pair_is_moved_alike_and_an_unpaired_two_apart():
    recipe = Recipe(size=8, resize="none", turns=True)
    x = places(14, 14)
    alike = [recipe.augment(x, 255 - x, key=key, together=True) for key in KEYS[:50]]
    assert all((a == 255 - b).all() for a, b in alike)
    apart = [recipe.augment(x, x, key=key, together=False) for key in KEYS]
    moves = np.array([[*corner(a), *corner(b)] for a, b in apart], float)
    assert np.abs(np.corrcoef(moves.T)[:3, 3:]).max() < 0.15


def test_a_gray_input_and_a_colour_target_are_moved_alike():
    recipe = Recipe(size=8, resize="none")
    x, y = recipe.augment(places(14, 14)[..., :1], places(14, 14), key=KEYS[1], together=True)
    assert x.shape == (8, 8, 1) and (x[..., 0] == y[..., 0]).all()


def test_equal_keys_draw_alike_and_others_do_not():
    recipe = Recipe(size=8, load=40, jitter=0.3)
    picture = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)

    def drawn(*key: int) -> bytes:
        return recipe.augment(picture, key=Key(*key), together=False)[0].tobytes()

    first = drawn(1, 2, 3)
    others = {drawn(0, 2, 3), drawn(1, 0, 3), drawn(1, 2, 0), drawn(3, 2, 1)}
    assert len(others) == 4 and first not in others
    assert drawn(1, 2, 3) == first


def test_turns_are_all_four_quarters():
    recipe = Recipe(size=4, resize="none", flip=False, turns=True)
    seen = {recipe.augment(places(4, 4), key=k, together=False)[0].tobytes() for k in KEYS[:50]}
    assert seen == {np.rot90(places(4, 4), k).tobytes() for k in range(4)}


@pytest.mark.parametrize("channels", [1, 3])
def test_jitter_touches_the_input_alone(channels):
    picture = np.random.default_rng(0).integers(60, 200, (8, 8, channels), np.uint8)
    plain, jittered = (
        Recipe(size=8, resize="none", flip=False, jitter=jitter) for jitter in (0, 0.5)
    )
    x, y = jittered.augment(picture, picture, key=KEYS[3], together=True)
    assert (y == picture).all() and (x != picture).any() and x.shape == picture.shape
    assert (plain.augment(picture, key=KEYS[3], together=False)[0] == picture).all()


def test_jitter_refuses_what_it_would_spoil():
    with pytest.raises(ValueError, match="not uint16 with 3 channels; set jitter 0"):
        picture = np.zeros((8, 8, 3), np.uint16)
        Recipe(size=8, resize="none", jitter=0.5).augment(picture, key=KEYS[0], together=False)


def test_keep_keeps_the_aspect():
    recipe = Recipe(size=16, load=20, resize="keep")
    assert recipe.resized(places(40, 80)).shape == (20, 40, 3)
    assert recipe.resized(places(81, 40)).shape == (40, 20, 3)
    assert recipe.still(places(40, 80)).shape == (16, 16, 3)


def test_still_is_resized_to_the_size_itself():
    picture = np.random.default_rng(0).integers(0, 256, (40, 80, 3), np.uint8)
    squash, keep, none = (Recipe(size=16, resize=how) for how in ("squash", "keep", "none"))
    assert (squash.still(picture) == images.resize(picture, 16, 16)).all()
    assert (keep.still(picture) == images.resize(picture, 32, 16)[:, 8:24]).all()
    assert (none.still(picture) == picture[12:28, 32:48]).all()


@pytest.mark.parametrize(("size", "load"), [(256, 286), (128, 143), (64, 72)])
def test_load_follows_from_the_size(size, load):
    assert Recipe(size=size).load == load


def test_a_load_below_the_crop_is_refused():
    with pytest.raises(ValidationError, match="load 10 is below the crop of 16; raise it"):
        Recipe(size=16, load=10)
    assert Recipe(size=16, load=10, resize="none")


def test_a_picture_below_the_crop_is_told_by_its_numbers():
    recipe = Recipe(size=16, resize="none")
    for make in (
        lambda: recipe.augment(places(12, 40), key=KEYS[0], together=False),
        lambda: recipe.still(places(12, 40)),
    ):
        with pytest.raises(ValueError, match="is 40 x 12 and the crop 16 x 16; choose"):
            make()


def test_a_pair_of_unequal_sizes_is_refused_and_two_domains_are_not():
    recipe = Recipe(size=8, load=9)
    x, y = places(10, 12), places(10, 14)
    with pytest.raises(ValueError, match="12 x 10 and 14 x 10; a pair has one size"):
        recipe.augment(x, y, key=KEYS[0], together=True)
    assert [p.shape for p in recipe.augment(x, y, key=KEYS[0], together=False)] == [(8, 8, 3)] * 2


def test_bits_are_kept():
    deep = np.full((12, 12, 1), 40000, np.uint16)
    (crop,) = Recipe(size=8, load=9).augment(deep, key=KEYS[0], together=False)
    assert crop.dtype == np.uint16 and (crop == 40000).all()
