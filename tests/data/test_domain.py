from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from img2img import images
from img2img.data.domain import Domain, match


def domain(root: str, *names: str) -> Domain:
    return Domain(Path(root), tuple(Path(root, name) for name in names))


def test_pairs_are_matched_by_path_without_suffix():
    A, B = match(domain("a", "1.png", "x/1.png", "2.png"), domain("b", "2.jpg", "1.jpg", "x/1.gif"))
    assert [A.stem(i) for i in range(3)] == [B.stem(i) for i in range(3)] == ["1", "x/1", "2"]


def test_the_unpaired_are_counted_and_named():
    names = [f"{i}.png" for i in range(1, 13)]
    with pytest.raises(ValueError) as caught:
        match(domain("a", *names, "same.png"), domain("b", "same.png", "only.png"))
    assert (
        "12 (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, and 2 more) in the first alone, 1 (only) in the second"
        in str(caught.value)
    )


def test_one_name_with_two_suffixes_is_no_pair():
    with pytest.raises(ValueError, match=r"a/1\.png and a/1\.jpg have the same name"):
        match(domain("a", "1.png", "1.jpg"), domain("b", "1.png"))


def test_a_stem_keeps_dots_but_its_last():
    assert domain("a", "v1.0.png").stem(0) == "v1.0"


def test_what_is_shared_out_and_what_is_kept_are_all():
    whole = domain("a", *(f"{i}.png" for i in range(25)))
    kept, shared = whole.shared_out()
    assert {*kept.files} | {*shared.files} == {*whole.files}
    assert not {*kept.files} & {*shared.files}
    assert len(shared) == 2


def test_masks_weights_and_names_stay_with_their_files():
    A = domain("a", "1.png", "2.png", "3.png")
    B = replace(
        domain("b", "3.jpg", "1.jpg", "2.jpg"),
        masks=(Path("m3"), None, Path("m2")),
        weights=(3.0, 1.0, 2.0),
    )
    _, matched = match(A, B)
    assert matched.files == tuple(Path(f"b/{i}.jpg") for i in (1, 2, 3))
    assert matched.masks == (None, Path("m2"), Path("m3")) and matched.weights == (1, 2, 3)
    named = replace(domain("a", *"xyz"), names=("u", "v", "w"))
    assert [named.of([2, 0]).stem(i) for i in (0, 1)] == ["w", "u"]
    many = replace(domain("a", *map(str, range(20))), weights=tuple(map(float, range(20))))
    for part in (*many.shared_out(), many.side("left")):
        assert [float(file.name) for file in part.files] == [*part.weights]
    assert not domain("a", "1.png").of([0]).masked and B.masked


def test_a_domain_can_be_matched_by_names_that_are_not_its_files():
    A, B = domain("a", "1.png", "2.png"), replace(domain("b", "p.png", "q.png"), names=("2", "1"))
    assert match(A, B)[1].files == (Path("b/q.png"), Path("b/p.png"))


def test_a_mask_counts_where_its_first_band_is_not_zero(tmp_path):
    gray = np.array([[0, 1, 255, 7]], np.uint8)[..., None]
    red = np.concatenate([gray, 255 - gray, gray * 0], axis=2)
    floats = np.array([[0, -0.5, 1e-9, np.nan]], np.float32)[..., None]
    deep = gray.astype(np.uint16) * 256
    kinds = {"g.png": gray, "rgb.png": red, "f.npy": floats, "d.png": deep}
    for name, picture in kinds.items():
        images.write(tmp_path / name, picture)
    masked = replace(domain("a", *kinds, "none"), masks=(*(tmp_path / n for n in kinds), None))
    for index, name in enumerate(kinds):
        mask = masked.mask(index)
        assert mask.dtype == np.uint8 and mask.shape == (1, 4, 1)
        assert mask[0, :, 0].tolist() == [0, 255, 255, 0 if name == "f.npy" else 255]
    assert masked.mask(4) is None and masked.masked
    assert domain("a", "1.png").mask(0) is None and not domain("a", "1.png").masked


def test_a_mask_is_halved_with_its_picture(tmp_path):
    images.write(tmp_path / "m.png", np.array([[0, 0, 9, 9]], np.uint8)[..., None])
    whole = replace(domain("a", "1.png"), masks=(tmp_path / "m.png",))
    assert whole.side("left").mask(0).tolist() == [[[0], [0]]]
    assert whole.side("right").mask(0).tolist() == [[[255], [255]]]
