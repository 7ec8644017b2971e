import pickle
from errno import ENOSPC
from pathlib import Path

import numpy as np
from PIL import Image
from pytest import mark, raises

from img2img import images
from img2img.data.scene import PALETTE
from img2img.data.town import COUNTS, town, write_town

FEW = {"train": 3, "val": 2, "test": 2}


def pixels(pictures) -> set[bytes]:
    return {pictures[index].tobytes() for index in range(len(pictures))}


def test_the_same_seed_gives_the_same_town_and_another_seed_another():
    one, again = town(4, 32, counts=FEW), town(4, 32, counts=FEW)
    other = town(5, 32, counts=FEW)
    for split in FEW:
        assert pixels(one.splits[split].B) == pixels(again.splits[split].B)
        assert pixels(one.splits[split].B).isdisjoint(pixels(other.splits[split].B))


def test_a_picture_does_not_depend_on_how_many_there_are():
    assert (town(counts={"train": 2}).splits["train"].A[1] == town().splits["train"].A[1]).all()


def test_all_of_the_town_counts_and_is_drawn_alike():
    A, B = town(0, 32, counts=FEW).splits["train"]
    assert not A.masked and B.mask(0) is None and len(A.weights) == 0


def test_the_splits_share_no_scene():
    splits = town(0, 32, counts=dict.fromkeys(COUNTS, 10)).splits
    assert len(set.union(*(pixels(split.B) for split in splits.values()))) == 30


def test_a_is_the_map_of_b():
    split = town(0, 64, counts={"test": 5}).splits["test"]
    for index in range(5):
        flat, aerial = split.A[index], split.B[index]
        assert flat.shape == aerial.shape == (64, 64, 3)
        water = (flat == PALETTE[3]).all(-1)
        if water.sum() > 50:
            assert aerial[water].mean(0).argmax() == 2  # blue


def test_unpaired_domains_share_no_scene_in_training_and_stay_pairs_for_scoring():
    paired, unpaired = town(0, 32, counts=FEW), town(0, 32, counts=FEW, paired=False)
    assert pixels(unpaired.splits["train"].A) == pixels(paired.splits["train"].A)
    assert pixels(unpaired.splits["train"].B).isdisjoint(pixels(paired.splits["train"].B))
    for split in ("val", "test"):
        assert pixels(unpaired.splits[split].B) == pixels(paired.splits[split].B)


def test_a_picture_belongs_to_the_caller():
    A = town(counts=FEW).splits["train"].A
    A[0][:] = 0
    assert A[0].any()


def test_pictures_are_a_sequence():
    A = town(0, 32, counts=FEW).splits["train"].A
    assert len(list(A)) == len(A) == 3
    assert (A[-1] == A[2]).all()
    assert [A.stem(index) for index in range(3)] == ["00000", "00001", "00002"]
    with raises(IndexError, match="no picture 3"):
        A[3]


def test_a_town_travels_to_a_worker():
    A = town(0, 32, counts=FEW).splits["train"].A
    assert (pickle.loads(pickle.dumps(A))[0] == A[0]).all()


@mark.parametrize(
    ("options", "words"),
    [
        ({"seed": -1}, "seed cannot be -1"),
        ({"size": 16}, "at 16 pixels"),
        ({"counts": {"dev": 3}}, "unknown split 'dev'; choose from train, val, test"),
        ({"counts": {"val": 0}}, "cannot have 0 pictures"),
    ],
)
def test_an_impossible_town_is_refused_with_the_value_and_what_to_do(options, words: str):
    with raises(ValueError, match=words):
        town(**options)


def test_a_written_town_is_the_town(tmp_path: Path):
    write_town(tmp_path / "out", count=2, size=32)
    split = town(0, 32).splits["test"]
    assert sorted(str(file.relative_to(tmp_path / "out")) for file in tmp_path.rglob("*.*")) == [
        "A/00000.png", "A/00001.png", "B/00000.png", "B/00001.png",
    ]  # fmt: skip
    for index in range(2):
        for side in "AB":
            written = Image.open(tmp_path / "out" / side / f"0000{index}.png")
            assert (np.asarray(written) == getattr(split, side)[index]).all()


@mark.parametrize("stands", [True, False])
def test_nothing_is_left_of_a_town_that_did_not_fit_the_disk(stands, tmp_path: Path, monkeypatch):
    done, write = [], images.write

    def full(path: Path, picture) -> None:
        if len(done) == 3:
            raise OSError(ENOSPC, "No space left on device", str(path))
        done.append(path)
        write(path, picture)

    monkeypatch.setattr(images, "write", full)
    out = tmp_path / "out"
    if stands:
        out.mkdir()
    with raises(OSError, match="No space left") as error:
        write_town(out, count=3, size=32)
    assert error.value.filename == str(out / "B" / "00001.png")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("keep")
    with raises(ValueError, match="not an empty folder"):
        write_town(tmp_path, count=1)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with raises(ValueError, match="not an empty folder"):
        write_town(tmp_path / "mine.txt", count=1)


def test_the_town_is_what_the_recogniser_would_make_of_it_on_disk(tmp_path: Path):
    from img2img.data.folders import recognise

    write_town(tmp_path / "out", count=2, size=32, split="train")
    on_disk = recognise(tmp_path / "out", paired=True).splits["train"]
    drawn = town(0, 32, counts={"train": 2}).splits["train"]
    assert (on_disk.B[1] == drawn.B[1]).all()
    assert on_disk.A.stem(1) == drawn.A.stem(1)
    assert len(images.find(tmp_path / "out")) == 4
