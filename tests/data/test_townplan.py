import numpy as np
from pytest import fixture

from img2img.data.townplan import BLOCK, CLASSES, FINE, LANE, ROAD, ROOF, Frame, Plan, draw


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


def test_every_roof_has_a_sunny_and_a_dark_slope(plan: Plan):
    shades = plan.shade[plan.labels == ROOF]
    assert shades.min() < 110 and shades.max() > 146
