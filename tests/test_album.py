import re

import numpy as np
import pytest
from projected import projected

from img2img import images
from img2img.album import GAIN, album, colours, pictures, rgb
from img2img.base.metrics.neighbours import Nearest
from img2img.base.metrics.span import Span
from img2img.evaluate import evaluate, paired
from img2img.inquiry import Inquiry
from img2img.measuring import measure
from img2img.nearness import Near


@pytest.fixture(autouse=True)
def without_weights(monkeypatch, tmp_path):
    monkeypatch.setenv("IMG2IMG_WEIGHTS", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    return projected(monkeypatch)


@pytest.fixture
def folders(tmp_path):
    """Reals of noise, and fakes that are farther off by number."""
    for i in range(6):
        real = np.random.default_rng(i).integers(0, 100, (32, 32, 3), np.uint8)
        images.write(tmp_path / f"real/p{i}.png", real)
        images.write(tmp_path / f"fake/p{i}.png", real + np.uint8(i * 20))
    return tmp_path / "fake", tmp_path / "real"


def paged(tmp_path, *folders, **options):
    evaluate(*folders, html=tmp_path / "page.html", **options)
    return (tmp_path / "page.html").read_text()


def names(page):
    """Of the pictures, in their order on the page."""
    return list(dict.fromkeys(re.findall(r"\bp\d\b", page[page.index("<body") :])))


@pytest.mark.parametrize("metric", ["l1", "psnr", "ssim"])
def test_a_page_has_a_row_for_every_couple_worst_first(folders, tmp_path, metric):
    page = paged(tmp_path, *folders, metrics=[metric])
    assert names(page) == [f"p{i}" for i in (5, 4, 3, 2, 1, 0)]
    assert all(title in page for title in ("output", "target", "difference"))


def test_a_page_needs_no_network(folders, tmp_path):
    page = paged(tmp_path, *folders)
    assert not re.findall(r"""(?:src|href)=["']?(?!data:|#)[^"'\s>]+""", page)
    assert not re.findall(r"@import|url\((?!data:|[\"']?data:|#)|fetch\(|XMLHttpRequest", page)
    assert "data:image" in page


def test_the_whole_report_stands_on_the_page(folders, tmp_path):
    page = paged(tmp_path, *folders)
    for told in ("fid", "swd", "Radial power spectrum", "projected", "is biased", "memorisation"):
        assert told in page


@pytest.mark.parametrize("trained", [False, True])
def test_outputs_of_their_own_stand_beside_what_is_nearest_to_them(folders, tmp_path, trained):
    if trained:
        for i in range(4):
            picture = np.full((32, 32, 3), i * 60, np.uint8)
            images.write(tmp_path / f"train/{i}.png", picture)
    options = {"train": tmp_path / "train"} if trained else {}
    page = paged(tmp_path, *folders, unpaired=True, **options)
    assert sorted(found.split(".")[0] for found in names(page)) == [f"p{i}" for i in range(6)]
    assert "target" not in re.sub("(?s)<(script|style).*?</\\1>", "", page)
    few = paged(tmp_path, *folders, unpaired=True, metrics=["swd"])
    drawn = page.count("data:image") - few.count("data:image")
    assert drawn >= 6 * 3 and few.count("data:image") >= 6


def test_statistics_have_no_pictures_to_be_near_to(folders, tmp_path):
    evaluate(*folders, metrics=["fid"], save_stats=tmp_path / "a.npz")
    page = paged(tmp_path, folders[0], tmp_path / "a.npz", metrics=["fid"])
    assert len(names(page)) == 6


@pytest.mark.parametrize(
    ("picture", "span", "low", "high"),
    [
        (np.array([[[0], [65535]]], np.uint16), None, 0, 255),
        (np.array([[[-1.0], [3.0]]], np.float32), None, 0, 255),
        (np.array([[[np.nan], [3.0], [4.0], [np.inf]]], np.float32), None, 0, 255),
        (np.full((2, 2, 3), np.nan, np.float32), None, 0, 0),
        (np.full((2, 2, 3), np.nan, np.float32), Span(2, 3), 0, 0),
        (np.array([[[50], [100]]], np.uint8), Span(50, 100), 0, 255),
        (np.array([[[0], [255]]], np.uint8), Span(50, 100), 0, 255),
    ],
)
def test_pictures_of_any_depth_are_shown_to_the_eye(picture, span, low, high):
    shown = colours(picture, span)
    assert shown.shape[2] == 3 and shown.dtype == np.uint8
    assert (shown.min(), shown.max()) == (low, high)


def test_of_other_channels_than_colours_the_first_is_shown():
    picture = np.random.default_rng(0).integers(0, 256, (2, 2, 5), np.uint8)
    assert np.array_equal(rgb(picture), picture[..., :1].repeat(3, axis=2))
    assert rgb(picture[..., :3]) is not None and np.array_equal(
        rgb(picture[..., :3]), picture[..., :3]
    )


def test_what_the_fakes_were_made_of_is_shown_first(folders, tmp_path):
    for i in range(6):
        images.write(tmp_path / f"made_of/p{i}.png", np.full((32, 32, 3), 40 * i, np.uint8))
    page = paged(tmp_path, *folders, inputs=tmp_path / "made_of", metrics=["l1"])
    order = [page.rindex(f">{title}<") for title in ("input", "output", "target", "difference")]
    assert order == sorted(order)
    assert ">input<" not in paged(tmp_path, *folders, metrics=["l1"])


def test_a_page_has_room_for_the_worst_pictures_alone(folders, tmp_path, monkeypatch):
    monkeypatch.setattr("img2img.album.MOST", 2)
    page = paged(tmp_path, *folders, metrics=["psnr"])
    assert names(page) == ["p5", "p4"]
    assert "the 2 worst of 6 pictures are shown" in page


def test_differences_are_shown_as_often_as_the_page_says(folders):
    material = paired(*folders, "name", Inquiry(), None)
    measured = measure(material, Inquiry(metrics="l1"))
    drawn = pictures(measured, material, 2)["difference"]  # 40 levels off everywhere
    assert (drawn == 40 * GAIN).all()
    assert f"times {GAIN}" in album(measured, material)


@pytest.mark.parametrize(("kind", "rises"), [("real", False), ("training", True)])
def test_near_to_a_real_picture_is_good_and_near_to_a_training_picture_is_not(kind, rises):
    found = Nearest(np.array([[1.0], [3.0]]), np.array([[0], [0]]))
    (figure,) = Near(kind, found, [lambda: None], ["p"]).summary
    assert (figure.name, figure.value, figure.rises) == (f"nearest-{kind}", 2, rises)
