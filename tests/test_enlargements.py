from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from tiny import noise, written

from img2img import images, scoring
from img2img.base.metrics.table import Metric
from img2img.data.imresize import shrunk
from img2img.data.resolution_folders import recognise_resolutions
from img2img.enlarging import enlarge
from img2img.evaluate import evaluate
from img2img.images import Levels
from img2img.networks.enlarged import bicubic
from img2img.run.sources import fingerprint
from img2img.scoring import score

DEEP = Levels(channels=1, dtype="float32", low=0, high=2, nodata=-9999)
RGB = Levels(channels=3)

STAND_IN = Metric(lambda *_: 1.0, lambda value: value, "always 1", rises=True)


@pytest.fixture
def scored(monkeypatch):
    """Scores a run whose generator interpolates by 2; what it was given is kept beside it."""

    def of(data, encoding=RGB, trained_on=None, **options):
        given = []

        class Bicubic:
            input = output = encoding
            scale, batch_norm, dropout = "native", "running", False

            def __init__(self):
                self.metadata = {"trained_on": trained_on}

            def __call__(self, picture, key):
                given.append(picture)
                return enlarge(picture, encoding, 2, lambda values: bicubic(values, 2))

        data_of = SimpleNamespace(scale=2, direction="AtoB")
        monkeypatch.setattr(scoring, "read_config", lambda _: None)
        monkeypatch.setattr(
            scoring, "overridden", lambda *_: SimpleNamespace(mode="srgan", data=data_of)
        )
        layout = recognise_resolutions(data)
        monkeypatch.setattr(scoring, "open_layout", lambda *_, **__: layout)
        monkeypatch.setattr(scoring, "load_translator", lambda *_, **__: Bicubic())
        report = score("run", data, metrics=options.pop("metrics", ("l1",)), **options)
        return report, given

    return of


def plane(hole=None):
    """One level of floats, with a hole."""
    picture = np.full((24, 24, 1), 0.5, np.float32)
    if hole is not None:
        picture[8:13, 9:14] = hole
    return picture


@pytest.mark.parametrize(("known", "asked"), [(-9999, None), ("nan", None), (None, np.nan),
                                              (None, -9999), (-9999, -1)])  # fmt: skip
def test_where_there_is_no_data_nothing_is_asked_and_nothing_spills_over(
    tmp_path, scored, known, asked
):
    hole = float(known if asked is None else asked)
    images.write(tmp_path / "0.tif", plane(hole))
    encoding = DEEP.model_copy(update={"nodata": known})
    report, given = scored(tmp_path, encoding, nodata=asked)
    told = report.metrics["l1"]
    assert told["value"] == pytest.approx(0, abs=1e-6)
    assert told["protocol"]["counted"] == 1 - 25 / 24**2
    np.testing.assert_allclose(given[0], 0.5, atol=1e-6)


def test_where_the_given_low_resolution_has_no_data_nothing_is_asked(tmp_path, scored):
    low = np.full((12, 12, 1), 0.5, np.float32)
    low[3, 4] = -9999
    images.write(tmp_path / "LR" / "0.tif", low)
    images.write(tmp_path / "HR" / "0.tif", plane())
    report, given = scored(tmp_path, DEEP)
    assert report.metrics["l1"]["protocol"]["counted"] == 1 - 4 / 24**2
    assert report.metrics["l1"]["protocol"]["lr"] == "given"
    np.testing.assert_allclose(given[0], 0.5, atol=1e-6)


def test_a_run_of_the_luminance_is_scored_on_each_picture_in_its_own_kind(tmp_path, scored):
    gray = Levels(channels=1)
    images.write(tmp_path / "0.png", noise(25, 27, 3))
    images.write(tmp_path / "1.png", noise(24, 24, 1))
    report, given = scored(tmp_path, gray, protocol="sr-y", metrics=("psnr",))
    assert_array_equal(given[0], shrunk(noise(25, 27, 3)[:24, :26], 2))
    assert_array_equal(given[1], shrunk(noise(24, 24, 1), 2))
    assert report.metrics["psnr"]["protocol"]["lr"] == "bicubic x2"


def test_masks_of_the_data_set_hide_unless_others_are_given(tmp_path, scored):
    images.write(tmp_path / "p" / "0.tif", plane(1.5))
    shown = (plane(0) > 0).astype(np.uint8) * 255
    images.write(tmp_path / "m" / "0.png", shown)
    (tmp_path / "data.csv").write_text("x,mask,split\np/0.tif,m/0.png,train\n")
    report, given = scored(tmp_path, DEEP)
    entry = report.metrics["l1"]
    assert entry["value"] == pytest.approx(0, abs=1e-6)
    assert entry["protocol"]["mask"] == "the data set's"
    np.testing.assert_allclose(given[0], 0.5, atol=1e-6)
    name = report.rows[0]["name"]
    images.write(tmp_path / "whole" / f"{name}.png", np.full_like(shown, 255))
    report, _ = scored(tmp_path, DEEP, mask=tmp_path / "whole")
    assert report.metrics["l1"]["value"] > 0.001
    assert report.metrics["l1"]["protocol"]["counted"] == 1


def protocol_of(report):
    return report.metrics["l1"]["protocol"]


def test_pictures_that_were_trained_on_are_not_scored_unless_asked_for(tmp_path, scored):
    shape = (24, 24, 3)
    alone = written(tmp_path / "alone", *[shape] * 20)
    apart = written(tmp_path / "apart", *[shape] * 3, folder="train")
    written(apart, *[shape] * 2, folder="val")
    own = fingerprint(recognise_resolutions(alone))
    told = [
        (protocol_of(scored(*arguments, **options)[0]))
        for arguments, options in [
            ((alone,), {}),
            ((alone, RGB, own), {}),
            ((alone, RGB, own), {"split": "train"}),
            ((apart,), {}),
        ]
    ]
    assert [(it["split"], it["files"]) for it in told] == [
        ("all", 20), ("val", 2), ("train", 18), ("val", 2),
    ]  # fmt: skip
    written(apart, shape, folder="test")
    assert protocol_of(scored(apart)[0])["split"] == "test"


def test_a_run_trained_on_few_pictures_has_none_to_be_scored_on(tmp_path, scored):
    data = written(tmp_path, *[(24, 24, 3)] * 3)
    own = fingerprint(recognise_resolutions(data))
    with pytest.raises(ValueError, match="has no val pictures; choose from train"):
        scored(data, RGB, own)


def test_a_tables_val_is_set_apart(tmp_path, scored):
    written(tmp_path, *[(24, 24, 3)] * 3, folder="p")
    rows = ["x,split", "p/0.png,train", "p/1.png,train", "p/2.png,val"]
    (tmp_path / "data.csv").write_text("\n".join(rows) + "\n")
    assert protocol_of(scored(tmp_path)[0])["split"] == "val"


def test_nobody_is_given_lpips_unasked_where_pixels_may_be_hidden(tmp_path, scored, monkeypatch):
    monkeypatch.setattr("img2img.measuring.learned", lambda _: {"theirs": lambda _: STAND_IN})
    monkeypatch.setattr("img2img.measuring.beside", lambda _: ("theirs",))
    data = written(tmp_path / "d", (24, 24, 3))
    images.write(tmp_path / "m" / "0.png", noise(24, 24, 1) | 1)
    asked = {"protocol": "sr-rgb", "metrics": None}
    hidden = RGB.model_copy(update={"nodata": 0})
    found = [
        evaluate(data, data, scale=2, **asked),
        evaluate(data, data, scale=2, mask=tmp_path / "m", **asked),
        evaluate(data, data, scale=2, nodata=0, **asked),
        scored(data, **asked)[0],
        scored(data, nodata=0, **asked)[0],
        scored(data, mask=tmp_path / "m", **asked)[0],
        scored(data, hidden, **asked)[0],
    ]
    there = ["theirs" in report.metrics for report in found]
    assert there == [True, False, False, True, False, False, False]
