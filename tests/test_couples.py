import numpy as np
import pytest

from img2img import images
from img2img.couples import couples, masked


def save(folder, *names, size=(4, 5)):
    for level, name in enumerate(names):
        images.write(folder / name, np.full((size[1], size[0], 3), level, np.uint8))
    return folder


def names(pairs):
    return [pair.name for pair in pairs]


def test_names_match_without_their_suffix_in_natural_order(tmp_path):
    fake = save(tmp_path / "fake", "10.png", "2.png", "sub/1.png")
    real = save(tmp_path / "real", "sub/1.jpg", "2.jpg", "10.jpg")
    pairs, unmatched = couples(fake, real, "name")
    assert names(pairs) == ["2", "10", "sub/1"]
    assert unmatched == []
    assert (pairs[0].fake() == 1).all()


def test_files_without_a_partner_are_named(tmp_path):
    fake, real = (
        save(tmp_path / "fake", "a.png", "b.png"),
        save(tmp_path / "real", "b.png", "c.png"),
    )
    pairs, unmatched = couples(fake, real, "name")
    assert names(pairs) == ["b"]
    assert unmatched == [str(fake / "a.png"), str(real / "c.png")]


def test_order_matches_whatever_the_names(tmp_path):
    fake, real = (
        save(tmp_path / "fake", "x2.png", "x10.png"),
        save(tmp_path / "real", "a.png", "b.png"),
    )
    pairs, unmatched = couples(fake, real, "order")
    assert names(pairs) == ["x2", "x10"]
    assert [int(pair.real()[0, 0, 0]) for pair in pairs] == [0, 1]
    assert unmatched == []
    with pytest.raises(ValueError, match=r"hold 2 and 3 pictures"):
        couples(fake, save(real, "c.png"), "order")


@pytest.mark.parametrize("domain", "AB")
@pytest.mark.parametrize("twice", [True, False])
def test_the_reference_implementations_results_are_understood(tmp_path, domain, twice):
    other = "BA"[domain == "B"]
    endings = [f"_real_{other}", f"_fake_{domain}", f"_real_{domain}"]
    folder = save(tmp_path, *(f"{stem}{end}.png" for stem in ("1", "2") for end in endings))
    pairs, unmatched = couples(folder, folder if twice else None, "name")
    assert names(pairs) == ["1", "2"]
    assert [int(p()[0, 0, 0]) for pair in pairs for p in (pair.fake, pair.real)] == [1, 2, 4, 5]
    assert unmatched == []


def test_what_cannot_be_matched_is_one_sentence(tmp_path):
    fake, real = save(tmp_path / "fake", "a.png"), save(tmp_path / "real", "b.png")
    (tmp_path / "empty").mkdir()
    wide = save(tmp_path / "wide", "a.png", size=(6, 5))
    twins = save(tmp_path / "twins", "a.png", "a.jpg")
    for first, second, match, message in [
        (fake, real, "name", "such as 'a' and 'b'; match by order"),
        (fake, real, "size", "unknown match 'size'; choose from name, order"),
        (fake, None, "name", r"holds no \*_fake_B and \*_real_B"),
        (fake, tmp_path / "empty", "name", "no pictures in .*empty"),
        (tmp_path / "nowhere", real, "name", "nowhere is not a folder"),
        (fake, wide, "name", r"fake/a.png is 4 x 5 but .*wide/a.png is 6 x 5 pixels"),
        (fake, twins, "name", r"a\.jpg and .*a\.png have one name"),
    ]:
        with pytest.raises(ValueError, match=message):
            couples(first, second, match)


def test_a_mask_is_true_where_any_channel_is_not_0(tmp_path):
    folder = save(tmp_path / "fake", "sub/a.png")
    mask = np.zeros((5, 4, 3), np.uint8)
    mask[1, 2, 1] = mask[3, 0] = 1
    images.write(tmp_path / "mask/sub/a.png", mask)
    (pair,), _ = couples(folder, folder, "name")
    assert pair.mask() is None
    (pair,), unmatched = masked([pair], tmp_path / "mask")
    assert np.argwhere(pair.mask()).tolist() == [[1, 2], [3, 0]] and unmatched == []


def test_masks_that_cannot_be_used_are_one_sentence(tmp_path):
    folder = save(tmp_path / "fake", "a.png")
    pairs, _ = couples(folder, folder, "name")
    for names, message in [
        (["b.png"], "no mask in .*masks is named as a picture, such as 'a' and 'b'; rename"),
        (["a.jpg"], r"a\.jpg cannot be a mask: JPEG turns 0 into other numbers; save it as PNG"),
    ]:
        masks = save(tmp_path / names[0] / "masks", *names)
        with pytest.raises(ValueError, match=message):
            masked(pairs, masks)
