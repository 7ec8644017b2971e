import json
from typing import Any

import numpy as np
import pytest
from handed import halves
from tiny import written

from img2img import images
from img2img.config import PHOTOS, Config, UsageError
from img2img.data.loading import still
from img2img.run.sources import open_source


def opened(path=PHOTOS, paired=None, **data: Any):
    return open_source(
        Config(data={"path": str(path), "scale": 4, "size": 32, "resize": "none", **data}), paired
    )


def test_the_photographs_are_opened_with_low_resolutions_made_on_the_fly():
    source = opened()
    assert source.kind == "the built-in photographs: 11 train, 2 val; LR made by bicubic x4"
    assert source.fingerprint == PHOTOS and source.class_shares == []
    assert source.encodings[0] == source.encodings[1] and source.encodings[0].channels == 3
    [batch] = still(source.splits["val"], batch_size=2)
    assert batch.low.shape == (2, 3, 32, 32) and batch.high.shape == (2, 3, 128, 128)


def test_a_still_is_no_larger_than_the_smallest_picture(tmp_path):
    source = opened(written(tmp_path, (70, 90, 3), (99, 68, 3)))
    assert source.splits["train"].still(0).high.shape == (3, 64, 64)
    tight = opened(written(tmp_path, (70, 90, 3), (75, 52, 3)))  # 52 is no unet's multiple
    assert tight.splits["train"].still(0).high.shape == (3, 32, 32)


def test_given_low_resolutions_are_used_and_options_that_make_them_idle(tmp_path):
    written(tmp_path, *[(12, 12, 3)] * 12, folder="LR")
    written(tmp_path, *[(48, 48, 3)] * 12, folder="HR")
    source = opened(tmp_path, shrink=(0.5,))
    assert source.kind == "LR and HR: 11 train, 1 val; LR given, x4"
    assert "--data.shrink has no effect: LR is given" in source.warnings
    sample = source.splits["train"].still(0)
    assert sample.low.shape == (3, 8, 8) and sample.high.shape == (3, 32, 32)
    assert len(source.fingerprint) == 64


def test_a_tables_mask_hides_high_and_leaves_low_as_it_is(tmp_path):
    written(tmp_path, (16, 16, 3), folder="LR")
    written(tmp_path, (64, 64, 3), folder="HR")
    images.write(tmp_path / "mask.png", halves(64, 64))
    (tmp_path / "data.csv").write_text("x,y,mask\nLR/0.png,HR/0.png,mask.png\n")
    source = opened(tmp_path)
    sample = source.splits["train"].still(0)
    assert source.kind == "data.csv: 1 train, masks; LR given, x4"
    assert sample.mask[0, 0].tolist() == [1.0] * 32 + [0.0] * 32
    given = source.encodings[0].encode(images.read(tmp_path / "LR/0.png"))
    assert np.array_equal(sample.low, given)


def test_the_aerial_pictures_of_the_town_can_be_enlarged():
    source = opened("builtin:town")
    assert source.splits["val"].still(0).high.shape == (3, 32, 32)
    assert source.fingerprint == "builtin:town"


def test_both_are_read_as_the_input_is_asked_to_be(tmp_path):
    source = opened(written(tmp_path, (40, 40, 3)), input={"channels": 1, "high": (99,)})
    assert [(it.channels, it.high) for it in source.encodings] == [(1, (99.0,))] * 2


def test_what_a_run_wrote_down_of_its_pictures_opens_it_again():
    found = json.loads(json.dumps({"channels": 3, "low": [0], "high": [255]}))
    assert opened(input=found, output=found).encodings == opened().encodings


@pytest.mark.parametrize(("data", "said"), [
    ({"resize": "squash"}, "--data.resize squash has no meaning .* leave it out or choose none"),
    ({"resize": "keep"}, "--data.resize keep has no meaning"),
    ({"zoom": 0.1}, "--data.zoom has no meaning for super-resolution"),
    ({"direction": "BtoA"}, "--data.direction has no meaning"),
    ({"input": {"kind": "labels", "classes": 3}}, "labels cannot be enlarged"),
    ({"output": {"channels": 1}}, "--data.output.channels: both .* alike; give --data.input"),
    ({"input": {"channels": 4}}, "--data.input.channels 4"),
])  # fmt: skip
def test_options_that_do_not_fit_are_refused(data, said):
    with pytest.raises(UsageError, match=said):
        opened(**data)


def test_a_realistic_degradation_is_for_photographs_alone(tmp_path):
    images.write(tmp_path / "0.tif", np.zeros((40, 40, 1), np.uint16))
    with pytest.raises(UsageError, match=r"realistic is for 8-bit .* uint16 in 1 channel;"):
        opened(tmp_path, degradation="realistic")
    assert opened(degradation="realistic").kind.endswith("LR made by realistic x4")


@pytest.mark.parametrize(
    "data", [{"shuffle": True}, {"contrast": 0.1}, {"degradation": "realistic"}]
)
def test_options_of_super_resolution_are_refused_elsewhere(data):
    with pytest.raises(UsageError, match=f"--data.{next(iter(data))} is for super-resolution"):
        open_source(Config(data={"size": 32, **data}), None)


def test_the_photographs_are_no_two_domains():
    with pytest.raises(UsageError, match="builtin:photos is one domain, but cyclegan needs two"):
        open_source(Config(data={"path": PHOTOS, "size": 32}), paired=False)
    assert len(open_source(Config(data={"path": PHOTOS, "size": 32}), None).splits["train"]) == 11


@pytest.mark.parametrize("shrink", [(0,), (0.5, 1), (-0.1,), (1.5,)])
def test_pictures_are_shown_smaller_not_larger(shrink):
    with pytest.raises(ValueError, match="fractions between 0 and 1"):
        Config(data={"shrink": shrink})
