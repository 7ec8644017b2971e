from math import cos, radians, sin

import numpy as np
import pytest

from img2img.data.warp import FOLD, Warp

SIZE = 33
MIDDLE = SIZE // 2


def warps(**options: float) -> list[Warp]:
    return [Warp.draw(np.random.default_rng(seed), 60, 50, SIZE, **options) for seed in range(200)]


def test_without_options_it_is_a_crop_anywhere_in_the_picture():
    picture = np.random.default_rng(0).integers(0, 2**16, (50, 60, 2)).astype(np.uint16)
    corners = set()
    for warp in warps():
        left, top = warp.x.min(), warp.y.min()
        corners.add((left, top))
        place = picture[int(top) :, int(left) :][:SIZE, :SIZE]
        assert (warp.of(picture) == place).all() and (warp.of(picture, nearest=True) == place).all()
    lefts, tops = zip(*corners, strict=True)
    assert set(lefts) == set(range(28)) and set(tops) == set(range(18))


def matrix(warp: Warp) -> np.ndarray:
    """What a step of a pixel to the right, and down, becomes: [[xx, xy], [yx, yy]]."""
    return np.array(
        [[it[0, 1] - it[0, 0], it[1, 0] - it[0, 0]] for it in (warp.x, warp.y)], np.float64
    )


def test_a_turn_is_about_the_middle_of_the_crop_by_any_angle_up_to_the_largest():
    angles = []
    for warp in warps(rotate=40):
        assert warp.x[MIDDLE, MIDDLE] % 1 == warp.y[MIDDLE, MIDDLE] % 1 == 0
        angle = np.arctan2(*(matrix(warp)[1, 0], matrix(warp)[0, 0]))
        turn = [[cos(angle), -sin(angle)], [sin(angle), cos(angle)]]
        np.testing.assert_allclose(matrix(warp), turn, atol=1e-4)
        angles.append(angle)
    assert -radians(40) <= min(angles) < -radians(35) and radians(35) < max(angles) <= radians(40)


def test_a_shear_keeps_areas_and_is_drawn_along_each_axis_apart():
    found = np.array([matrix(warp) for warp in warps(shear=20)])
    np.testing.assert_allclose(np.linalg.det(found), 1, atol=1e-4)
    assert np.abs(found[:, 0, 1]).max() == pytest.approx(np.tan(radians(20)), rel=0.05)
    assert np.abs(found[:, 1, 0]).max() == pytest.approx(np.tan(radians(20)), rel=0.05)
    assert found[:, 0, 1].min() < 0 < found[:, 0, 1].max()
    assert abs(np.corrcoef(found[:, 0, 1], found[:, 1, 0])[0, 1]) < 0.2


@pytest.mark.parametrize("elastic", [0.5, 4.0, 12.0])
def test_an_elastic_bend_is_smooth_never_folds_and_stays_within_its_pixels(elastic):
    largest = 0.0
    for bent, straight in zip(warps(elastic=elastic), warps(), strict=True):
        for moved, still in zip(bent, straight, strict=True):
            largest = max(largest, np.abs(moved - still).max())
        right, down = ([np.diff(it, axis=axis) for it in bent] for axis in (1, 0))
        area = right[0][:-1] * down[1][:, :-1] - right[1][:-1] * down[0][:, :-1]
        assert area.min() > 0
        assert np.abs(np.diff(bent.x, 2)).max() < elastic * (2 * np.pi / (FOLD * elastic)) ** 2 * 2
    assert 0.6 * elastic < largest <= elastic * 1.001


def test_what_lies_outside_is_mirrored():
    rows = np.arange(40, dtype=np.float32)
    picture = np.repeat(rows[:, None], 40, 1)[..., None]
    y, x = np.mgrid[-6:34, :40].astype(np.float32)
    for nearest in (False, True):
        seen = Warp(x, y).of(picture, nearest=nearest)
        assert (seen[..., 0] == np.abs(y)).all()


def test_between_pixels_it_is_bicubic():
    ramp = np.tile(np.arange(40, dtype=np.float32), (40, 1))[..., None]
    y, x = np.mgrid[5:30, 5:30].astype(np.float32)
    seen = Warp(x + np.float32(0.25), y).of(ramp)[..., 0]
    np.testing.assert_allclose(seen, x + 0.25, atol=0.05)  # OpenCV's kernel: a = -0.75
    sharp = np.zeros((40, 40, 1), np.float32)
    sharp[:, 20:] = 1
    assert Warp(x + np.float32(0.5), y).of(sharp).max() > 1.02  # which a linear one is not
