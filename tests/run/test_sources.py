import pytest
import torch
from tiny import domains, written

from img2img.run.configuring import configured
from img2img.run.sources import open_source


def opened(mode="pix2pix", paired=True, **data):
    return open_source(configured(mode, {"data": {"size": 32, **data}}), paired)


def test_the_town_is_opened_at_the_size_asked_for():
    source = opened()
    assert {name: len(split) for name, split in source.splits.items()} == {
        "train": 1000, "val": 32, "test": 100,
    }  # fmt: skip
    assert source.splits["val"].still(0).x.shape == (3, 32, 32)
    assert source.fingerprint == "builtin:town" and "town" in source.kind


def test_the_direction_says_which_domain_is_x():
    there, back = opened(), opened(direction="BtoA")
    assert torch.equal(there.splits["val"].still(3).x, back.splits["val"].still(3).y)
    assert torch.equal(there.splits["val"].still(3).y, back.splits["val"].still(3).x)


def test_encodings_follow_the_pictures_the_direction_and_the_channels_asked_for(tmp_path):
    path = str(domains(tmp_path, [(40, 40, 1)] * 2, [(40, 40, 3)] * 2))

    def channels(**data):
        return tuple(e.channels for e in opened(path=path, **data).encodings)

    assert channels() == (1, 3)
    assert channels(direction="BtoA") == (3, 1)
    assert channels(input={"channels": 3}, output={"channels": 1}) == (3, 1)
    sample = opened(path=path, input={"channels": 3}).splits["train"].still(0)
    assert sample.x.shape == sample.y.shape == (3, 32, 32)


@pytest.mark.parametrize("side", ["input", "output"])
def test_channels_that_cannot_be_had_are_refused_before_the_first_step(side, tmp_path):
    path = str(domains(tmp_path, [(40, 40, 1)] * 2, [(40, 40, 1)] * 2))
    with pytest.raises(ValueError, match=f"--data.{side}.channels 2: .* have 1.* 1 or 3"):
        opened(path=path, **{side: {"channels": 2}})


def test_one_domain_is_the_aerial_side_of_the_town_or_a_folder(tmp_path):
    aerial = opened().splits["val"].still(1).y
    assert torch.equal(opened("dcgan", None).splits["val"].still(1).x, aerial)
    source = opened("dcgan", None, path=str(written(tmp_path, *[(40, 50, 3)] * 3)))
    assert source.splits["train"].still(0).x.shape == (3, 32, 32)
    assert source.encodings[0] == source.encodings[1]


def test_the_fingerprint_follows_names_and_sizes(tmp_path):
    prints = set()
    for name, shapes in (("a", [(40, 40, 3)] * 2), ("b", [(40, 40, 3)] * 2), ("c", [(40, 41, 3)])):
        prints.add(opened(path=str(domains(tmp_path / name, shapes, shapes))).fingerprint)
    assert len(prints) == 2 and all(len(text) == 64 for text in prints)


def test_unpaired_pictures_of_any_counts_make_an_epoch_of_the_larger(tmp_path):
    path = str(domains(tmp_path, [(40, 40, 3)] * 2, [(50, 40, 3)] * 12))
    source = opened("cyclegan", False, path=path)
    assert len(source.splits["train"]) == 12
    assert any("very different counts, 2 and 12" in warning for warning in source.warnings)


@pytest.mark.parametrize(
    ("A", "B", "message"),
    [
        ([(40, 40, 3)] * 3, [(40, 40, 3)] * 2, "are not pairs: 1 .2. in the first alone, none"),
        ([(40, 40, 3)], [(41, 40, 3)], "1 pair of unequal size: .*40 x 40.*40 x 41"),
    ],
)
def test_what_is_no_pair_is_named(A, B, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        opened(path=str(domains(tmp_path, A, B)))


def test_pictures_below_the_crop_are_named_where_nothing_resizes_them(tmp_path):
    path = str(domains(tmp_path, [(20, 40, 3)], [(20, 40, 3)]))
    with pytest.raises(ValueError, match=r"smaller than the crop of 32 x 32: .*0.png \(40 x 20\)"):
        opened(path=path, resize="none")
    assert any("are enlarged to 32" in warning for warning in opened(path=path).warnings)


def test_the_fingerprint_follows_masks_and_weights(tmp_path):
    root = domains(tmp_path, [(40, 40, 3)] * 2, [(40, 40, 3)] * 2)
    written(root, (40, 40, 1), (40, 40, 1), folder="masks")

    def fingerprint(column, *cells):
        lines = [f"trainA/{i}.png,trainB/{i}.png,{cell}" for i, cell in enumerate(cells)]
        (root / "data.csv").write_text("\n".join([f"x,y,{column}", *lines]))
        return opened(path=str(root)).fingerprint

    plain = fingerprint("weight", 1, 1)
    assert fingerprint("weight", 3, 3) == fingerprint("mask", "", "") == plain
    others = [
        fingerprint("weight", 1, 2), fingerprint("weight", 2, 1),
        fingerprint("mask", "masks/0.png", ""), fingerprint("mask", "", "masks/0.png"),
        fingerprint("mask", "masks/1.png", ""),
    ]  # fmt: skip
    assert len({plain, *others}) == 6


@pytest.mark.parametrize(("direction", "shape"), [("AtoB", (40, 40, 1)), ("BtoA", (40, 40, 3))])
def test_of_two_domains_noise_is_to_look_like_the_directions_input(direction, shape, tmp_path):
    path = str(domains(tmp_path, [(40, 40, 1)] * 4, [(40, 40, 3)] * 4))
    source = opened("dcgan", None, path=path, direction=direction)
    assert f"{direction[0]} alone, as --direction says" in source.kind
    assert source.encodings[0].channels == shape[2]
    assert sum(len(split) for split in source.splits.values()) == 4
