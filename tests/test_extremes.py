from math import nan

import numpy as np
import pytest

from img2img import images
from img2img.evaluate import evaluate


@pytest.fixture
def sides(tmp_path):
    """Saves a fake and its real picture; the two folders."""

    def pair(fake, real):
        images.write(tmp_path / "fake/a.tif", fake)
        images.write(tmp_path / "real/a.tif", real)
        return tmp_path / "fake", tmp_path / "real"

    return pair


def test_a_sheet_ranked_by_a_figure_that_no_picture_has_is_one_sentence(sides, tmp_path):
    real = np.full((14, 16, 3), 9, np.uint8)
    real[:5] = 0
    with pytest.raises(ValueError, match="no picture has a figure of ssim, which ranks the sheet"):
        evaluate(*sides(real, real), nodata=0, metrics=["ssim"], sheet=tmp_path / "sheet.png")


@pytest.mark.parametrize(("channels", "expected"), [(1, "000"), (2, "000"), (3, "012"), (5, "012")])
def test_sheets_show_the_range_in_8_bits_and_the_first_channels(
    sides, tmp_path, monkeypatch, channels, expected
):
    shown = []

    def look(rows, titles, notes):
        shown.append(rows[0])
        return np.zeros((1, 1, 3), np.uint8)

    monkeypatch.setattr(images, "grid", look)
    levels = np.array([-100, 0, 1.5, 3, 9])[:channels]
    real = np.broadcast_to(levels, (14, 16, channels)).astype(np.float32).copy()
    fake = real + np.float32(0.6)
    fake[0, 0] = nan
    real[0, :2] = -9
    folders = sides(fake, real)
    evaluate(*folders, range=(0, 3), nodata=-9, sheet=tmp_path / "a.png")
    fakes, reals, difference = shown[0]
    assert reals[5, 5].tolist() == [0, 0, 128, 255, 255][:channels]
    assert fakes[5, 5].tolist() == [0, 51, 178, 255, 255][:channels]
    assert set(difference[1:].ravel()) == {51}
    assert difference[0, :2].max() == 0  # hidden
    monkeypatch.undo()
    evaluate(*folders, range=(0, 3), nodata=-9, sheet=tmp_path / "a.png")
    sheet = images.read(tmp_path / "a.png")
    cell = sheet[4 + 18 + 18 + 60, 4 + (16 * 10 + 4) + 80]
    assert cell.tolist() == [int(reals[5, 5][int(channel)]) for channel in expected]


def test_index_maps_are_shown_in_colours_and_their_difference_where_classes_differ(
    sides, tmp_path, monkeypatch
):
    shown = []

    def look(rows, titles, notes):
        shown.append(rows[0])
        return np.zeros((1, 1, 3), np.uint8)

    monkeypatch.setattr(images, "grid", look)
    real = np.tile(np.array([0, 1, 2, 9], np.uint8), (12, 4))[..., None]
    fake = real.copy()
    fake[3] = 1
    evaluate(*sides(fake, real), classes=3, ignore=9, metrics=["iou"], sheet=tmp_path / "a.png")
    fakes, reals, difference = shown[0]
    assert (fakes[4] == reals[4]).all() and reals[0, :3].max(1).min() > 100
    assert (fakes[3] == reals[0, 1]).all()
    assert difference[3, :4, 0].tolist() == [255, 0, 255, 255]
    assert not difference[4:].any()
