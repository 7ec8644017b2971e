import numpy as np
import pytest
from numpy.testing import assert_array_equal
from tiny import finished, noise, written

from img2img import evaluate as evaluating
from img2img import images, scoring
from img2img.data.imresize import shrunk
from img2img.enlarging import enlarge
from img2img.images import Levels
from img2img.networks.enlarged import bicubic
from img2img.scoring import score

DEEP = Levels(channels=1, dtype="float32", low=0, high=2, nodata=-9999)
RGB = Levels(channels=3)


@pytest.fixture
def scored(monkeypatch):
    """Scores a run whose generator interpolates by 2; what it was given is kept beside it."""

    def of(data, encoding=RGB, trained_on=None, **options):
        given = []

        class Bicubic:
            input = output = encoding
            metadata = {"trained_on": trained_on}

            def __call__(self, picture, key):
                given.append(picture)
                return enlarge(picture, encoding, 2, lambda values: bicubic(values, 2))

        config = scoring.read_config(finished("pix2pix"))
        data_of = config.data.model_copy(update={"scale": 2})
        known = config.model_copy(update={"mode": "srgan", "data": data_of})
        monkeypatch.setattr(scoring, "read_config", lambda _: known)
        monkeypatch.setattr(scoring, "overridden", lambda it, to: it.model_copy(update={
            "data": it.data.model_copy(update=to["data"])}))  # fmt: skip
        monkeypatch.setattr(scoring, "load_generator", lambda *_, **__: Bicubic())
        report = score("run", data, metrics=options.pop("metrics", ("l1",)), **options)
        monkeypatch.undo()
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
    images.write(tmp_path / "other" / "0.png", np.full_like(shown, 255))
    (tmp_path / "other" / "0.png").rename(tmp_path / "other" / "x.png")
    with pytest.raises(ValueError, match="no mask in"):
        scored(tmp_path, DEEP, mask=tmp_path / "other")
    images.write(tmp_path / "other" / "p" / "0.png", np.full_like(shown, 255))
    (tmp_path / "other" / "0.png").unlink(missing_ok=True)
    name = report.rows[0]["name"]
    images.write(tmp_path / "whole" / f"{name}.png", np.full_like(shown, 255))
    report, _ = scored(tmp_path, DEEP, mask=tmp_path / "whole")
    assert report.metrics["l1"]["value"] > 0.001
    assert report.metrics["l1"]["protocol"]["counted"] == 1
