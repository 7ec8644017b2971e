import json
import shutil
from functools import partial
from math import isnan

import numpy as np
import pytest
from projected import projected

from img2img import images
from img2img.base.metrics import palette
from img2img.base.metrics.span import Span
from img2img.compare import compare
from img2img.evaluate import evaluate
from img2img.gathering import Look, gather, watches
from img2img.measuring import OF_SETS

SMALL = ("fid", "kid", "precision", "density", "c2st")


@pytest.fixture(autouse=True)
def looked(monkeypatch, tmp_path):
    monkeypatch.setenv("IMG2IMG_WEIGHTS", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    return projected(monkeypatch)


def written(folder, *shapes, dtype=np.uint8, first=0, suffix=".png"):
    for i, shape in enumerate(shapes):
        draw = np.random.default_rng(first + i)
        high = np.iinfo(dtype).max if np.dtype(dtype).kind == "u" else 1
        images.write(folder / f"{i}{suffix}", (draw.random(shape) * high).astype(dtype))
    return folder


@pytest.fixture
def folders(tmp_path):
    """8 fakes, and 8 other pictures for them to be like."""
    shapes = [(48, 40, 3)] * 8
    return written(tmp_path / "fake", *shapes), written(tmp_path / "real", *shapes, first=100)


def values(report):
    return {name: entry["value"] for name, entry in report.metrics.items()}


def test_two_sets_need_neither_names_nor_counts_nor_sizes_in_common(folders, tmp_path):
    others = written(tmp_path / "others", *[(64, 70, 3)] * 9, first=50)
    report = evaluate(folders[0], others, unpaired=True)
    assert not {*report.metrics} & {"l1", "psnr", "ssim"} and not report.rows
    assert {*report.metrics, *report.skipped} == {*OF_SETS}
    assert {"diversity", "memorisation"} <= report.skipped.keys() and "fid" in report.metrics
    protocol = report.metrics["kid"]["protocol"]
    assert (protocol["fakes"], protocol["reals"]) == (8, 9)
    assert protocol["resolutions"] == {"fakes": "40 x 48", "reals": "70 x 64"}


def test_pairs_are_measured_as_sets_besides(folders):
    report = evaluate(*folders)
    alone = values(evaluate(*folders, unpaired=True))
    assert [*report.metrics][:3] == ["l1", "psnr", "ssim"]
    assert alone.items() <= values(report).items()
    assert {"ms-ssim", "lpips-alex", "dists"} <= report.skipped.keys()  # too small, no weights
    assert {*report.rows[0]} > {"name", "l1", "mse", "edges"}
    names = "l1", "kid", "swd"
    assert values(evaluate(*folders, metrics=names)) == {
        name: values(report)[name] for name in names
    }


def test_kid_stands_beside_fid(folders):
    report = evaluate(*folders, metrics=["fid"])
    assert [*report.metrics] == ["fid", "kid"] and "look at kid" in report.metrics["fid"]["warning"]


def test_groups_measure_what_can_be_measured(folders, monkeypatch):
    monkeypatch.setattr("img2img.base.metrics.set_figures.geometry_score", lambda fake, real: 0.0)
    monkeypatch.setattr(
        "img2img.base.metrics.set_figures.mean_relative_living_times", lambda rows, seed: rows
    )
    report = evaluate(*folders, metrics=["all"])
    assert {"l1", "kid", "geometry"} <= report.metrics.keys()
    assert {
        "boundary",
        "memorisation",
        "diversity",
        "lpips-vgg",
        "ms-ssim",
    } <= report.skipped.keys()
    alone = evaluate(*folders, unpaired=True, metrics=["pairs", "swd"])
    assert [*alone.metrics] == ["swd"] and "which are not here" in alone.skipped["l1"]
    for name in ("memorisation", "ms-ssim"):
        with pytest.raises(ValueError, match=name):
            evaluate(*folders, metrics=["all", name])
    with pytest.raises(ValueError, match="l1: it is of fakes and their targets, which are not"):
        evaluate(*folders, unpaired=True, metrics=["l1", "swd"])
    with pytest.raises(ValueError, match="nothing could be measured: it is of fakes"):
        evaluate(*folders, unpaired=True, metrics=["pairs"])


@pytest.mark.parametrize(
    ("shape", "dtype", "options"),
    [
        ((12, 12, 3), np.uint8, {}),
        ((12, 30, 1), np.uint8, {}),
        ((48, 48, 1), np.uint16, {}),
        ((48, 48, 3), np.float32, {"range": (0, 1)}),
        ((48, 48, 5), np.uint8, {}),
        ((48, 48, 4), np.uint16, {"protocol": "raw,clean"}),
    ],
)
def test_what_stands_to_reason_is_measured_of_pictures_of_any_kind(shape, dtype, options, tmp_path):
    suffix = ".npy" if shape[2] > 3 or np.dtype(dtype).kind == "f" else ".png"
    make = partial(written, dtype=dtype, suffix=suffix)
    both = make(tmp_path / "a", *[shape] * 4), make(tmp_path / "b", *[shape] * 4, first=9)
    for unpaired in (False, True):
        report = evaluate(*both, unpaired=unpaired, **options)
        assert "swd" in {**report.metrics, **report.skipped}
        assert ("kid" in report.metrics) == (shape[2] in (1, 3))
        assert not any(isnan(value) for name, value in values(report).items() if name in OF_SETS)
        json.loads(report.json())


def test_a_later_picture_too_small_for_a_figure_ends_nothing(tmp_path):
    shapes = [(170, 170, 3), (170, 170, 3), (20, 20, 3)]
    both = written(tmp_path / "a", *shapes), written(tmp_path / "b", *shapes, first=9)
    report = evaluate(*both)
    assert report.metrics["ms-ssim"]["protocol"]["undefined"] == 1
    assert isnan(report.rows[2]["ms-ssim"]) and report.rows[0]["ms-ssim"] > 0
    with pytest.raises(ValueError, match=r"^2: ms-ssim needs"):
        evaluate(*both, metrics=["ms-ssim"])


def test_where_pixels_are_hidden_no_figure_of_whole_pictures_is_found(folders, tmp_path, looked):
    for i in range(8):
        mask = np.full((48, 40, 1), 255, np.uint8)
        mask[: 24 * (i == 5)] = 0
        images.write(tmp_path / "mask" / f"{i}.png", mask)
    for hidden in ({"mask": tmp_path / "mask"}, {"nodata": 0}):
        report = evaluate(*folders, **hidden)
        assert not {*report.metrics} & {*OF_SETS} and not looked
        assert "some pixels do not count" in report.skipped["lpips-alex"]
        with pytest.raises(ValueError, match="kid: it is of whole pictures, but some pixels do"):
            evaluate(*folders, metrics=["l1", "kid"], **hidden)
        with pytest.raises(ValueError, match="sets are of whole pictures; leave --mask"):
            evaluate(*folders, unpaired=True, **hidden)


def test_pictures_with_holes_that_were_not_told_have_no_features(tmp_path):
    options = {"dtype": np.float32, "suffix": ".npy"}
    both = [written(tmp_path / side, *[(40, 40, 3)] * 4, **options) for side in "ab"]
    picture = images.read(both[0] / "2.npy")
    picture[3, 3] = np.nan
    images.write(both[0] / "2.npy", picture)
    for names in (None, ["kid"]):
        with pytest.raises(ValueError, match="3 of 4800 values are not finite numbers"):
            evaluate(*both, unpaired=True, range=(0, 1), metrics=names)


def test_label_maps_have_no_figure_of_sets_unless_one_is_asked_for(tmp_path, looked):
    for i in range(8):
        for side in "ab":
            draw = np.random.default_rng([i, ord(side)])
            images.write(tmp_path / side / f"{i}.png", draw.integers(0, 3, (16, 16, 1), np.uint8))
    both = tmp_path / "a", tmp_path / "b"
    assert {*evaluate(*both, classes=3).metrics} == {"accuracy", "iou"}
    assert not looked
    assert [*evaluate(*both, classes=3, metrics=["iou", "swd"]).metrics] == ["iou", "swd"]


def test_kept_statistics_give_the_figures_of_their_pictures(folders, tmp_path):
    whole = tmp_path / "whole.json"
    again = tmp_path / "again.json"
    report = evaluate(
        *folders, unpaired=True, metrics=SMALL, json=whole, save_stats=tmp_path / "a.npz"
    )
    found = evaluate(folders[0], tmp_path / "a.npz", metrics=SMALL, json=again)
    assert values(found) == pytest.approx(values(report), rel=1e-9)
    assert [pair.name for pair in compare(whole, again).pairs] == [*SMALL]
    left = evaluate(folders[0], tmp_path / "a.npz")
    assert "swd" in left.skipped and "fid" in left.metrics
    evaluate(folders[0], tmp_path / "a.npz", metrics=["fid"], save_stats=tmp_path / "b.npz")
    assert values(evaluate(folders[0], tmp_path / "b.npz", metrics=SMALL)) == values(found)
    for options, message in [
        ({"protocol": "clean"}, "was made with .* 'pytorch-fid', not 'clean'"),
        ({"range": (0, 100)}, r"was made with range \[0, 255\]"),
    ]:
        with pytest.raises(ValueError, match=message):
            evaluate(folders[0], tmp_path / "a.npz", metrics=["fid"], **options)
    with pytest.raises(ValueError, match="is for the features of real pictures; measure fid or"):
        evaluate(*folders, metrics=["l1"], save_stats=tmp_path / "c.npz")


def test_copies_of_training_pictures_are_found(folders, tmp_path):
    train = written(tmp_path / "train", *[(48, 40, 3)] * 6)  # the first fakes
    report = evaluate(*folders, train=train, metrics=["memorisation"])
    assert values(report) == {"memorisation": pytest.approx(6 / 8)}
    assert "memorisation" in evaluate(*folders, train=train).metrics


def test_the_seed_stands_in_the_protocol_and_decides_all_draws(folders):
    names = ["swd", "c2st-logistic"]
    first, second, other = (
        evaluate(*folders, unpaired=True, metrics=names, seed=seed) for seed in (0, 0, 1)
    )
    assert first.json() == second.json()
    assert values(first)["swd"] != values(other)["swd"]
    assert other.metrics["swd"]["protocol"]["seed"] == 1


def test_sources_are_shown_where_their_names_agree(folders, tmp_path):
    sources = written(tmp_path / "inputs", *[(48, 40, 1)] * 3)
    evaluate(*folders, metrics=["l1"], inputs=sources, html=tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text()
    assert page.count(">input<") <= 3 and "input" in page
    with pytest.raises(ValueError, match=r"no picture in .* is named as a fake, such as '0' and"):
        evaluate(*folders, inputs=written(tmp_path / "wrong/x", (9, 9, 3)).parent)


def test_what_cannot_be_compared_is_one_sentence(folders, tmp_path):
    (tmp_path / "empty").mkdir()
    deep = written(tmp_path / "float", (20, 20, 3), dtype=np.float32, suffix=".npy")
    for arguments, options, message in [
        ((folders[0],), {"unpaired": True}, "is compared with nothing; give a folder of real"),
        ((tmp_path / "empty", folders[1]), {"unpaired": True}, "no pictures in .*empty"),
        ((folders[0], tmp_path / "empty"), {"unpaired": True}, "no pictures in .*empty"),
        ((folders[0], tmp_path / "none.npz"), {}, r"none\.npz"),
        ((deep, folders[1]), {"unpaired": True}, "float32 pictures have no range of their own"),
        (folders, {"sheet": tmp_path / "a.png", "unpaired": True}, "a sheet shows fakes beside"),
        (folders, {"protocol": "clean,pytorch-fid"}, "protocols of one kind"),
        (folders, {"metrics": ["cycle"]}, "cycle is of a run that has it"),
        (folders, {"train": tmp_path / "empty"}, "no pictures in .*empty"),
    ]:
        with pytest.raises((ValueError, OSError), match=message):
            evaluate(*arguments, **options)


def test_a_range_that_was_not_meant_is_warned_of(tmp_path):
    for side in "ab":
        draw = np.random.default_rng(ord(side))
        picture = draw.integers(0, 4096, (20, 20, 1), np.uint16)
        images.write(tmp_path / side / "0.png", picture)
    both = tmp_path / "a", tmp_path / "b"
    (said,) = evaluate(*both, metrics="psnr", json=tmp_path / "a.json").warnings
    assert "is above 0.062" in said
    assert json.loads((tmp_path / "a.json").read_text())["warnings"] == [said]
    assert not evaluate(*both, metrics="psnr", range=(0, 4095)).warnings


def test_another_sets_palette_is_warned_of(tmp_path):
    town = palette.load(palette.find("builtin:town")).colours
    drawn = np.random.default_rng(0).integers(0, len(town), (20, 20))
    for side, colours in (("own", town[drawn]), ("other", 255 - town[drawn])):
        images.write(tmp_path / side / "0.png", colours)
    told = {"metrics": "iou", "palette": "builtin:town"}
    assert not evaluate(tmp_path / "own", tmp_path / "own", **told).warnings
    (said,) = evaluate(tmp_path / "other", tmp_path / "other", **told).warnings
    assert "of the real pictures' pixels are far from every colour of the palette" in said


def reported(file, *folders, **options):
    evaluate(*folders, json=file, **options)
    return file


def test_figures_are_compared_of_the_same_reals_alone_wherever_these_lie(folders, tmp_path):
    fake, real = folders
    shutil.copytree(real, tmp_path / "copy")
    shutil.copytree(real, tmp_path / "changed")
    images.write(tmp_path / "changed" / "0.png", 255 - images.read(real / "0.png"))
    names = {"metrics": "l1,kid,swd"}
    one = reported(tmp_path / "1.json", fake, real, **names)
    assert compare(one, reported(tmp_path / "2.json", fake, tmp_path / "copy", **names)).pairs
    other = reported(tmp_path / "3.json", fake, tmp_path / "changed", **names)
    for name in ("l1", "kid", "swd"):
        with pytest.raises(ValueError, match=f"{name} was measured by two .*reals_sha256"):
            compare(one, other, metrics=name)


def test_so_are_those_that_remember_of_the_same_training_pictures(folders, tmp_path):
    trains = [written(tmp_path / f"t{i}", *[(40, 48, 3)] * 8, first=i) for i in (200, 300)]
    reports = [
        reported(tmp_path / f"{i}.json", *folders, train=train, metrics="memorisation")
        for i, train in enumerate(trains)
    ]
    with pytest.raises(ValueError, match=r"memorisation was measured by two .*trained_sha256"):
        compare(*reports)


def test_so_are_those_against_statistics_of_others(folders, tmp_path):
    reports = []
    for i in range(2):
        rows = np.random.default_rng(i).standard_normal((30, 8))
        np.savez(tmp_path / f"{i}.npz", mu=rows.mean(0), sigma=np.cov(rows, rowvar=False))
        stats = folders[0], tmp_path / f"{i}.npz"
        reports.append(reported(tmp_path / f"{i}.json", *stats, metrics="fid"))
    with pytest.raises(ValueError, match=r"fid was measured by two .*reals_sha256"):
        compare(*reports, metrics="fid")


def test_pictures_of_two_depths_have_no_range_in_common(folders, tmp_path):
    for i in range(8):
        deep = images.read(folders[1] / f"{i}.png").astype(np.uint16) * 257
        images.write(tmp_path / "deep" / f"{i}.png", deep)
    for metrics in ("swd", "kid"):
        with pytest.raises(ValueError, match="uint16 and uint8 have no range in common"):
            evaluate(folders[0], tmp_path / "deep", unpaired=True, metrics=metrics)


def test_the_seed_decides_where_patches_lie():
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    kept = []
    for seed in (0, 1, 1):
        looks = watches(["patches"], Look(Span(0, 255), "uint8", seed=seed))
        kept.append(gather([lambda: picture], looks).states["patches"].octaves()[0])
    assert (kept[1] == kept[2]).all() and not (kept[0] == kept[1]).all()
