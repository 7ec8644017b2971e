"""Resize, crop and flip give the grey levels of the reference implementation, at the same place."""

import hashlib
import json
import runpy
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from img2img import images
from img2img.data.folders import recognise
from img2img.data.keys import Key
from img2img.data.sets import Pairs, Singles
from img2img.data.transforms import Layer, Recipe

ROOT = Path(__file__).parents[2]
RECORDS = json.loads((ROOT / "tests/reference/reference.json").read_text())["preprocessing"]
LEVELS = load_file(ROOT / "tests/reference/preprocessing.safetensors")
DRAWN = runpy.run_path(str(ROOT / "tools/record_reference.py"))["picture"]
ALONE = [name for name in RECORDS if "halves" not in RECORDS[name]]


class One:
    """A single picture as a domain."""

    def __init__(self, picture: images.Picture) -> None:
        self.picture = picture

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: int) -> images.Picture:
        return self.picture

    def stem(self, index: int) -> str:
        return "one"

    masked = False
    weights: tuple[float, ...] = ()

    def mask(self, index: int) -> None: ...


@lru_cache
def key(load: int, size: int, place: tuple[int, int], flip: bool) -> Key:
    """The first key under which our draws crop there and flip so."""
    x, y = np.meshgrid(np.arange(load), np.arange(load))
    coordinates = np.stack([x, y], 2).astype(np.float32)
    recipe = Recipe(size=size, load=load)
    corner = (place[0] + flip * (size - 1), place[1])
    for seed in count():
        [crop] = recipe.augment([Layer(coordinates)], key=Key(seed, 0, 0))
        if tuple(crop[0, 0]) == corner and (crop[0, 0, 0] > crop[0, -1, 0]) == flip:
            return Key(seed, 0, 0)
    raise AssertionError


def recipe_and_key(record: dict[str, Any]) -> tuple[Recipe, Key]:
    load, size = record["load_size"], record["crop_size"]
    place = key(load, size, tuple(record["crop_pos"]), record["flip"])
    return Recipe(size=size, load=load), place


def levels(values: Any, encoding: images.Levels) -> np.ndarray:
    """(C, H, W) uint8."""
    return encoding.decode(values.numpy()).transpose(2, 0, 1)


@pytest.mark.parametrize("name", ALONE)
def test_no_grey_level_is_off(name: str) -> None:
    record = RECORDS[name]
    recipe, place = recipe_and_key(record)
    encoding = images.Levels(channels=record.get("channels", 3))
    ours = One(DRAWN(name, tuple(record["size"])))
    found = levels(Singles(ours, recipe, encoding).sample(place).x, encoding)
    if f"{name}/A" in LEVELS:
        off = np.abs(found.astype(int) - LEVELS[f"{name}/A"]).max()
        assert off == 0
    assert hashlib.sha256(found.tobytes()).hexdigest() == record["sha256"]["A"]


@pytest.mark.parametrize("name", sorted(RECORDS.keys() - set(ALONE)))
def test_no_grey_level_is_off_in_the_halves_of_a_pair(name: str, tmp_path: Path) -> None:
    recipe, place = recipe_and_key(RECORDS[name])
    images.write(tmp_path / "pair.png", DRAWN(name, tuple(RECORDS[name]["size"])))
    split = recognise(tmp_path, paired=True).splits["train"]
    assert split.B is not None
    rgb = images.Levels(channels=3)
    sides = [Singles(pictures, recipe, rgb).sample(place).x for pictures in (split.A, split.B)]
    if split.A[0].shape == split.B[0].shape:
        sides += Pairs(split.A, split.B, recipe, (rgb, rgb)).sample(place)[:2]
    for side, values in zip("ABAB", sides, strict=False):
        off = np.abs(levels(values, rgb).astype(int) - LEVELS[f"{name}/{side}"]).max()
        assert off == 0


def test_the_records_differ_in_place_and_flip() -> None:
    assert len({tuple(record["crop_pos"]) for record in RECORDS.values()}) > 3
    assert {record["flip"] for record in RECORDS.values()} == {False, True}
