from functools import reduce
from operator import add

import numpy as np
import pytest
from PIL import Image
from test_duplicates import jpeg

from img2img.data.scene import scene
from img2img.data.suggestions import suggested
from img2img.data.town import town
from img2img.data.values import Values


def told(*pictures, prefix="--data.input"):
    return suggested(reduce(add, map(Values.of, pictures)), prefix)


def options(*pictures):
    return [suggestion.options.replace("--data.input.", "--") for suggestion in told(*pictures)]


def noise(low, high, dtype="uint16", shape=(64, 64, 1), seed=0):
    return np.random.default_rng(seed).uniform(low, high, shape).astype(dtype)


@pytest.fixture(scope="module")
def aerial():
    return town(0, 64, counts={"train": 4}).splits["train"].B


def test_what_fills_its_range_asks_for_nothing(aerial):
    assert told(*aerial) == []
    assert told(noise(0, 65536)) == []
    assert told(noise(0, 1, "float32")) == []
    assert told(np.repeat(noise(0, 256, "uint8"), 3, axis=2)) == []


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (noise(0, 4096), "--high 4095"),
        (noise(0, 1024), "--high 1023"),
        (noise(-1, 1, "float32"), "--low -1 --high 1"),
        (noise(0, 255, "float32"), "--high 255"),
    ],
)
def test_a_usual_range_is_recognised(picture, expected):
    assert options(picture) == [expected]


@pytest.mark.parametrize(
    ("picture", "low", "high"),
    [
        (noise(270, 310, "float32"), 270, 310),
        (noise(0.4, 0.5, "float32"), 0.4, 0.5),
        (noise(20000, 24000), 20000, 24000),
        (noise(100, 140, "uint8"), 100, 140),
        (noise(-3000, 3000, "float32"), -3000, 3000),
    ],
)
def test_an_unusual_or_narrow_range_is_given_by_percentiles(picture, low, high):
    (found,) = options(picture)
    words = found.split()
    assert words[::2] == ["--low", "--high"]
    assert [float(word) for word in words[1::2]] == pytest.approx([low, high], rel=0.02)


def test_the_options_are_those_of_the_domain():
    (found,) = told(noise(0, 4096), prefix="--data.output")
    assert str(found) == "values end at 0 and 4094: --data.output.high 4095"


def test_small_integers_in_even_areas_are_classes():
    labels = [scene(seed, 64).labels[..., None] for seed in range(4)]
    assert options(*labels) == ["--kind labels --classes 6"]
    assert options(*(picture.astype(np.uint16) for picture in labels)) == [
        "--kind labels --classes 6"
    ]


def test_few_colours_in_even_areas_are_a_palette():
    maps = town(0, 64, counts={"train": 4}).splits["train"].A
    assert options(*maps) == ["--kind labels --palette FILE"]
    mask = np.kron(noise(0, 2, "uint8", (8, 8, 1)) * 255, np.ones((8, 8, 1), np.uint8))
    assert options(mask) == ["--kind labels --palette FILE"]


def test_few_values_that_change_from_pixel_to_pixel_are_no_labels():
    assert "--kind" not in " ".join(options(noise(0, 40, "uint8")))


def test_even_areas_of_many_grays_are_no_labels():
    gray = np.kron(noise(0, 256, "uint8", (20, 20, 1)), np.ones((6, 6, 3), np.uint8))
    assert options(gray) == []


def test_labels_after_jpeg_are_recognised_and_photographs_are_not(aerial):
    colours = np.array([[0, 0, 170], [0, 85, 255], [255, 85, 0], [170, 255, 85], [255, 170, 0]])
    classes = noise(0, 5, "uint8", (8, 8), seed=3)
    labels = np.kron(colours[classes].astype(np.uint8), np.ones((25, 30, 1), np.uint8))
    assert len(np.unique(jpeg(labels, 75).reshape(-1, 3), axis=0)) > 500
    assert options(jpeg(labels, 75)) == ["--kind labels --palette FILE"]
    large = Image.fromarray(aerial[0]).resize((256, 256), Image.Resampling.BICUBIC)
    assert options(jpeg(np.asarray(large), 75)) == []


@pytest.mark.parametrize(
    ("lone", "picture", "rest"),
    [
        (-9999, noise(0, 1, "float32"), []),
        (65535, noise(0, 4096), ["--high 4095"]),
        (0, noise(30000, 32000), ["--low 30001 --high 31998"]),
    ],
)
def test_a_value_far_from_all_others_is_nodata_and_does_not_widen_the_range(lone, picture, rest):
    picture = picture.copy()
    picture[20:30, 20:30] = lone
    first, *others = options(picture)
    assert first == f"--nodata {lone}"
    assert [found.split()[::2] for found in others] == [found.split()[::2] for found in rest]


def test_a_black_border_is_perhaps_nodata(aerial):
    turned = np.maximum(aerial[0], 1)
    turned[np.tri(64, 64, -40, bool)] = 0
    assert options(turned) == ["--nodata 0"]
    corner = np.maximum(aerial[0], 1)
    corner[:8, :8] = 0
    assert options(corner) == []
    inside = np.maximum(aerial[0], 1)
    inside[20:30, 20:30] = 0
    assert options(inside) == []


def test_what_is_not_finite_is_told():
    picture = noise(0, 1, "float32")
    picture[:4], picture[4:6] = np.nan, np.inf
    assert [str(found) for found in told(picture)] == [
        "6.25 % of the values are NaN: --data.input.nodata nan",
        "3.12 % of the values are infinite; write NaN instead: --data.input.nodata nan",
    ]


def test_pictures_without_content_are_counted():
    empty, flat = np.full((8, 8, 1), np.nan, np.float32), np.full((8, 8, 1), 0.5, np.float32)
    lines = [found.finding for found in told(noise(0, 1, "float32"), empty, flat, flat)]
    assert lines[:2] == [
        "1 of 4 pictures hold no finite number; remove them",
        "2 of 4 pictures have one value throughout; are they meant?",
    ]
    assert told(empty)[-1].finding == "100 % of the values are NaN"
