import numpy as np
import pytest

from img2img import images
from img2img.data.scene import PALETTE
from img2img.data.sensors import (
    CROWNS,
    KELVIN,
    LAPSE,
    REFLECTANCE,
    SENSORS,
    STOREYS,
    bands,
    ground,
    height,
    small,
    stain,
)
from img2img.data.town import SIDES, Scenes, _scene, write_town
from img2img.data.townplan import CLASSES, EVEN, FIELD, FINE, ROOF, WOODS, Plan

KINDS = {
    "map": ("uint8", 3), "aerial": ("uint8", 3), "labels": ("uint8", 1), "bands": ("float32", 5),
    "height": ("uint16", 1), "phase": ("uint16", 1), "stain": ("uint16", 1),
}  # fmt: skip
SIZE = 64


def shown(side, count=6, *, size=SIZE, seed=0):
    scenes = Scenes(seed, 0, count, size, side)
    return np.stack([scenes[index] for index in range(count)])


def plans(count=6):
    return [_scene(0, 0, index, SIZE).plan for index in range(count)]


@pytest.fixture(scope="module")
def covered():
    """(N, H, W): the class that all of a pixel is of, -1 where it is of several."""

    def one(plan):
        fine = plan.labels.reshape(SIZE, FINE, SIZE, FINE).astype(int)
        same = fine.min((1, 3)) == fine.max((1, 3))
        return np.where(same, fine.min((1, 3)), -1)

    return np.stack([one(plan) for plan in plans()])


class Still:
    """Draws nothing but the middle: an instrument without noise."""

    def standard_normal(self, shape, dtype):
        return np.zeros(shape, dtype)


def plain(label, **changes):
    """The plan of a piece of one class."""
    side = (8 * FINE, 8 * FINE)
    flat = np.zeros(side, np.float32)
    plan = Plan(np.full(side, label, np.uint8), flat, np.full(side, EVEN, np.uint8), *[flat] * 3)
    return plan._replace(**changes)


@pytest.mark.parametrize("side", SIDES)
def test_every_side_has_its_kind_and_is_the_same_again(side):
    one, again = shown(side, 2, size=33), shown(side, 2, size=33)
    assert (one.dtype.name, one.shape[3]) == KINDS[side] and one.shape[1:3] == (33, 33)
    assert np.array_equal(one, again)
    assert not np.array_equal(one[0], one[1])
    assert not np.array_equal(one, shown(side, 2, size=33, seed=1))
    assert {*KINDS} == {*SIDES}


@pytest.mark.parametrize("side", SIDES)
def test_a_picture_belongs_to_the_caller(side):
    scenes = Scenes(0, 0, 1, 32, side)
    scenes[0][:] = 0
    assert scenes[0].any()


@pytest.mark.parametrize("first", SENSORS)
def test_what_was_looked_at_before_changes_no_sensor(first):
    expected = Scenes(3, 0, 1, 32, first)[0]
    for side in SIDES:
        Scenes(3, 0, 1, 32, side)[0]
    assert np.array_equal(Scenes(3, 0, 1, 32, first)[0], expected)


def test_labels_are_those_of_the_map(covered):
    labels = shown("labels")[..., 0]
    assert (np.array(PALETTE, np.uint8)[labels] == shown("map")).all()
    assert (labels == covered)[covered >= 0].all()


@pytest.mark.parametrize("label", range(len(CLASSES)))
def test_level_ground_of_one_class_has_its_textbook_values(label):
    made = bands(plain(label), Still())
    expected = [*(band[label] for band in REFLECTANCE), KELVIN[label] - LAPSE * 2000]
    assert made == pytest.approx(np.broadcast_to(np.float32(expected), (8, 8, 5)), rel=1e-6)
    tall = {ROOF: STOREYS, WOODS: CROWNS}.get(label, 0)
    assert (height(plain(label), Still()) == 2000 + tall).all()
    glow = 400 + 30000 * (0.25 + 0.75 * 0.5) if label == WOODS else 400
    assert np.abs(stain(plain(label), Still()) - glow).max() <= 1


def test_what_faces_the_sun_is_the_higher_part_of_a_roof_or_crown():
    bright = np.full((16, 16), EVEN * 5 // 4, np.uint8)
    for label, tall in ((ROOF, STOREYS), (WOODS, CROWNS), (FIELD, 0)):
        made = height(plain(label, shade=bright), Still())
        assert np.abs(made - (2000 + 1.25 * tall)).max() <= 0.5


def test_hills_cool_the_ground_and_lift_all_that_stands_on_it():
    relief = np.full((16, 16), 0.5, np.float32)
    for label in (FIELD, ROOF):
        low, high = plain(label), plain(label, relief=relief)
        assert (ground(high) - ground(low) == 400).all()
        assert (height(high, Still()).astype(int) - height(low, Still()) == 400).all()
        heat = (bands(high, Still()) - bands(low, Still()))[..., 4]
        assert heat == pytest.approx(np.full((8, 8), -400 * LAPSE), abs=1e-4)


def means(pictures, covered):
    return {name: pictures[covered == index].mean() for index, name in enumerate(CLASSES)}


def test_water_is_black_in_near_infrared_and_plants_shine(covered):
    near, red = (means(shown("bands")[..., band], covered) for band in (3, 2))
    assert near["water"] < 0.03 < 0.1 < min(v for k, v in near.items() if k != "water")
    assert max(near, key=near.get) == "field"
    assert min(near["field"] / red["field"], near["woods"] / red["woods"]) > 5
    assert max(near[name] / red[name] for name in ("soil", "road", "roof", "water")) < 2


def test_bands_are_shares_and_kelvin_with_the_noise_of_an_instrument():
    made = shown("bands")
    assert made[..., :4].min() > -0.05 and made[..., :4].max() < 1
    assert made[..., 4].min() > 270 and made[..., 4].max() < 320
    field = plain(FIELD)
    noise = bands(field, np.random.default_rng(0)) - bands(field, Still())
    assert noise.std((0, 1)) == pytest.approx((0.004, 0.004, 0.004, 0.008, 0.15), rel=0.35)


def test_roofs_and_trees_stand_above_their_ground(covered):
    bare = np.stack([small(ground(plan)[..., None])[..., 0] for plan in plans()])
    above = shown("height")[..., 0] - bare
    low = (covered != ROOF) & (covered != WOODS) & (covered >= 0)
    assert np.abs(above[low]).max() <= 0.51  # whole centimetres
    assert above[covered == ROOF].mean() == pytest.approx(STOREYS, rel=0.1)
    assert above[covered == WOODS].mean() == pytest.approx(CROWNS, rel=0.1)


def test_stain_glows_in_the_woods_and_only_there(covered):
    glow = shown("stain")[..., 0]
    assert (glow[(covered != WOODS) & (covered >= 0)] == 400).all()
    assert glow[covered == WOODS].min() > 400 + 30000 * 0.1 and glow.max() < 65535


def test_phase_is_of_12_bits_and_tells_the_classes_apart(covered):
    phase = shown("phase")
    tones = means(phase[..., 0], covered)
    assert phase.max() <= 4095
    assert sorted(tones, key=tones.get) == ["woods", "roof", "field", "soil", "road", "water"]


@pytest.mark.parametrize("format", [None, "tif", "npy"])
@pytest.mark.parametrize("side", SIDES)
def test_a_written_side_is_the_side(side, format, tmp_path):
    write_town(tmp_path / "t", count=2, size=32, sides=("map", side), format=format)
    suffix = format or ("tif" if side == "bands" else "png")
    for index in range(2):
        back = images.read(tmp_path / f"t/B/0000{index}.{suffix}")
        assert np.array_equal(back, Scenes(0, 2, 2, 32, side)[index])
        assert back.dtype.name == KINDS[side][0]
    assert images.size(tmp_path / f"t/A/00000.{format or 'png'}") == (32, 32, 3)


def test_what_the_town_does_not_show_is_refused_with_what_it_does(tmp_path):
    with pytest.raises(ValueError, match="the town has no 'radar'; choose from map, aerial, label"):
        write_town(tmp_path / "t", count=1, size=32, sides=("map", "radar"))
    with pytest.raises(ValueError, match="does not hold float32 in 5 channels"):
        write_town(tmp_path / "t", count=1, size=32, sides=("map", "bands"), format="png")
    assert list(tmp_path.iterdir()) == []


def test_a_side_is_the_mean_of_its_fine_squares():
    fine = np.arange(4 * FINE * 4 * FINE, dtype=np.float32).reshape(4 * FINE, 4 * FINE, 1)
    coarse = small(fine)
    assert coarse.shape == (4, 4, 1)
    assert coarse[1, 2, 0] == fine[FINE : 2 * FINE, 2 * FINE : 3 * FINE].mean()
