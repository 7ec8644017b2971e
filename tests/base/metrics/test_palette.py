import pytest

from img2img.base.metrics.palette import load


def test_a_palette_is_a_text_file(tmp_path):
    path = tmp_path / "palette.txt"
    path.write_text("# town\n255 0 0 roof of tiles\n\n0 0 255 water\n")
    palette = load(path)
    assert palette.names == ("roof of tiles", "water")
    assert palette.colours.tolist() == [[255, 0, 0], [0, 0, 255]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2 3 a\n1 2 256 b", "line 2: '1 2 256 b' is not"),
        ("1 2 3 a\n1 2 3", "line 2: '1 2 3' is not"),
        ("1 2 3 a\n1 2 x b", "line 2"),
        ("1 2 3 a\n4 5 6 a", "'a' stands there twice"),
        ("", "names 0 classes"),
    ],
)
def test_a_palette_that_is_none_is_one_sentence(tmp_path, text, message):
    (tmp_path / "palette.txt").write_text(text)
    with pytest.raises(ValueError, match=rf"palette\.txt.*{message}"):
        load(tmp_path / "palette.txt")
