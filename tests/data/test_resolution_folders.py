from pathlib import Path

import numpy as np
import pytest

from img2img import images
from img2img.data.folders import Layout
from img2img.data.resolution_folders import recognise_resolutions, resolutions


def put(folder: Path, *names: str) -> None:
    for level, name in enumerate(names):
        images.write(folder / name, np.full((4, 4, 3), level, np.uint8))


def files(layout: Layout) -> dict[str, list[list[str]]]:
    return {
        name: [[file.stem for file in side.files] for side in split if side is not None]
        for name, split in layout.splits.items()
    }


STYLES = [("{}/LR", "{}/HR"), ("LR/{}", "HR/{}"), ("{}_LR", "{}_HR"), ("{}LR", "{}HR")]


@pytest.mark.parametrize(("low", "high"), STYLES)
def test_low_and_high_are_recognised_in_every_style(tmp_path, low, high):
    for split in ("train", "val", "test"):
        put(tmp_path / low.format(split), "1.png", "2.png")
        put(tmp_path / high.format(split), "1.png", "2.png")
    layout = recognise_resolutions(tmp_path)
    named = f"{low.format('train')} and {high.format('train')}"
    assert layout.kind == f"{named}: 2 train, 2 val, 2 test"
    for split in layout.splits.values():
        HR, LR = resolutions(split)
        assert HR.root.match("*HR*") or HR.root.parent.name == "HR"
        assert LR.root.match("*LR*") or LR.root.parent.name == "LR"


def test_two_plain_folders_are_all_train_and_val_is_taken_from_both_alike(tmp_path):
    for side in ("LR", "HR"):
        put(tmp_path / side, *(f"{i}.png" for i in range(1, 21)))
    layout = recognise_resolutions(tmp_path)
    assert layout.kind == "LR and HR: 18 train, 2 val"
    assert files(layout)["val"] == [["10", "20"], ["10", "20"]]


@pytest.mark.parametrize("split", ["", "train"])
def test_high_resolutions_stand_alone(tmp_path, split):
    put(tmp_path / split, *(f"{i}.png" for i in range(1, 11)))
    layout = recognise_resolutions(tmp_path)
    assert layout.kind == "one folder of pictures: 9 train, 1 val"
    HR, LR = resolutions(layout.splits["val"])
    assert [file.stem for file in HR.files] == ["10"] and LR is None


@pytest.mark.parametrize(("low", "high"), [
    (("0001x4", "0002x4"), ("0001", "0002")),  # DIV2K
    (("a_x2", "b-x2"), ("a", "b")),
    (("img_001_SRF_2_LR", "img_002_SRF_2_LR"), ("img_001_SRF_2_HR", "img_002_SRF_2_HR")),
    (("a_LR_bicubic", "b_LR_x8"), ("a", "b")),
    (("a", "ax4"), ("a", "ax4")),  # no suffixes, but names
    (("d/ax3", "d/bx3"), ("d/a", "d/b")),
])  # fmt: skip
def test_partners_may_have_suffixes(tmp_path, low, high):
    put(tmp_path / "LR", *(f"{name}.png" for name in low))
    put(tmp_path / "HR", *(f"{name}.jpg" for name in high))
    HR, LR = resolutions(recognise_resolutions(tmp_path).splits["train"])
    below = [
        [file.relative_to(side.root).with_suffix("") for file in side.files] for side in (LR, HR)
    ]
    assert below == [[Path(name) for name in low], [Path(name) for name in high]]


def test_pictures_without_a_partner_are_named(tmp_path):
    put(tmp_path / "LR", "1x4.png", "2x4.png", "3x4.png")
    put(tmp_path / "HR", "1.png", "2.png", "4.png")
    with pytest.raises(ValueError, match=r"1 \(3\) in the first alone, 1 \(4\) in the second"):
        recognise_resolutions(tmp_path)


@pytest.mark.parametrize(
    "there", [("HR/1.png",), ("test/LR/1.png", "test/HR/1.png"), ("trainHR/1.png",)]
)
def test_half_a_layout_is_refused_with_the_trees_expected_and_found(tmp_path, there):
    put(tmp_path, *there)
    with pytest.raises(ValueError, match=r"train/LR/ train/HR/(.|\n)*found:\n  \w+/"):
        recognise_resolutions(tmp_path)


@pytest.mark.parametrize(("header", "low"), [("x,y", True), ("x", False), ("y", False)])
def test_a_table_says_what_is_low_and_high(tmp_path, header, low):
    put(tmp_path, "a.png", "b.png")
    (tmp_path / "data.csv").write_text(f"{header}\n{'a.png,b.png' if low else 'b.png'}\n")
    layout = recognise_resolutions(tmp_path)
    HR, LR = resolutions(layout.splits["train"])
    assert [file.name for file in HR.files] == ["b.png"] and (LR is not None) is low
    assert layout.kind == "data.csv: 1 train"
