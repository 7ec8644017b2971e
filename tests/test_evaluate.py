import json
import subprocess
import sys
from math import inf, isnan

import numpy as np
import pytest
from pytest import approx

from img2img import images
from img2img.evaluate import evaluate

PALETTE = "0 0 0 black\n255 255 255 white\n255 0 0 red\n"


@pytest.fixture
def folders(tmp_path):
    """Reals of noise, and fakes that are 0, 1, 2, ... levels off."""
    draw = np.random.default_rng(0)
    for index in range(10):
        real = draw.integers(0, 200, (16, 12, 3), np.uint8)
        images.write(tmp_path / "real" / f"{index}.png", real)
        images.write(tmp_path / "fake" / f"{index}.png", real + np.uint8(index))
    return tmp_path / "fake", tmp_path / "real"


def test_values_are_means_over_files(folders):
    report = evaluate(*folders, metrics=("l1", "mse"))
    assert report.metrics["l1"]["value"] == approx(4.5 / 255)
    assert report.metrics["mse"]["value"] == approx(28.5 / 255**2)
    assert [row["name"] for row in report.rows] == [str(index) for index in range(10)]
    assert report.rows[3]["l1"] == approx(3 / 255)
    assert report.unmatched == []


def test_every_value_stands_beside_its_protocol(folders):
    (folders[0] / "9.png").unlink()
    report = evaluate(*folders, split="test", metrics=["l1", "psnr", "ssim"])
    assert list(report.metrics) == ["l1", "psnr", "ssim"]
    for entry in report.metrics.values():
        facts = {"name": "rgb", "colour_space": "RGB", "range": [0, 255], "border": 0}
        facts |= {"files": 9, "unmatched": 1, "split": "test", "match": "name"}
        assert facts.items() <= entry["protocol"].items()
    assert report.unmatched == [str(folders[1] / "9.png")]


def test_the_report_is_strict_json_and_the_same_every_time(folders, tmp_path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    report = evaluate(*folders, json=first)
    evaluate(*folders, json=second)
    assert first.read_bytes() == second.read_bytes()

    def refuse(word):
        raise AssertionError(word)

    read = json.loads(first.read_text(), parse_constant=refuse)
    assert read["metrics"] == report.metrics  # those that are undefined are among the skipped
    assert read["metrics"]["psnr"]["value"] == inf  # the first file is perfect
    assert read["files"][9]["psnr"] == report.rows[9]["psnr"]
    assert read["unmatched"] == []


def test_labels_are_counted_over_all_pixels(tmp_path):
    (tmp_path / "palette.txt").write_text(PALETTE)
    black, white = np.zeros((12, 12, 3), np.uint8), np.full((12, 12, 3), 250, np.uint8)
    images.write(tmp_path / "fake" / "a.png", black + np.uint8(20))
    images.write(tmp_path / "real" / "a.png", black)
    images.write(tmp_path / "fake" / "b.png", black)
    images.write(tmp_path / "real" / "b.png", np.concatenate([white[:3], black[3:]]))
    report = evaluate(
        tmp_path / "fake", tmp_path / "real", metrics=["iou"], palette=tmp_path / "palette.txt"
    )
    classes = report.metrics["iou"]["classes"]
    assert list(report.metrics) == ["iou"]
    assert (classes["black"], classes["white"]) == (21 / 24, 0)
    assert isnan(classes["red"])
    assert report.metrics["iou"]["value"] == 21 / 48
    assert json.loads(report.json())["metrics"]["iou"]["classes"]["red"] is None
    both = evaluate(tmp_path / "fake", tmp_path / "real", palette=tmp_path / "palette.txt")
    assert list(both.metrics) == ["l1", "psnr", "ssim", "accuracy", "iou"]
    assert both.metrics["accuracy"]["value"] == 21 / 24
    assert [row["accuracy"] for row in both.rows] == [1, 0.75]


def test_gray_is_compared_as_rgb(tmp_path):
    images.write(tmp_path / "fake" / "a.png", np.full((12, 12, 1), 5, np.uint8))
    images.write(tmp_path / "real" / "a.png", np.full((12, 12, 3), 5, np.uint8))
    assert evaluate(tmp_path / "fake", tmp_path / "real").metrics["psnr"]["value"] == inf


@pytest.mark.parametrize(("metric", "order"), [("l1", "98760123"), ("psnr", "98760123")])
def test_the_sheet_shows_the_worst_and_the_best(folders, tmp_path, monkeypatch, metric, order):
    shown = []
    monkeypatch.setattr(
        images, "grid", lambda *parts: shown.append(parts) or np.zeros((1, 1, 3), "u1")
    )
    evaluate(*folders, metrics=[metric], sheet=tmp_path / "sheet.png")
    rows, titles, notes = shown[0]
    assert titles == ["fake", "real", "difference"]
    assert [int(row[2].max()) for row in rows] == [9, 8, 7, 6, 0, 1, 2, 3]
    assert [note.split(":")[0] for note in notes] == ["worst"] * 4 + ["best"] * 4
    assert "".join(note[-1] for note in notes) == order


def test_a_sheet_of_few_pictures_shows_each_once(folders, tmp_path):
    for index in range(3, 10):
        (folders[0] / f"{index}.png").unlink()
    evaluate(*folders, sheet=tmp_path / "a.png")
    evaluate(*folders, sheet=tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    height = images.size(tmp_path / "a.png")[1]
    assert height == 4 + 18 + 3 * (16 * 8 + 4 + 18)


def test_what_cannot_be_measured_is_one_sentence(folders, tmp_path):
    fake, real = folders
    deep = np.zeros((16, 12, 1), np.uint16)
    for index in range(10):
        images.write(tmp_path / "deep" / f"{index}.png", deep)
        images.write(tmp_path / "tiny" / f"{index}.png", np.zeros((5, 5, 3), np.uint8))
    for options, message in [
        (
            {"metrics": ["lpips"]},
            r"unknown metric 'lpips', did you mean lpips-vgg\?; choose from pairs",
        ),
        ({"protocol": "sr"}, "unknown protocol 'sr'; choose from rgb"),
        ({"protocol": "sr-y"}, "sr-y shaves off as many pixels .*; give --scale N"),
        ({"metrics": ["accuracy"]}, "accuracy needs a palette"),
        ({"palette": tmp_path / "none.txt"}, r"there is no palette .*none\.txt"),
        ({"palette": "builtin:twon"}, "unknown built-in data set 'twon'"),
        ({"fake": tmp_path / "deep"}, "^0: .*not uint16"),
        (
            {"fake": tmp_path / "tiny", "real": tmp_path / "tiny", "metrics": "l1,ssim"},
            "^0: ssim needs pictures of at least",
        ),
    ]:
        with pytest.raises(ValueError, match=message):
            evaluate(**{"fake": fake, "real": real} | options)
    (fake / "4.png").write_bytes((fake / "4.png").read_bytes()[:60])
    with pytest.raises(ValueError, match=r"cannot read .*4\.png"):
        evaluate(fake, real)


def test_evaluating_loads_no_torch():
    code = "import sys, img2img.evaluate; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_run_is_for_score_and_pictures_too_small_for_ssim_have_other_figures(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.yaml").write_text("")
    with pytest.raises(ValueError, match=r"is a run; from Python img2img\.score measures it"):
        evaluate(tmp_path / "run", tmp_path)
    with pytest.raises(ValueError, match="samples=3 is for a run from noise"):
        evaluate(tmp_path, tmp_path, samples=3)
    for side in ("a", "b"):
        images.write(tmp_path / side / "0.png", np.zeros((5, 5, 3), np.uint8))
    report = evaluate(tmp_path / "a", tmp_path / "b")
    assert [*report.metrics][:2] == ["l1", "psnr"] and "ssim needs pictures" in report.skipped[
        "ssim"
    ]


def test_pictures_that_were_generated_are_judged_without_their_sheet(tmp_path):
    rows = [{"seed": i, "output": f"/elsewhere/{i:06}.png", "status": "done"} for i in range(3)]
    for i in range(3):
        for side in ("a", "b"):
            draw = np.random.default_rng([i, ord(side)])
            images.write(
                tmp_path / side / f"{i:06}.png", draw.integers(0, 9, (20, 20, 3), np.uint8)
            )
    images.write(tmp_path / "a" / "grid.png", np.zeros((40, 40, 3), np.uint8))
    (tmp_path / "a" / "report.json").write_text(json.dumps({"files": rows}))
    report = evaluate(tmp_path / "a", tmp_path / "b", unpaired=True, metrics="swd")
    assert report.metrics["swd"]["protocol"]["fakes"] == 3
