from pathlib import Path

import pytest

from img2img.data.domain import Domain, match


def domain(root: str, *names: str) -> Domain:
    return Domain(Path(root), tuple(Path(root, name) for name in names))


def test_pairs_are_matched_by_path_without_suffix():
    A, B = match(domain("a", "1.png", "x/1.png", "2.png"), domain("b", "2.jpg", "1.jpg", "x/1.gif"))
    assert [A.stem(i) for i in range(3)] == [B.stem(i) for i in range(3)] == ["1", "x/1", "2"]


def test_the_unpaired_are_counted_and_named():
    names = [f"{i}.png" for i in range(1, 9)]
    with pytest.raises(ValueError) as caught:
        match(domain("a", *names, "same.png"), domain("b", "same.png", "only.png"))
    assert "8 (1, 2, 3, 4, 5, ...) in the first alone, 1 (only) in the second" in str(caught.value)


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
