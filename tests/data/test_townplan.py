import numpy as np
from PIL import Image, ImageDraw
from pytest import fixture, mark

from img2img.data.townplan import (
    BLOCK,
    CLASSES,
    EVEN,
    FINE,
    LABELS,
    LANE,
    ROAD,
    ROOF,
    SHADES,
    Frame,
    Plan,
    draw,
    roof,
)


@fixture
def plan() -> Plan:
    return draw(np.random.default_rng(3), 128)


def test_place_finds_the_points_that_have_the_given_coordinates():
    rng = np.random.default_rng(0)
    for _ in range(20):
        frame = Frame.draw(rng)
        axis = np.arange(64, dtype=np.float32)
        u, v = frame.over(axis)
        x, y = rng.integers(0, 64, (2, 50))
        found = frame.place(np.stack((u[y, x], v[y, x]), 1))
        assert np.abs(found - np.stack((x, y), 1)).max() < 0.5


def test_a_plan_holds_every_class_at_twice_the_size(plan: Plan):
    assert all(array.shape == (128 * FINE, 128 * FINE) for array in plan)
    assert sorted(np.unique(plan.labels)) == list(range(len(CLASSES)))


def test_no_house_stands_in_a_main_road():
    for seed in range(20):
        plan = draw(np.random.default_rng(seed), 64)
        across = np.abs(plan.u / BLOCK[0] - np.rint(plan.u / BLOCK[0])) * BLOCK[0]
        assert np.unique(plan.labels[across < LANE[0] - 0.5]).tolist() in ([], [ROAD])


@mark.parametrize("turned", [0, 1, 2, 3])
def test_the_slope_that_faces_the_sun_is_the_lighter(turned: int):
    canvas = Image.new("L", (40, 40))
    wide, deep = (np.array(np.roll((6.0, 0.0), turned + k)) * (-1) ** (turned // 2) for k in (0, 1))
    roof(ImageDraw.Draw(canvas), np.array((10.0, 10.0)), wide, deep, EVEN)
    north_west, south_east = (SHADES[canvas.getpixel((at, at))] for at in (16, 23))
    assert LABELS[canvas.getpixel((16, 16))] == ROOF
    assert north_west > EVEN > south_east
