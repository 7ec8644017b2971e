"""Preparing pictures beside the reference implementation: the same grey levels, to the last."""

import json
import runpy
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from img2img import images
from img2img.data.folders import recognise
from img2img.data.transforms import Recipe
from img2img.images import Levels, to_channels

ROOT = Path(__file__).parents[2]
RECORDS = json.loads((ROOT / "tests/reference/reference.json").read_text())["preprocessing"]
PICTURE = runpy.run_path(str(ROOT / "tools/record_reference.py"))["picture"]


@pytest.mark.parametrize("name", RECORDS)
def test_pictures_are_prepared_as_the_reference_does(tmp_path, name):
    record = RECORDS[name]
    images.write(tmp_path / "train" / "1.png", PICTURE(name, record["size"]))
    paired = True if "B" in record["sha256"] else None
    sides = recognise(tmp_path, paired=paired).splits["train"]
    recipe = Recipe(size=record["crop_size"], load=record["load_size"])
    encoding = Levels(channels=record.get("channels", 3))
    left, top = record["crop_pos"]
    for side, pictures in zip("AB", sides, strict=True):
        if pictures is None:
            continue
        resized = recipe.resized(to_channels(pictures[0], encoding.channels))
        crop = resized[top : top + recipe.size, left : left + recipe.size]
        values = encoding.encode(crop[:, ::-1] if record["flip"] else crop)
        levels = np.round((values + 1) * 127.5).astype(np.uint8)
        assert sha256(levels.tobytes()).hexdigest() == record["sha256"][side]
