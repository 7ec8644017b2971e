from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from img2img.page.thumbnails import thumbnail


def noise(height, width):
    return np.random.default_rng(0).integers(0, 256, (height, width, 3)).astype(np.uint8)


def decoded(made):
    return Image.open(BytesIO(b64decode(made.uri.partition(",")[2])))


def test_photographs_are_webp_of_256_pixels_at_most():
    made = thumbnail(noise(300, 600))
    assert made.uri.startswith("data:image/webp;base64,")
    assert decoded(made).size == (made.width, made.height) == (256, 128)
    assert not made.sharp
    assert len(made.uri) < 90_000  # of the worst there is


def test_tiny_pictures_keep_every_pixel():
    picture = noise(28, 20)
    made = thumbnail(picture)
    assert made.uri.startswith("data:image/png;base64,")
    assert made.sharp
    assert (np.asarray(decoded(made)) == picture).all()


def test_label_maps_keep_their_colours():
    labels = np.kron(np.arange(16).reshape(4, 4) * 16, np.ones((100, 100)))
    made = thumbnail(np.repeat(labels[..., None], 3, 2).astype(np.uint8))
    assert made.uri.startswith("data:image/png;base64,")
    assert {*np.unique(np.asarray(decoded(made)))} == {*range(0, 256, 16)}
    assert len(made.uri) < 3000


def test_nothing_is_enlarged_and_no_side_vanishes():
    assert thumbnail(noise(100, 90))[1:3] == (90, 100)
    assert thumbnail(noise(1, 2000))[1:3] == (256, 1)
    assert thumbnail(noise(300, 300), 128)[1:3] == (128, 128)


def test_a_view_of_an_array_is_shown_too():
    picture = noise(20, 40)
    assert thumbnail(picture[::2, ::-1]).uri == thumbnail(picture[::2, ::-1].copy()).uri


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 1), (4, 4, 4), (0, 4, 3)])
def test_other_pictures_are_refused(shape):
    with pytest.raises(ValueError, match=r"a page shows uint8 \(H, W, 3\), not uint8 \(\d, 4"):
        thumbnail(np.zeros(shape, np.uint8))


def test_floats_are_refused():
    with pytest.raises(ValueError, match="not float32"):
        thumbnail(np.zeros((4, 4, 3), np.float32))
