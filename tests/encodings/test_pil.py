import numpy as np
import pytest
from PIL import Image

from img2img.encodings import Labels, Levels
from img2img.encodings.pil import from_pil, to_pil

RNG = np.random.default_rng(0)
RGB, GRAY = Levels(channels=3), Levels(channels=1)


@pytest.mark.parametrize(
    ("mode", "encoding"),
    [
        ("L", GRAY),
        ("RGB", RGB),
        ("I;16", Levels(channels=1, dtype="uint16", high=65535)),
        ("F", Levels(channels=1, dtype="float32", high=1)),
    ],
)
def test_what_pil_holds_comes_back(mode, encoding):
    array = RNG.integers(0, 256, (5, 7, encoding.channels)).astype(encoding.dtype)
    image = Image.fromarray(array[..., 0] if array.shape[2] == 1 else array)
    assert image.mode == mode
    picture, alpha = from_pil(image, encoding)
    assert alpha is None and picture.dtype == array.dtype and np.array_equal(picture, array)
    back = to_pil(picture)
    assert back.mode == mode and np.array_equal(np.asarray(back), np.asarray(image))


@pytest.mark.parametrize("encoding", [RGB, GRAY])
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_alpha_is_kept_aside_and_what_it_hides_is_never_seen(mode, encoding):
    layers = RNG.integers(0, 256, (8, 8, 4), np.uint8)
    layers[:, :4, 3] = 0
    pictures = []
    for hidden in (0, 255):
        layers[:, :4, :3] = hidden
        picture, alpha = from_pil(Image.fromarray(layers).convert(mode), encoding)
        assert np.array_equal(alpha[..., 0], layers[..., 3])
        pictures.append(picture)
    assert np.array_equal(*pictures)
    back = to_pil(pictures[0], alpha)
    assert back.mode == ("RGBA" if encoding is RGB else "LA")
    assert np.array_equal(np.asarray(back)[..., -1], layers[..., 3])


def test_the_entries_of_a_palette_image_are_classes():
    image = Image.new("P", (3, 1))
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    image.putdata([2, 0, 1])
    picture, _ = from_pil(image, Labels(names=("a", "b", "c")))
    assert picture.ravel().tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("image", "encoding", "message"),
    [
        (Image.new("RGB", (2, 2)), Levels(channels=5), "no PIL image holds uint8 in 5 channels"),
        (Image.new("L", (2, 2)), Levels(channels=1, dtype="uint16", high=9), "is L, but I;16"),
        (Image.new("I;16", (2, 2)), GRAY, "is I;16, but L"),
        (Image.new("RGB", (2, 2)), Levels(channels=1, dtype="float32"), "is RGB, but F"),
    ],
)
def test_other_kinds_are_one_sentence(image, encoding, message):
    with pytest.raises(ValueError, match=message):
        from_pil(image, encoding)


def test_an_array_that_pil_does_not_hold_is_one_sentence():
    with pytest.raises(ValueError, match="no PIL image holds uint16 in 3 channels; give an array"):
        to_pil(np.zeros((2, 2, 3), np.uint16))
