import json

import numpy as np
import pytest
from tiny import domains, finished, played, written

from img2img import images, scoring
from img2img.evaluate import evaluate
from img2img.images import Levels
from img2img.scoring import score
from img2img.translate import translate

FACTS = {"split": "test", "name": "rgb", "files": 100}


def test_a_run_scores_what_evaluate_says_of_its_translations(tmp_path):
    shapes = [(36, 40, 3)] * 3
    data = domains(tmp_path / "data", shapes, shapes)
    for side in "AB":
        (data / f"train{side}").rename(data / f"test{side}")
        written(data, (40, 40, 3), folder=f"train{side}")
    run = finished("pix2pix")
    found = score(run, data, metrics=("l1", "ssim"), json=tmp_path / "a.json")
    translate(run, data / "testA", tmp_path / "out", device="cpu")
    expected = evaluate(tmp_path / "out", data / "testB", metrics=("l1", "ssim"))
    for name, entry in expected.metrics.items():
        assert found.metrics[name]["value"] == entry["value"]
    assert [row["l1"] for row in found.rows] == [row["l1"] for row in expected.rows]
    assert json.loads((tmp_path / "a.json").read_text())["metrics"]["l1"]["protocol"]["files"] == 3


def test_the_protocol_says_which_pictures_were_scored(tmp_path):
    run = finished("cyclegan")
    report = score(run, "builtin:town", metrics=("l1",), sheet=tmp_path / "sheet.png")
    assert {"split": "test", "files": 100, "run": str(run)}.items() <= report.metrics["l1"][
        "protocol"
    ].items()
    assert images.read(tmp_path / "sheet.png").dtype == np.uint8
    palette = score(run, "builtin:town", metrics=("l1",), palette="builtin:town", split="val")
    assert list(palette.metrics) == ["l1", "accuracy", "iou"]


def test_a_gray_run_is_scored_as_rgb(tmp_path):
    data = domains(tmp_path / "d", [(32, 32, 1)] * 10, [(32, 32, 1)] * 10)
    run = played("pix2pix", tmp_path, steps=1, data={"path": str(data), "resize": "none"})
    report = score(run, data, metrics=("l1",))
    assert report.metrics["l1"]["protocol"]["split"] == "val"  # there is no test


def test_pixels_that_a_mask_hides_have_no_influence(tmp_path):
    shapes = [(36, 40, 3)] * 3
    data = domains(tmp_path / "data", shapes, shapes)
    for side in "AB":
        (data / f"train{side}").rename(data / f"test{side}")
        written(data, (40, 40, 3), folder=f"train{side}")
    mask = np.zeros((36, 40, 1), np.uint8)
    mask[:, 10:] = 255
    for name in "12":
        images.write(tmp_path / "mask" / f"{name}.png", mask)
    report = score(finished("pix2pix"), data, mask=tmp_path / "mask")
    assert [row["name"] for row in report.rows] == ["1", "2"]
    assert report.unmatched == ["0 (no mask)"]
    assert report.metrics["l1"]["protocol"]["counted"] == 0.75
    for path in (data / "testB").iterdir():
        picture = images.read(path)
        picture[:, :10] = 255 - picture[:, :10]
        images.write(path, picture)
    assert score(finished("pix2pix"), data, mask=tmp_path / "mask").rows == report.rows


def test_a_run_on_floats_knows_their_range(tmp_path, monkeypatch):
    class Copy:
        input = output = Levels(channels=2, dtype="float32", low=-1, high=3)

        def __call__(self, picture, key):
            return picture

    monkeypatch.setattr(scoring, "load_generator", lambda run, direction: Copy())
    for index in range(10):
        for side, level in (("A", 0.5), ("B", 1)):
            picture = np.full((32, 32, 2), level, np.float32)
            images.write(tmp_path / f"train{side}" / f"{index}.npy", picture)
    (entry,) = score(finished("pix2pix"), tmp_path, metrics=("l1",)).metrics.values()
    facts = {"name": "raw", "dtype": "float32", "channels": 2, "range": [(-1,), (3,)]}
    assert facts.items() <= entry["protocol"].items() and entry["value"] == 0.5 / 4
    (entry,) = score(finished("pix2pix"), tmp_path, metrics=("l1",), range=(0, 2)).metrics.values()
    assert (entry["protocol"]["range"], entry["value"]) == ([0, 2], 0.25)


def test_what_cannot_be_scored_is_one_sentence(tmp_path):
    run = finished("pix2pix")
    data = domains(tmp_path / "d", [(32, 32, 3)] * 2, [(32, 32, 3)] * 2)
    for arguments, options, message in [
        ((run, "builtin:town"), {"split": "tset"}, "has no tset pictures; choose from train, val"),
        ((run, "builtin:town"), {"protocol": "sr-y"}, "unknown protocol 'sr-y'; choose from rgb"),
        ((run, "builtin:town"), {"metrics": ("lpips",)}, "unknown metric 'lpips'; choose from l1"),
        ((run, tmp_path / "none"), {}, "no such folder: .*none; give one with pictures in it"),
        ((tmp_path, "builtin:town"), {}, "is no run: it has no config.yaml"),
        ((run, data), {}, "has no val pictures; choose from train"),
    ]:
        with pytest.raises(ValueError, match=message):
            score(*arguments, **options)
