from io import BytesIO
from itertools import product

import numpy as np
import pytest
from handmade import noise
from PIL import Image

from img2img.formats.alpha import over_white
from img2img.formats.codecs import SUFFIXES, holds, read, read_layers, size, write

DTYPES = ("uint8", "uint16", "float32")
LAYERED = [
    *[(s, d, c) for s in (".png", ".tif") for d in ("uint8", "uint16") for c in (1, 3)],
    *[(".tif", d, c) for d in DTYPES for c in (1, 2, 3, 4, 7)],
]


def layer(dtype):
    """Alpha that hides a corner."""
    alpha = np.abs(noise(5, 7, 1, dtype=dtype))
    alpha = alpha % 1 if dtype == "float32" else alpha
    alpha[:2, :3] = 0
    return alpha


@pytest.mark.parametrize(("suffix", "dtype", "channels"), LAYERED)
def test_alpha_comes_back_with_every_visible_colour(tmp_path, suffix, dtype, channels):
    picture, alpha, path = noise(5, 7, channels, dtype=dtype), layer(dtype), tmp_path / f"a{suffix}"
    write(path, picture, alpha=alpha)
    taken, seen = read_layers(path), alpha[..., 0] > 0
    assert taken.picture.dtype == taken.alpha.dtype == dtype
    assert np.array_equal(taken.alpha, alpha)
    assert np.array_equal(taken.picture[seen], picture[seen])
    assert not (taken.picture[~seen] == picture[~seen]).all()
    assert np.array_equal(read(path), over_white(picture, alpha))
    assert size(path) == (7, 5, channels)


@pytest.mark.parametrize("suffix", [".bmp", ".npy", ".jpg"])
def test_formats_without_alpha_hold_the_picture_on_white(tmp_path, suffix):
    picture, alpha = np.zeros((16, 16, 3), np.uint8), np.zeros((16, 16, 1), np.uint8)
    write(tmp_path / f"a{suffix}", picture, alpha=alpha)
    assert read(tmp_path / f"a{suffix}").shape == (16, 16, 3)
    assert (read(tmp_path / f"a{suffix}") == 255).all()
    assert read_layers(tmp_path / f"a{suffix}").alpha is None


@pytest.mark.parametrize("channels", [1, 3])
def test_webp_holds_alpha(tmp_path, channels):
    picture, alpha = np.full((16, 16, channels), 90, np.uint8), noise(16, 16, 1)
    write(tmp_path / "a.webp", picture, alpha=alpha)
    taken = read_layers(tmp_path / "a.webp")
    assert np.array_equal(taken.alpha, alpha)
    assert np.abs(taken.picture[alpha[..., 0] > 0].astype(int) - 90).max() < 4


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".xyz", ""])
def test_what_holds_says_is_what_write_does(tmp_path, suffix):
    for dtype, channels in product([*DTYPES, "int16", "bool"], [1, 2, 3, 4]):
        try:
            write(tmp_path / f"a{suffix}", np.zeros((4, 4, channels), dtype))
        except ValueError:
            assert not holds(suffix, dtype, channels)
        else:
            assert holds(suffix, dtype, channels)
            assert read(tmp_path / f"a{suffix}").dtype == dtype


@pytest.mark.parametrize("alpha", [noise(4, 5, 1), noise(4, 4, 1, dtype=np.uint16), noise(4, 4)])
def test_alpha_of_another_shape_or_depth_is_refused(tmp_path, alpha):
    with pytest.raises(ValueError, match=r"alpha is .* not uint8 \(4, 4, 1\)"):
        write(tmp_path / "a.png", noise(4, 4, 3), alpha=alpha)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif", ".bmp"])
def test_where_a_photo_was_taken_is_not_passed_on(tmp_path, suffix):
    exif = Image.Exif()
    exif[271], exif[34853] = "Secretmaker", {1: "N", 2: (12.0, 34.0, 56.0)}
    buffer = BytesIO()
    Image.fromarray(noise(16, 16, 3)).save(buffer, "JPEG", exif=exif, comment=b"Secretmaker")
    (tmp_path / "photo.jpg").write_bytes(buffer.getvalue())
    assert b"Secretmaker" in buffer.getvalue()
    taken = read_layers(tmp_path / "photo.jpg", icc="keep")
    write(tmp_path / f"a{suffix}", *taken[:1], alpha=taken.alpha, profile=taken.profile)
    assert b"Secretmaker" not in (tmp_path / f"a{suffix}").read_bytes()
    with Image.open(tmp_path / f"a{suffix}") as image:
        assert 34853 not in image.getexif()
