"""Each fault planted alone in a clean set: found, named, and in the exit code."""

from io import BytesIO
from shutil import copytree

import numpy as np
import pytest
from PIL import Image
from tifffile import imwrite

from img2img import images
from img2img.check import check
from img2img.cli import main
from img2img.data.town import town, write_town

COUNT = 24


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """24 pairs of the town as trainA, trainB, and 4 as valA, valB."""
    root = tmp_path_factory.mktemp("clean")
    for split, number in (("train", COUNT), ("val", 4)):
        write_town(root / split, count=number, size=64, split=split)
        for side in "AB":
            (root / split / side).rename(root / f"{split}{side}")
        (root / split).rmdir()
    return root


@pytest.fixture
def copy(clean, tmp_path):
    """The clean set, to be spoilt."""
    return copytree(clean, tmp_path / "set")


def said(root, mode="pix2pix", **options):
    """(faults, everything else) of a look at 64 pixels."""
    options["data"] = {"size": 64, **options.get("data", {})}
    lines = []
    findings = check(root, mode, tell=lines.append, **options)
    assert lines[-1] == (
        f"{len(findings.faults)} fault{'s' * (len(findings.faults) > 1)} to mend"
        if findings.faults
        else "nothing to mend"
    )
    return findings.faults, [str(it) for it in findings.findings if it.level != "fault"]


def edit(path, change):
    images.write(path, change(images.read(path)))


def rolled(number, by):
    """B of one pair, or of all, moved along the width."""

    def spoil(root):
        names = "*B/*.png" if number is None else f"trainB/{number:05d}.png"
        for path in root.glob(names):
            edit(path, lambda picture: np.roll(picture, by, axis=1))

    return spoil


def truncated(root):
    path = root / "trainA/00003.png"
    path.write_bytes(path.read_bytes()[:300])


def cropped(path, side=slice(0, 60)):
    edit(path, lambda picture: np.ascontiguousarray(picture[side]))


def copied(source, target):
    """A pair under another name."""

    def spoil(root):
        for side in "AB":
            path = root / target.format(side)
            path.write_bytes((root / source.format(side)).read_bytes())

    return spoil


def brightened(root):
    source = images.read(root / "trainB/00007.png")
    brighter = np.clip(source * 1.1 + 8, 0, 255).astype(np.uint8)
    images.write(root / "valB/00002.png", brighter)


def side_by_side(root):
    for side in "AB":
        for path in [*(root / f"train{side}").iterdir()]:
            path.unlink()
    for path in root.iterdir():
        for file in path.iterdir():
            file.unlink()
        path.rmdir()
    scenes = town(0, 32, counts={"train": 3}).splits["train"]
    for i in range(3):
        both = np.concatenate([scenes.A[i], scenes.B[i]], axis=1)
        images.write(root / f"{i}.png", np.pad(both, ((0, 0), (0, int(i == 1)), (0, 0))))


def tabled(*changes):
    """A data.csv of all pairs, some cells changed: (row, column, cell)."""

    def spoil(root):
        columns = ["x", "y", "mask", "split", "group"]
        names = [(split, i) for split, n in (("train", COUNT), ("val", 4)) for i in range(n)]
        rows = [
            {
                "x": f"{split}A/{i:05d}.png",
                "y": f"{split}B/{i:05d}.png",
                "mask": "",
                "split": split,
                "group": f"{split}{i // 4}",
            }
            for split, i in names
        ]
        for row, column, cell in changes:
            rows[row][column] = cell
        lines = [",".join(columns), *(",".join(row[c] for c in columns) for row in rows)]
        (root / "data.csv").write_text("\n".join(lines))

    return spoil


def masks(sizes):
    """Row 0 on with masks of these sizes, or a file that is none."""

    def spoil(root):
        for i, size in enumerate(sizes):
            path = root / f"m{i}.png"
            path.write_bytes(b"none") if size is None else images.write(
                path, np.full((size, size, 1), 255, np.uint8)
            )
        tabled(*((i, "mask", f"m{i}.png") for i in range(len(sizes))))(root)

    return spoil


def labelled(root):
    """B of classes 0 to 4, and one 9."""
    for number, path in enumerate(sorted(root.glob("*B/*.png"))):
        rng = np.random.default_rng(number)
        classes = rng.integers(0, 5, (8, 8, 1), np.uint8)
        images.write(path, np.kron(classes, np.ones((8, 8, 1), np.uint8)))
    edit(root / "trainB/00005.png", lambda p: np.where(p == p[0, 0], np.uint8(9), p))


FAULTS = {
    "unreadable": (
        truncated, {}, "1 picture cannot be read: trainA/00003.png (",
    ),
    "unpaired": (
        lambda root: (root / "trainB/00004.png").unlink(), {},
        "trainA and trainB are not pairs: 1 (00004) in the first alone, none in the second alone",
    ),
    "unequal": (
        lambda root: cropped(root / "trainB/00006.png"), {},
        "1 pair of unequal size: trainA/00006.png (64 x 64) and trainB/00006.png (64 x 60)",
    ),
    "odd width": (
        side_by_side, {"data": {"size": 32}},
        "odd widths do not fall into two halves, in 1 picture: 1.png (65)",
    ),
    "mixed depths": (
        lambda root: edit(root / "trainA/00002.png", lambda p: p[..., :1].astype(np.uint16)), {},
        "A mixes kinds of pictures: uint8 with 3 channels (27 files: ",
    ),
    "below the crop": (
        lambda root: [cropped(root / f"train{side}/00001.png") for side in "AB"],
        {"data": {"resize": "none"}},
        "2 pictures smaller than the crop of 64 x 64: trainA/00001.png (64 x 60), ",
    ),
    "all shifted": (
        rolled(None, 5), {},
        "B lies 5 pixels right of where A has it in 100% of 28 pairs looked at",
    ),
    "one shifted": (
        rolled(9, -6), {},
        "out of line 1 of 28 pairs looked at: trainB/00009.png (6 pixels left)",
    ),
    "leak": (
        copied("train{}/00005.png", "val{}/00001.png"), {},
        "1 picture of A shown in another split too: valA/00001.png as trainA/00005.png (an exact",
    ),
    "near leak": (
        brightened, {"mode": "cyclegan"},
        "1 picture of B shown in another split too: valB/00002.png as trainB/00007.png (",
    ),
    "group torn": (
        tabled((24, "group", "train1")), {},
        "group 'train1' stands in train (rows 6, 7, 8, 9) and val (row 26); put all",
    ),
    "mask unreadable": (
        masks([64, None]), {},
        "1 picture with masks that do not fit: trainB/00001.png (its mask cannot be read: ",
    ),
    "mask too small": (
        masks([32, 64]), {},
        "trainB/00000.png (the mask is 32 x 32 and its picture 64 x 64; make them equal)",
    ),
    "label beyond": (
        labelled, {"data": {"output": {"kind": "labels", "classes": 5}}},
        "1 picture of other labels than the classes: trainB/00005.png (label 9 is none of 0 to 4;",
    ),
    "row at fault": (
        tabled((3, "x", "none.png"), (5, "split", "tran")), {},
        "2 rows of data.csv cannot be used: row 5: x 'none.png' is no file below",
    ),
    "row without partner": (tabled((3, "y", "")), {}, "row 5 without x or y; pairs have both"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_and_named_and_nothing_else(fault, copy):
    spoil, options, sentence = FAULTS[fault]
    spoil(copy)
    faults, _ = said(copy, **options)
    assert any(sentence in it for it in faults)
    assert len(faults) == 1 or fault == "leak"  # of both sides


def shuffled(root):
    """The B of each split in the opposite order."""
    for folder in root.glob("*B"):
        paths = sorted(folder.iterdir())
        contents = [path.read_bytes() for path in paths]
        for path, data in zip(paths, reversed(contents), strict=True):
            path.write_bytes(data)


WARNINGS = {
    "copies": (
        copied("train{}/00005.png", "train{}/00011.png"), {},
        "warning: 1 picture of A shown twice within a split: trainA/00011.png as trainA/00005.png",
    ),
    "shuffled": (
        shuffled, {}, "warning: hardly one of 28 pairs looked at shares edges",
    ),
    "another scene": (
        lambda root: images.write(
            root / "trainB/00003.png", town(9, 64, counts={"train": 1}).splits["train"].B[0]), {},
        "warning: 1 of 28 pairs looked at share no edges, as the others do: trainB/00003.png",
    ),
    "no data": (
        lambda root: edit(root / "trainA/00008.png", np.zeros_like),
        {"data": {"input": {"nodata": 0}}},
        "warning: 1 picture without a pixel that counts: trainA/00008.png",
    ),
    "gray": (
        lambda root: edit(root / "trainA/00008.png", lambda p: p[..., :1]), {},
        "warning: 1 of 28 pictures in A are gray; they are read as RGB",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WARNINGS)
def test_what_may_be_meant_is_a_warning(case, copy):
    spoil, options, sentence = WARNINGS[case]
    spoil(copy)
    faults, others = said(copy, **options)
    assert not faults
    assert any(it.startswith(sentence) for it in others)


@pytest.mark.parametrize("mode", ["pix2pix", "cyclegan", "dcgan"])
def test_the_clean_town_has_nothing_to_mend(mode, clean):
    data = clean / "trainA" if mode == "dcgan" else clean
    faults, others = said(data, mode)
    assert not faults
    assert [it for it in others if not it.startswith("hint: A: there are 6 colours")] == []


def test_the_built_in_town_has_nothing_to_mend(monkeypatch):
    monkeypatch.setattr("img2img.check.census.DRAWN", 12)
    assert said("builtin:town") == ([], [HINT])


HINT = (
    "hint: A: there are 6 colours; if they are classes: --data.input.kind labels "
    "--data.input.palette FILE"
)


def test_the_command_ends_with_3_where_something_must_be_mended(copy, capsys):
    line = ["data", "check", str(copy), "--mode", "pix2pix", "--size", "64"]
    assert main(line) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "nothing to mend"
    truncated(copy)
    assert main(line) == 3
    fault, last = capsys.readouterr().out.splitlines()[-2:]
    assert fault.startswith("fault: 1 picture cannot be read: trainA/00003.png")
    assert last == "1 fault to mend"


def test_what_is_no_data_set_is_an_error(tmp_path, capsys):
    assert main(["data", "check", str(tmp_path)]) == 1
    assert "no pictures in" in capsys.readouterr().err
    assert main(["data", "check", str(tmp_path), "--data.jiter", "1"]) == 2


def test_unreadable_pictures_do_not_hide_pairs_side_by_side(copy):
    side_by_side(copy)
    (copy / "0.png").write_bytes(b"none")
    faults, _ = said(copy, data={"size": 32})
    assert [it.split(":")[0] for it in faults] == [
        "1 picture cannot be read",
        "odd widths do not fall into two halves, in 1 picture",
    ]


def test_of_test_only_duplicates_and_readability_are_looked_at(copy):
    for side in "AB":
        (copy / f"val{side}").rename(copy / f"test{side}")
    cropped(copy / "testB/00001.png")
    copied("train{}/00005.png", "test{}/00002.png")(copy)
    (copy / "testA/00003.png").write_bytes(b"none")
    faults, _ = said(copy)
    assert [it.partition(":")[0] for it in faults] == [
        "1 picture cannot be read", "1 picture of A shown in another split too",
        "1 picture of B shown in another split too",
    ]  # fmt: skip


def test_values_shares_and_colours_are_told(copy, capsys):
    for path in copy.glob("*A/*.png"):
        buffer = BytesIO()
        Image.open(path).save(buffer, "JPEG", quality=60)
        Image.open(buffer).save(path)
    labels = {"kind": "labels", "palette": "builtin:town"}
    findings = check(copy, "pix2pix", data={"size": 64, "input": labels}, tell=lambda line: None)
    text = "\n".join(findings.facts)
    assert "counts  train 24 + 24, val 4 + 4" in text
    assert "input   A as labels: 6 classes by colours" in text
    assert "of which the nearest of the palette make 6" in text
    assert not [it for it in findings.findings if "kind labels" in it.sentence]
    shares = next(line for line in findings.facts if "%, " in line and "channel" not in line)
    assert sum(float(word[:-1]) for word in shares.replace(",", "").split() if "%" in word) == (
        pytest.approx(100, abs=0.1)
    )


def test_the_nodata_that_files_carry_is_told_unless_given(tmp_path):
    rng = np.random.default_rng(0)
    for side, number in (("A", i) for i in range(12)):
        pixels = rng.random((32, 32), np.float32)
        pixels[:8] = -9999
        (tmp_path / side).mkdir(exist_ok=True)
        imwrite(tmp_path / side / f"{number}.tif", pixels, extratags=[(42113, 2, 0, "-9999", True)])
    options = {"mode": "dcgan", "data": {"size": 32}}
    assert (
        "hint: 12 files of A carry GDAL_NODATA: --data.input.nodata -9999"
        in (said(tmp_path / "A", **options)[1])
    )
    options["data"]["input"] = {"nodata": "-9999"}
    assert said(tmp_path / "A", **options) == ([], [])


def test_the_sheet_has_a_row_for_each_piece_of_evidence_and_three_good_ones(copy, tmp_path):
    sheet = tmp_path / "sheet.png"
    said(copy, sheet=sheet)
    good = images.read(sheet)
    rolled(9, -6)(copy)
    copied("train{}/00005.png", "val{}/00001.png")(copy)
    said(copy, sheet=sheet)
    row = (good.shape[0] - images.GAP) // 3
    assert images.read(sheet).shape[0] - good.shape[0] == 3 * row


def test_where_nothing_can_be_read_that_is_the_fault(copy, tmp_path):
    for path in copy.glob("*/*.png"):
        path.write_bytes(b"none")
    faults, _ = said(copy, sheet=tmp_path / "sheet.png")
    assert len(faults) == 1
    assert faults[0].startswith("56 pictures cannot be read: trainA/00000.png (it is none of")
    assert "and 46 more" in faults[0]
    assert not (tmp_path / "sheet.png").exists()


def test_channels_of_different_amounts_are_asked_for_no_common_range(tmp_path):
    sides = ("bands", "height")
    write_town(tmp_path / "set", count=8, size=64, split="train", sides=sides)
    faults, others = said(tmp_path / "set")
    assert not faults
    assert [it for it in others if ".high" in it] == [
        next(it for it in others if it.startswith("hint: B: values end at"))
    ]


def resolved(root, low=8, smallest=32):
    """Twelve pictures LR of 8 pixels and HR of 32, the last of other sizes."""
    rng = np.random.default_rng(0)
    for i in range(12):
        for folder, side in (("LR", low if i == 11 else 8), ("HR", smallest if i == 11 else 32)):
            pixels = rng.integers(0, 256, (side, side, 3), np.uint8)
            images.write(root / folder / f"{i}.png", pixels)
    return root


@pytest.mark.parametrize(("sizes", "sentences"), [
    ({}, []),
    ({"low": 9}, ["1 pair whose HR is not 4 times its LR: LR/11.png (9 x 9) and HR/11.png (32 x"]),
    ({"low": 6, "smallest": 24}, ["1 picture smaller than the crop of 32 x 32: HR/11.png (24 x"]),
])  # fmt: skip
def test_of_resolutions_the_crop_is_of_high_and_the_factor_is_the_scale(sizes, sentences, tmp_path):
    faults, _ = said(resolved(tmp_path, **sizes), "srgan", data={"size": 32, "scale": 4})
    assert [it[: len(said)] for it, said in zip(faults, sentences, strict=True)] == sentences


def test_a_wrong_factor_is_found_of_every_pair(tmp_path):
    faults, _ = said(resolved(tmp_path), "srgan", data={"size": 32, "scale": 2})
    assert len(faults) == 1 and faults[0].startswith("12 pairs whose HR is not 2 times its LR")
