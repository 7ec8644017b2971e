"""What is made of depths, channels, masks, nodata and label maps, from files to the report."""

from math import inf, isnan, nan

import numpy as np
import pytest
from pytest import approx

from img2img import images
from img2img.evaluate import evaluate


def save(root, picture, name="a.tif"):
    images.write(root / name, picture)


def draw(dtype, channels, high, seed=0):
    levels = np.random.default_rng(seed).random((14, 16, channels)) * high
    return levels.astype(dtype)


@pytest.fixture
def sides(tmp_path):
    """Saves a fake and its real picture; the two folders."""

    def pair(fake, real, name="a.tif"):
        save(tmp_path / "fake", fake, name)
        save(tmp_path / "real", real, name)
        return tmp_path / "fake", tmp_path / "real"

    return pair


@pytest.mark.parametrize(
    ("dtype", "channels", "range", "name"),
    [
        ("uint8", 3, None, "rgb"),
        ("uint8", 5, None, "raw"),
        ("uint16", 1, None, "raw"),
        ("uint16", 3, (0, 4095), "raw"),
        ("float32", 2, (-1, 3), "raw"),
    ],
)
def test_every_kind_is_compared_by_its_range_and_the_report_says_so(
    sides, dtype, channels, range, name
):
    low, high = range or (0, np.iinfo(dtype).max)
    real = draw(dtype, channels, high - 1)
    folders = sides(real + np.dtype(dtype).type(1), real)
    report = evaluate(*folders, range=range)
    assert report.metrics["l1"]["value"] == approx(1 / (high - low), rel=1e-6)
    assert report.metrics["psnr"]["value"] == approx(20 * np.log10(high - low), rel=1e-6)
    facts = {"name": name, "dtype": dtype, "channels": channels, "range": [low, high]}
    assert (facts | {"counted": 1, "mask": None}).items() <= report.metrics["l1"][
        "protocol"
    ].items()


def test_floats_without_a_range_and_unequal_kinds_are_one_sentence(sides):
    real = draw("float32", 1, 1)
    real[0, :2, 0] = -2, 5
    with pytest.raises(ValueError, match=r"give --range LOW HIGH .*holds -2 to 5\)$"):
        evaluate(*sides(real, real))
    for fake, message in [
        (draw("uint16", 1, 99), "^a: .* not uint16 in 1, as the fake picture is"),
        (draw("float32", 2, 99), "^a: .* not float32 in 2, as the fake picture is"),
    ]:
        with pytest.raises(ValueError, match=message):
            evaluate(*sides(fake, real), range=(0, 1))


def test_pixels_count_where_the_mask_is_not_0(sides, tmp_path):
    real = draw("uint16", 2, 60000)
    fake = real.copy()
    fake[:4] += 100
    mask = np.zeros((14, 16, 1), np.uint8)
    mask[2:] = 1
    save(tmp_path / "mask", mask, "a.png")
    report = evaluate(*sides(fake, real), mask=tmp_path / "mask")
    assert report.metrics["l1"]["value"] == approx(2 / 12 * 100 / 65535)
    protocol = report.metrics["l1"]["protocol"]
    assert (protocol["counted"], protocol["mask"]) == (12 / 14, str(tmp_path / "mask"))
    fake[:2], real[:2] = 7, 9
    changed = evaluate(*sides(fake, real), mask=tmp_path / "mask")
    assert changed.metrics == report.metrics and changed.rows == report.rows


def test_a_picture_without_a_mask_is_left_out_and_named(sides, tmp_path):
    for name in ("a.tif", "b.tif"):
        folders = sides(draw("uint8", 3, 255), draw("uint8", 3, 255, seed=1), name)
    for name in ("b.png", "c.png"):
        save(tmp_path / "mask", np.full((14, 16, 3), 255, np.uint8), name)
    report = evaluate(*folders, mask=tmp_path / "mask")
    assert [row["name"] for row in report.rows] == ["b"]
    assert report.unmatched == ["a (no mask)", str(tmp_path / "mask" / "c.png")]
    assert report.metrics["l1"]["protocol"]["unmatched"] == 2


@pytest.mark.parametrize(("dtype", "nodata"), [("float32", nan), ("float32", -9999), ("uint16", 0)])
def test_pixels_without_data_do_not_count(sides, dtype, nodata):
    real = draw(dtype, 2, 200) + np.dtype(dtype).type(1)
    fake = real + np.dtype(dtype).type(2)
    real[3, 4] = nodata
    fake[3, 4] = 50
    report = evaluate(*sides(fake, real), range=(0, 400), nodata=nodata, metrics=["l1", "psnr"])
    assert report.metrics["l1"]["value"] == approx(2 / 400, rel=1e-5)
    protocol = report.metrics["l1"]["protocol"]
    assert protocol["counted"] == 1 - 1 / (14 * 16)
    assert protocol["nodata"] == ("nan" if isnan(nodata) else nodata)
    assert "null" not in report.json().split('"nodata":')[1][:8]


def test_mask_and_nodata_hide_together(sides, tmp_path):
    real = np.full((14, 16, 1), 9, np.uint8)
    real[0] = 0
    mask = np.full_like(real, 255)
    mask[:, 0] = 0
    save(tmp_path / "mask", mask, "a.png")
    report = evaluate(*sides(real, real), mask=tmp_path / "mask", nodata=0, metrics=["l1"])
    assert report.metrics["l1"]["protocol"]["counted"] == 13 * 15 / (14 * 16)


def test_a_mask_of_another_size_is_one_sentence(sides, tmp_path):
    real = np.ones((14, 16, 1), np.uint8)
    save(tmp_path / "mask", real[:, 1:], "a.png")
    for options in ({"nodata": 0}, {"classes": 2, "metrics": ["iou"]}):
        with pytest.raises(ValueError, match=r"^a: the mask is bool \(14, 15\), not .*\(14, 16\)"):
            evaluate(*sides(real, real), mask=tmp_path / "mask", **options)


def test_a_picture_with_nothing_to_see_has_no_figure(sides, tmp_path):
    real = draw("uint8", 3, 255)
    sides(real + np.uint8(0), np.zeros_like(real), "a.tif")
    folders = sides(real, real, "b.tif")
    report = evaluate(*folders, nodata=0, sheet=tmp_path / "sheet.png")
    assert isnan(report.rows[0]["l1"]) and report.rows[1]["psnr"] == inf
    entry = report.metrics["psnr"]
    assert (entry["value"], entry["protocol"]["undefined"]) == (inf, 1)
    assert images.size(tmp_path / "sheet.png")[1] == 4 + 18 + 14 * 8 + 4 + 18  # b alone
    (folders[0] / "b.tif").unlink()
    with pytest.raises(ValueError, match="no pixel of 1 pictures counts; check the masks"):
        evaluate(*folders, nodata=0)


def test_index_maps_are_compared_by_value_but_where_they_are_ignored(sides):
    real = np.tile(np.array([0, 1, 2, 255], np.uint8), (12, 4))[..., None]
    fake = np.where(real == 255, 1, real)
    fake[:6, 0] = 1
    report = evaluate(*sides(fake, real), classes=3, ignore=255, metrics=["iou", "accuracy"])
    assert report.metrics["accuracy"]["value"] == 1 - 6 / 144
    assert report.metrics["iou"]["classes"] == {"0": 42 / 48, "1": 48 / 54, "2": 1}
    assert report.metrics["iou"]["protocol"]["ignore"] == 255
    assert list(evaluate(*sides(fake, real), classes=256).metrics)[-2:] == ["accuracy", "iou"]
    with pytest.raises(ValueError, match=r"^a: labels 0 to 255 of 3 classes"):
        evaluate(*sides(fake, real), classes=3)


def test_every_mean_stands_beside_its_interval_where_there_are_two_pictures(sides):
    for i, name in enumerate(("a.tif", "b.tif", "c.tif")):
        real = draw("uint8", 3, 200, seed=i)
        folders = sides(real + np.uint8(10 * i), real, name)
    report = evaluate(*folders, metrics=["l1", "psnr", "accuracy", "iou"], palette="builtin:town")
    for name, entry in report.metrics.items():
        rows = [row[name] for row in report.rows]
        assert entry["interval"] == approx([min(rows), max(rows)])  # 1 of 27 draws each
        assert entry["protocol"]["interval"] == (
            "95 % bootstrap, 1000 resamples of pictures, seed 0"
        )
    assert report.metrics["psnr"]["interval"][1] == inf and "1e999\n" in report.json()
    (folders[0] / "a.tif").unlink()
    (folders[0] / "b.tif").unlink()
    one = evaluate(*folders).metrics["l1"]
    assert "interval" not in one and "interval" not in one["protocol"]


def test_class_accuracy_holds_each_classs_own(sides):
    real = np.tile(np.array([0, 0, 1, 9], np.uint8), (12, 4))[..., None]
    fake = real.copy()
    fake[:3, 2] = 0
    report = evaluate(*sides(fake, real), classes=3, ignore=9, metrics=["class-accuracy"])
    entry = report.metrics["class-accuracy"]
    assert entry["value"] == (1 + 45 / 48) / 2
    assert entry["classes"] == approx({"0": 1, "1": 45 / 48, "2": nan}, nan_ok=True)
    assert entry["protocol"]["ignore"] == 9


@pytest.mark.parametrize("name", ["ms-ssim", "sharpness", "ciede2000", "edges"])
def test_what_has_no_data_has_no_part_in_any_metric(tmp_path, name):
    draw = np.random.default_rng(0)
    fake, real = draw.random((2, 200, 190, 3), np.float32)
    real[180:, :, 1] = -1
    images.write(tmp_path / "real" / "a.tif", real)
    rows = []
    for hidden in (0.0, 0.7, np.nan):
        fake[180:] = hidden
        images.write(tmp_path / "fake" / "a.tif", fake)
        report = evaluate(
            tmp_path / "fake", tmp_path / "real", metrics=[name], range=(0, 1), nodata=-1
        )
        rows += report.rows
    assert rows[0] == rows[1] == rows[2] and np.isfinite(rows[0][name])


def test_masks_hold_for_label_maps_too(sides, tmp_path):
    real = np.tile(np.array([0, 1], np.uint8), (12, 6))[..., None]
    mask = np.zeros_like(real)
    mask[:3] = 1
    fake = 1 - real
    fake[:3] = real[:3]
    save(tmp_path / "mask", mask, "a.png")
    report = evaluate(*sides(fake, real), classes=2, mask=tmp_path / "mask", metrics=["accuracy"])
    assert report.metrics["accuracy"]["value"] == 1
