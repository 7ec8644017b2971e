import numpy as np
import pytest
from pydantic import ValidationError

from img2img import images
from img2img.data.keys import Key, Stream
from img2img.data.transforms import Layer, Recipe

EVERYTHING = {
    "turns": True, "zoom": 0.5, "rotate": 30.0, "shear": 10.0, "elastic": 2.0,
    "jitter": 0.3, "noise": 0.1,
}  # fmt: skip
MOVING = {name: value for name, value in EVERYTHING.items() if name not in ("jitter", "noise")}
KINDS = [(np.uint8, 255), (np.uint16, 65535), (np.float32, 1.0)]
KEYS = [Key(0, 0, position) for position in range(400)]


def places(height: int, width: int) -> np.ndarray:
    """A picture whose pixels say where they are: (row, column, 0)."""
    return np.stack([*np.mgrid[:height, :width], np.zeros((height, width))], 2).astype(np.uint8)


def alone(recipe: Recipe, picture: np.ndarray, key: Key) -> np.ndarray:
    [crop] = recipe.augment([Layer(picture)], key=key)
    return crop


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
        crop = alone(recipe, noise, key)
        assert any((crop == window).all() for window in windows)


def test_crops_are_uniform_flips_half_and_neither_knows_of_the_other():
    recipe = Recipe(size=8, resize="none")
    drawn = [alone(recipe, places(12, 12), key) for key in KEYS]
    moves = np.array([corner(crop) for crop in drawn], float)
    for axis in (0, 1):
        counts = np.bincount(moves[:, axis].astype(int), minlength=5)
        assert len(counts) == 5 and counts.min() > 50
    assert 0.4 < moves[:, 2].mean() < 0.6
    assert np.abs(np.corrcoef(moves.T) - np.eye(3)).max() < 0.15


def test_a_pair_is_moved_alike_and_an_unpaired_two_apart():
    recipe = Recipe(size=8, resize="none", turns=True)
    x = places(14, 14)
    alike = [recipe.augment([Layer(x), Layer(255 - x)], key=key) for key in KEYS[:50]]
    assert all((a == 255 - b).all() for a, b in alike)
    streams = (Stream.MOVES, Stream.MOVES_APART)
    apart = [[recipe.augment([Layer(x)], key=k, stream=s)[0] for s in streams] for k in KEYS]
    moves = np.array([[*corner(a), *corner(b)] for a, b in apart], float)
    assert np.abs(np.corrcoef(moves.T)[:3, 3:]).max() < 0.15


def test_a_gray_input_and_a_colour_target_are_moved_alike():
    recipe = Recipe(size=8, resize="none")
    x, y = recipe.augment([Layer(places(14, 14)[..., :1]), Layer(places(14, 14))], key=KEYS[1])
    assert x.shape == (8, 8, 1) and (x[..., 0] == y[..., 0]).all()


@pytest.mark.parametrize("name", EVERYTHING)
def test_equal_keys_draw_alike_and_others_do_not(name):
    recipe = Recipe(size=8, load=40, flip=False).model_copy(update={name: EVERYTHING[name]})
    picture = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)

    def drawn(*key: int) -> bytes:
        crop = alone(recipe, picture, Key(*key))
        return recipe.coloured(crop, key=Key(*key), low=0, high=255).tobytes()

    first = drawn(1, 2, 3)
    others = {drawn(0, 2, 3), drawn(1, 0, 3), drawn(1, 2, 0), drawn(3, 2, 1)}
    assert len(others) == 4 and first not in others
    assert drawn(1, 2, 3) == first


def test_turns_are_all_four_quarters():
    recipe = Recipe(size=4, resize="none", flip=False, turns=True)
    seen = {alone(recipe, places(4, 4), k).tobytes() for k in KEYS[:50]}
    assert seen == {np.rot90(places(4, 4), k).tobytes() for k in range(4)}


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
        lambda: alone(recipe, places(12, 40), KEYS[0]),
        lambda: alone(recipe.model_copy(update={"zoom": 0.5}), places(12, 40), KEYS[0]),
        lambda: recipe.still(places(12, 40)),
    ):
        with pytest.raises(ValueError, match="is 40 x 12 and the crop 16 x 16; choose"):
            make()


def test_a_pair_of_unequal_sizes_is_refused_and_two_domains_are_not():
    recipe = Recipe(size=8, load=9)
    x, y = places(10, 12), places(10, 14)
    with pytest.raises(ValueError, match="12 x 10 and 14 x 10; a pair has one size"):
        recipe.augment([Layer(x), Layer(y)], key=KEYS[0])
    assert alone(recipe, x, KEYS[0]).shape == alone(recipe, y, KEYS[0]).shape == (8, 8, 3)


def test_what_the_papers_do_not_do_is_off():
    fields = Recipe.model_fields
    defaults = {name: field.default for name, field in fields.items()}
    assert {name: defaults.pop(name) for name in EVERYTHING} == {
        name: False if name == "turns" else 0.0 for name in EVERYTHING
    }
    for name in ("size", "load", "resize", "flip"):
        del defaults[name]
    assert defaults == {
        "degradation": "bicubic", "shrink": (), "shuffle": False, "contrast": 0.0,
        "inversion": False,
    }  # fmt: skip


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_option_changes_the_input_and_only_colours_leave_it_in_place(name):
    plain = Recipe(size=16, load=24, flip=False)
    recipe = plain.model_copy(update={name: EVERYTHING[name]})
    picture = np.random.default_rng(0).integers(40, 200, (30, 30, 3), np.uint8)
    moved, still = alone(recipe, picture, KEYS[2]), alone(plain, picture, KEYS[2])
    assert (moved != still).any() == (name in MOVING)
    resized = plain.resized(picture)
    windows = [resized[y : y + 16, x : x + 16] for y in range(9) for x in range(9)]
    cut = any((np.rot90(moved, k) == window).all() for window in windows for k in range(4))
    assert cut == (name not in ("zoom", "rotate", "shear", "elastic"))  # more than another place
    coloured = recipe.coloured(still, key=KEYS[2], low=0, high=255)
    assert (coloured != still).any() == (name not in MOVING)


@pytest.mark.parametrize(("dtype", "high"), KINDS)
@pytest.mark.parametrize("channels", [1, 2, 3, 5, 64])
def test_any_depth_and_number_of_channels_is_kept_and_moved_alike(dtype, high, channels):
    recipe = Recipe(size=16, resize="none", **{**MOVING, "zoom": 0})  # resizing rounds apart
    one = (np.random.default_rng(0).random((24, 30, 1)) * high).astype(dtype)
    many = np.repeat(one, channels, 2)
    crop, gray = recipe.augment([Layer(many), Layer(one)], key=KEYS[4])
    assert crop.dtype == dtype and crop.shape == (16, 16, channels)
    assert crop.std() > 0 and (crop == gray).all()
    zoomed = alone(recipe.model_copy(update={"zoom": 0.5}), many, KEYS[4])
    assert zoomed.dtype == dtype and zoomed.shape == (16, 16, channels)


@pytest.mark.parametrize("name", MOVING)
def test_a_target_that_follows_from_its_input_still_does(name):
    recipe = Recipe(size=24, load=30, **{name: EVERYTHING[name]})
    x = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    for key in KEYS[:10]:
        moved, target = recipe.augment([Layer(x), Layer(255 - x)], key=key)
        assert np.abs(moved.astype(int) + target - 255).max() <= 1


def test_labels_and_masks_move_with_the_picture_and_gain_no_value():
    recipe = Recipe(size=32, load=40, **MOVING)
    labels = np.zeros((80, 80, 1), np.uint8)
    labels[:40, :40], labels[40:, 20:] = 9, 200
    for key in KEYS[:10]:
        picture, moved = recipe.augment([Layer(labels), Layer(labels, nearest=True)], key=key)
        assert set(np.unique(moved)) <= {0, 9, 200} < set(np.unique(picture))
        assert (np.abs(picture.astype(int) - moved) > 100).mean() < 0.02  # at the edges alone
    assert set(np.unique(recipe.still(labels, nearest=True))) == {0, 9, 200}
    assert set(np.unique(recipe.resized(labels, nearest=True))) == {0, 9, 200}


@pytest.mark.parametrize("resize", ["squash", "keep", "none"])
def test_a_zoom_scales_by_its_share_and_needs_no_pixel_from_outside(resize):
    recipe = Recipe(size=32, load=40, resize=resize, flip=False, zoom=0.5)
    ramp = np.tile(np.arange(48, dtype=np.float32)[:, None, None], (1, 60, 1))
    per_pixel = {"squash": 48 / 40, "keep": 48 / 40, "none": 1}[resize]
    scales = []
    for key in KEYS:
        slopes = np.diff(alone(recipe, ramp, key), axis=0)[4:-4]
        assert (slopes > 0).all()  # a mirror would turn it round
        scales.append(per_pixel / slopes.mean())
    least = 32 / (48 / per_pixel)
    assert least - 0.02 < min(scales) < least + 0.05 and 1.45 < max(scales) < 1.52
    assert recipe.still(ramp).shape == (32, 32, 1)


@pytest.mark.parametrize("name", ["zoom", "rotate", "shear", "elastic"])
def test_nothing_black_comes_in_from_outside(name):
    bright = np.random.default_rng(0).integers(200, 256, (33, 33, 3), np.uint8)
    recipe = Recipe(size=32, resize="none", **{name: {"rotate": 180}.get(name, 0.9)})
    assert min(alone(recipe, bright, key).min() for key in KEYS[:50]) > 150
