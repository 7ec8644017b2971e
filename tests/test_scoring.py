import json

import numpy as np
import pytest
from tiny import domains, finished, log, noise, played, written

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


@pytest.mark.parametrize("protocol", ["sr-rgb", "sr-y"])
def test_a_run_is_scored_by_the_protocols_of_super_resolution(tmp_path, protocol):
    shapes = [(36, 40, 3)] * 3
    data = domains(tmp_path / "data", shapes, shapes)
    run, options = finished("pix2pix"), {"metrics": ("psnr",), "split": "train"}
    found = score(run, data, protocol=protocol, scale=4, **options).metrics["psnr"]
    facts = {"name": protocol, "border": 4, "scale": 4}
    assert facts.items() <= found["protocol"].items()
    translate(run, data / "trainA", tmp_path / "out", device="cpu")
    whole = tmp_path / "out", data / "trainB"
    expected = evaluate(*whole, metrics=("psnr",), protocol=protocol, scale=4)
    assert found["value"] == expected.metrics["psnr"]["value"]


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
        scale, batch_norm, dropout, metadata = "native", "image", False, {}

        def __call__(self, picture, key):
            return picture

    monkeypatch.setattr(scoring, "load_translator", lambda run, direction: Copy())
    for index in range(10):
        for side, level in (("A", 0.5), ("B", 1)):
            picture = np.full((32, 32, 2), level, np.float32)
            images.write(tmp_path / f"train{side}" / f"{index}.npy", picture)
    (entry,) = score(finished("pix2pix"), tmp_path, metrics=("l1",)).metrics.values()
    facts = {"name": "raw", "dtype": "float32", "channels": 2, "range": [-1, 3]}
    assert facts.items() <= entry["protocol"].items() and entry["value"] == 0.5 / 4
    (entry,) = score(finished("pix2pix"), tmp_path, metrics=("l1",), range=(0, 2)).metrics.values()
    assert (entry["protocol"]["range"], entry["value"]) == ([0, 2], 0.25)


def test_what_cannot_be_scored_is_one_sentence(tmp_path):
    run = finished("pix2pix")
    data = domains(tmp_path / "d", [(32, 32, 3)] * 2, [(32, 32, 3)] * 2)
    for arguments, options, message in [
        ((run, "builtin:town"), {"split": "tset"}, "has no tset pictures; choose from train, val"),
        (
            (run, "builtin:town"),
            {"protocol": "sr-y"},
            "sr-y shaves off as many pixels",
        ),
        (
            (run, "builtin:town"),
            {"metrics": ("lpips",)},
            r"unknown metric 'lpips', did you mean lpips-vgg\?; choose from pairs",
        ),
        ((run, tmp_path / "none"), {}, "no such folder: .*none; give one with pictures in it"),
        ((tmp_path, "builtin:town"), {}, "is no run: it has no config.yaml"),
        ((run, data), {"split": "val"}, "has no val pictures; choose from train, all"),
    ]:
        with pytest.raises(ValueError, match=message):
            score(*arguments, **options)


PALETTE = "200 30 30 red\n30 200 30 green\n30 30 200 blue\n"


def squares(of, count, seed):
    """A picture 32 x 32 of squares, each one of `of`."""
    chosen = np.random.default_rng(seed).integers(0, count, (4, 4))
    return np.array(of)[chosen].repeat(8, 0).repeat(8, 1)


def numbers(i):
    return np.where(squares(range(4), 4, i) == 3, 9, squares(range(4), 4, i))[..., None]


def pairs(root, x, y, suffixes=(".png", ".png")):
    """12 rows of data.csv, two of them val, their pictures drawn by number; every second masked."""
    rows = ["x,y,mask,split"]
    for i in range(12):
        images.write(root / f"x/{i}{suffixes[0]}", x(i))
        images.write(root / f"y/{i}{suffixes[1]}", y(i))
        mask = np.zeros((32, 32, 1), np.uint8)
        mask[:, 12:] = 255
        images.write(root / f"m/{i}.png", mask)
        row = f"x/{i}{suffixes[0]},y/{i}{suffixes[1]},{f'm/{i}.png' if i % 2 else ''}"
        rows.append(f"{row},{'val' if i > 9 else 'train'}")
    (root / "data.csv").write_text("\n".join(rows))
    return str(root)


def index(root):
    x, y = (lambda i: noise(32, 32, 3, seed=i)), (lambda i: numbers(i).astype(np.uint8))
    return {"path": pairs(root, x, y), "output": {"kind": "labels", "classes": 3, "ignore": 9}}


def jpeg(root):
    (root / "palette.txt").write_text(PALETTE)
    colours = [tuple(map(int, line.split()[:3])) for line in PALETTE.splitlines()]

    def y(i):
        return squares(colours, 3, i).astype(np.uint8)

    path = pairs(root, lambda i: noise(32, 32, 3, seed=i), y, (".png", ".jpg"))
    output = {"kind": "labels", "palette": str(root / "palette.txt"), "ignore": 1}
    return {"path": path, "output": output}


def deep(root):
    """16 bit with a range of its own, from floats; both have places without data."""

    def x(i):
        picture = noise(32, 32, 5, seed=i).astype(np.float32) / 255
        picture[:6, :, 2] = np.nan
        return picture

    def y(i):
        picture = noise(32, 32, 1, seed=99 - i).astype(np.uint16) * 16
        picture[20:25] = 65535
        return picture

    path = pairs(root, x, y, (".npy", ".png"))
    output = {"low": [0], "high": [4095], "nodata": "65535"}
    return {"path": path, "input": {"nodata": "nan"}, "output": output}


def gray(root):
    """Colours, read as gray; nodata is black."""

    def y(i):
        picture = np.minimum(noise(32, 32, 3, seed=99 - i), 230)
        picture[:9] = 0
        picture[:9, :5, 2] = 1  # which is black as gray alone
        return picture

    path = pairs(root, lambda i: noise(32, 32, 3, seed=i), y)
    return {
        "path": path, "input": {"channels": 1},
        "output": {"channels": 1, "low": [0], "high": [230], "nodata": "0"},
    }  # fmt: skip


SETS = {"index": index, "jpeg": jpeg, "deep": deep, "gray": gray}


@pytest.fixture(params=SETS)
def trained(request, tmp_path):
    """A run on one of SETS, and its data."""
    data = SETS[request.param](tmp_path) | {"resize": "none"}
    return played("pix2pix", tmp_path, steps=1, data=data), data


def test_a_run_is_scored_as_its_validation_measured_it(trained, tmp_path):
    run, data = trained
    report = score(run, data["path"], sheet=tmp_path / "sheet.png")
    (line,) = log(run, "validation")
    found = {name: entry["value"] for name, entry in report.metrics.items()}
    shared = {name: found[name] for name in line["validation"]}
    assert shared == pytest.approx(line["validation"], rel=1e-5)
    (facts, *_) = (entry["protocol"] for entry in report.metrics.values())
    assert facts["mask"] == "the data set's" and 0 < facts["counted"] < 1
    wanted = data["output"]
    if "low" in wanted:
        assert facts["range"] == [*wanted["low"], *wanted["high"]]
        assert facts["nodata"] == float(wanted["nodata"])
    else:
        assert (facts["ignore"], list(report.metrics)) == (wanted["ignore"], ["accuracy", "iou"])
        assert images.read(tmp_path / "sheet.png")[30:150].std() > 40  # colours, no dark numbers


@pytest.fixture
def given(tmp_path):
    """A folder of masks that show the first 16 columns."""
    mask = np.zeros((32, 32, 1), np.uint8)
    mask[:, :16] = 1
    for i in range(12):
        images.write(tmp_path / f"given/x/{i}.png", mask)
    return tmp_path / "given"


def test_what_is_asked_wins_over_what_the_run_knows(tmp_path, given):
    data = index(tmp_path) | {"resize": "none"}
    run = played("pix2pix", tmp_path, steps=1, data=data)
    told = score(run, tmp_path, classes=10, ignore=0, mask=given).metrics["iou"]["protocol"]
    assert told["counted"] == 0.5  # 9 counts, which the run ignores
    for i in range(12):  # 9 is a class now, and 2 is not
        images.write(tmp_path / f"y/{i}.png", np.where(numbers(i) == 9, 2, 1).astype(np.uint8))
    report = score(run, tmp_path, metrics=("l1", "iou"), ignore=2, mask=given)
    assert list(report.metrics) == ["l1", "iou"]
    facts = report.metrics["iou"]["protocol"]
    told = {"ignore": 2, "mask": str(given), "counted": 0.5, "files": 2}
    assert told.items() <= facts.items()
    plain = score(run, tmp_path, classes=4)
    assert list(plain.metrics["iou"]["classes"]) == ["0", "1", "2", "3"]


def test_where_an_input_has_no_data_nothing_is_asked_behind_a_given_mask_either(tmp_path, given):
    data = deep(tmp_path) | {"resize": "none"}
    run = played("pix2pix", tmp_path, steps=1, data=data)
    rows = [score(run, tmp_path, mask=given, metrics=("l1",)).rows]
    for i in range(12):
        picture = images.read(tmp_path / f"y/{i}.png")
        picture[:6] = 4095 - picture[:6]
        images.write(tmp_path / f"y/{i}.png", picture)
    rows.append(score(run, tmp_path, mask=given, metrics=("l1",)).rows)
    assert rows[0] == rows[1]
    told = score(run, tmp_path, nodata=65535, metrics=("l1",)).metrics["l1"]
    known = score(run, tmp_path, metrics=("l1",)).metrics["l1"]
    assert told == known
