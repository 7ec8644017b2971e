import numpy as np

from img2img.data.waves import Waves


def test_waves_on_a_grid_are_the_waves_at_its_points():
    waves = Waves.draw(np.random.default_rng(0), 40, 90, 4)
    axis = np.arange(7, dtype=np.float32)
    points = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    assert np.allclose(waves.over(axis).ravel(), waves.at(points), atol=1e-5)


def test_waves_are_smooth_and_stay_within_one():
    rng = np.random.default_rng(1)
    for _ in range(20):
        values = Waves.draw(rng, 40, 90).over(np.arange(100, dtype=np.float32))
        assert np.abs(values).max() <= 1
        assert np.abs(np.diff(values)).max() < 2 * np.pi / 40
