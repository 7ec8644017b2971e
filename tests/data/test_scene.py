import numpy as np
from pytest import approx, mark, raises

from img2img import files
from img2img.data.scene import CLASSES, PALETTE, WOODS, scene, shadow


def scenes(count: int, size: int = 64, first: int = 0):
    return [scene((first, index), size) for index in range(count)]


def nearest(pictures, colours):
    """The index of the colour nearest to each pixel: (N, H, W, 3) to (N, H, W)."""
    distances = (pictures[..., None, :].astype(float) - colours) ** 2
    return distances.sum(-1).argmin(-1)


def test_the_same_seed_gives_the_same_pixels_and_another_seed_others():
    one, again, other = scene((5, 1), 48), scene((5, 1), 48), scene((5, 2), 48)
    assert all((a == b).all() for a, b in zip(one[:3], again[:3], strict=True))
    assert (one.aerial != other.aerial).any() and (one.labels != other.labels).any()


@mark.parametrize("size", [32, 33, 64, 101, 256])
def test_a_scene_is_drawn_at_any_size(size: int):
    labels, flat, aerial, _ = scene(1, size)
    assert labels.shape == (size, size)
    assert flat.shape == aerial.shape == (size, size, 3)
    assert {labels.dtype, flat.dtype, aerial.dtype} == {np.dtype(np.uint8)}


def test_the_map_is_the_palette_at_the_labels_and_no_other_colour():
    for labels, flat, *_ in scenes(20):
        assert (np.array(PALETTE)[labels] == flat).all()


def test_the_palettes_colours_are_far_apart():
    colours = np.array(PALETTE, float)
    distances = np.linalg.norm(colours[:, None] - colours, axis=-1)
    assert (distances + 999 * np.eye(len(CLASSES))).min() > 60


def test_the_palette_beside_the_pictures_is_the_one_that_is_drawn():
    lines = (files.builtin("town") / "palette.txt").read_text().splitlines()
    drawn = [f"{r} {g} {b} {name}" for (r, g, b), name in zip(PALETTE, CLASSES, strict=True)]
    assert lines == drawn


@mark.parametrize(("count", "size"), [(200, 64), (12, 256)])
def test_every_class_covers_its_share_of_the_town_at_any_size(count: int, size: int):
    labels = np.stack([each.labels for each in scenes(count, size)])
    shares = np.bincount(labels.ravel(), minlength=len(CLASSES)) / labels.size
    assert shares.min() >= 0.06 and shares.max() <= 0.4


def test_colour_alone_tells_the_classes_well_but_not_perfectly():
    seen, unseen = scenes(20), scenes(20, first=1)
    labels = np.stack([each.labels for each in seen])
    aerial = np.stack([each.aerial for each in seen])
    means = np.stack([aerial[labels == index].mean(0) for index in range(len(CLASSES))])
    truth = np.stack([each.labels for each in unseen])
    right = nearest(np.stack([each.aerial for each in unseen]), means) == truth
    assert 0.8 < right.mean() < 0.95


def test_the_aerial_picture_does_not_give_the_map_away():
    seen = scenes(20)
    found = nearest(np.stack([each.aerial for each in seen]), np.array(PALETTE))
    assert (found == np.stack([each.labels for each in seen])).mean() < 0.5


def test_shadows_fall_to_the_south_east_and_only_on_the_ground():
    labels = np.zeros((20, 20), np.uint8)
    labels[8:12, 8:12] = WOODS
    dark = shadow(labels)
    assert dark[13, 13] and not dark[:8].any() and not dark[:, :8].any()
    assert not dark[labels == WOODS].any()


def test_a_scene_too_small_to_show_anything_is_refused():
    with raises(ValueError, match="31 pixels"):
        scene(0, 31)


def test_the_mean_light_is_that_of_a_photograph():
    aerial = np.stack([each.aerial for each in scenes(50)])
    assert aerial.mean() == approx(110, abs=12)
    assert ((aerial == 0) | (aerial == 255)).mean() < 0.01
