import struct
import warnings
import zlib
from io import BytesIO

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageOps

from img2img.formats.codecs import UnreadableError, find, read, size, write

RNG = np.random.default_rng(0)


def noise(*shape, dtype=np.uint8):
    if dtype == np.float32:
        return RNG.normal(size=shape).astype(dtype)
    return RNG.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def png(width, height, depth, colour, rows=b""):
    """A PNG by hand: Pillow writes no 16-bit colour and no bombs."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("suffix", "channels", "dtype"),
    [
        *[(suffix, c, np.uint8) for suffix in (".png", ".bmp", ".tif", ".npy") for c in (1, 3)],
        (".png", 1, np.uint16),
        *[
            (s, c, d)
            for s in (".tif", ".npy")
            for c in (1, 2, 3, 4, 7)
            for d in (np.uint16, np.float32)
        ],
    ],
)
def test_lossless_formats_give_back_every_pixel(tmp_path, suffix, channels, dtype):
    picture, path = noise(5, 7, channels, dtype=dtype), tmp_path / f"a{suffix}"
    write(path, picture)
    assert read(path).dtype == picture.dtype
    assert np.array_equal(read(path), picture)
    assert size(path) == (7, 5, channels)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_lossy_formats_stay_near(tmp_path, suffix):
    ramp = np.linspace(0, 255, 32).astype(np.uint8)[:, None, None] + np.zeros((32, 32, 3), np.uint8)
    write(tmp_path / f"a{suffix}", ramp)
    assert np.abs(read(tmp_path / f"a{suffix}").astype(int) - ramp).max() < 8


@pytest.mark.parametrize(
    ("name", "picture", "message"),
    [
        ("a.xyz", noise(2, 2, 3), r"end its name in \.png"),
        ("a.jpg", noise(2, 2, 1, dtype=np.uint16), r"\.jpg does not hold uint16 in 1 channels"),
        ("a.png", noise(2, 2, 3, dtype=np.uint16), r"\.png does not hold uint16 in 3 channels"),
        ("a.png", noise(2, 2, 4), "does not hold uint8 in 4 channels"),
    ],
)
def test_no_bit_is_lost_in_silence_when_writing(tmp_path, name, picture, message):
    with pytest.raises(ValueError, match=message):
        write(tmp_path / name, picture)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "I;16"])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".gif", ".tif"])
def test_every_mode_becomes_gray_or_rgb_of_the_size_announced(tmp_path, mode, suffix):
    path = tmp_path / f"a{suffix}"
    try:
        Image.new(mode, (6, 4)).save(path)
    except (OSError, ValueError, KeyError):
        pytest.skip("this format does not hold this mode")
    if suffix == ".tif" and mode in ("P", "PA", "CMYK"):
        with pytest.raises(UnreadableError, match="save it as one gray or RGB page"):
            read(path)
        return
    picture = read(path)
    deep = mode == "I;16" and suffix in (".png", ".tif")
    assert picture.dtype == (np.uint16 if deep else np.uint8)
    assert size(path) == (6, 4, picture.shape[2])
    assert picture.shape in ((4, 6, 1), (4, 6, 3))


@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp"])
def test_hidden_colours_show_white(tmp_path, suffix):
    image = Image.fromarray(np.array([[[255, 0, 0, 0], [0, 0, 0, 255], [100, 0, 0, 51]]], np.uint8))
    image.save(tmp_path / f"a{suffix}", lossless=True, exact=True)
    assert read(tmp_path / f"a{suffix}").tolist() == [[[255] * 3, [0] * 3, [224, 204, 204]]]


def test_hidden_gray_and_hidden_palette_entries_show_white(tmp_path):
    Image.fromarray(np.array([[[9, 0], [9, 255]]], np.uint8)).save(tmp_path / "la.png")
    palette = Image.new("P", (2, 1))
    palette.putpalette([255, 0, 0, 0, 0, 255])
    palette.putpixel((1, 0), 1)
    palette.save(tmp_path / "p.png", transparency=0)
    assert read(tmp_path / "la.png").tolist() == [[[255], [9]]]
    assert read(tmp_path / "p.png").tolist() == [[[255] * 3, [0, 0, 255]]]


def test_one_bit_is_black_and_white(tmp_path):
    for name in ("a.png", "a.tif"):
        Image.fromarray(np.array([[True, False]])).save(tmp_path / name)
        assert read(tmp_path / name).tolist() == [[[255], [0]]]


def test_the_first_frame_is_read(tmp_path):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert read(tmp_path / "a.gif")[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright(tmp_path, orientation):
    image = Image.fromarray(noise(3, 5, 3))
    image.getexif()[274] = orientation
    image.save(tmp_path / "a.png", exif=image.getexif())
    tifffile.imwrite(
        tmp_path / "a.tif",
        np.asarray(image),
        photometric="rgb",
        metadata=None,
        extratags=[(274, 3, 1, orientation, True)],
    )
    with Image.open(tmp_path / "a.png") as stored:
        upright = np.asarray(ImageOps.exif_transpose(stored))
    for name in ("a.png", "a.tif"):
        assert np.array_equal(read(tmp_path / name), upright)
        assert size(tmp_path / name) == (upright.shape[1], upright.shape[0], 3)


def test_arrays_may_be_bool_double_or_foreign(tmp_path):
    np.save(tmp_path / "a.npy", np.array([[True, False]]))
    np.save(tmp_path / "b.npy", np.array([[0.5, 2.0]]))
    np.save(tmp_path / "c.npy", np.array([[1, 256]], ">u2"))
    assert read(tmp_path / "a.npy").tolist() == [[[255], [0]]]
    assert read(tmp_path / "b.npy").dtype == np.float32
    assert read(tmp_path / "c.npy").tolist() == [[[1], [256]]]
    assert read(tmp_path / "c.npy").dtype == np.uint16


BAD = {
    "missing.png": (None, "no such file"),
    "text.png": (b"hello", "it is none of JPEG"),
    "empty.jpg": (b"", "it is none of JPEG"),
    "script.png": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "it is none of JPEG"),
    "text.tif": (b"hello", "not a TIFF"),
    "text.npy": (b"hello", "replace or remove"),
    "bomb.png": (png(30000, 3000, 8, 0), "30000 x 3000 pixels are more than 89,478,485"),
    "double.png": (
        png(30000, 30000, 8, 2),
        "it has more than 89,478,485 pixels; scale it down first",
    ),
    "deep.png": (png(1, 1, 16, 2, bytes(7)), "16-bit colour is not read"),
    "deeper.png": (png(1, 1, 16, 6, bytes(9)), "16-bit colour is not read"),
    "deep.ppm": (b"P6 1 1 65535\n" + bytes(6), "16-bit colour is not read"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("function", [read, size])
def test_bad_files_are_one_sentence_with_their_name(tmp_path, name, function):
    data, message = BAD[name]
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with warnings.catch_warnings(record=True) as leaked, pytest.raises(UnreadableError) as caught:
        warnings.simplefilter("always")
        function(tmp_path / name)
    text = str(caught.value)
    assert message in text
    assert name in text
    assert "; " in text
    assert ".;" not in text
    assert "\n" not in text
    assert not leaked


@pytest.mark.parametrize(
    "suffix", [".png", ".jpg", ".webp", ".bmp", ".tif", ".npy", ".gif", ".ppm"]
)
def test_a_truncated_file_is_refused(tmp_path, suffix):
    path = tmp_path / f"cut{suffix}"
    if suffix in (".gif", ".ppm"):
        Image.fromarray(noise(64, 64, 3)).save(path)
    else:
        write(path, noise(64, 64, 3))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(UnreadableError, match=r"cut.*; "):
        read(path)


def test_arrays_of_the_wrong_kind_are_refused(tmp_path):
    for array in (np.zeros((2, 2), np.int64), np.zeros(4, np.uint8), np.zeros((0, 3), np.uint8)):
        np.save(tmp_path / "a.npy", array)
        with pytest.raises(UnreadableError, match=r"a\.npy.*; |one array"):
            read(tmp_path / "a.npy")
    np.save(tmp_path / "a.npy", np.array([[object()]]), allow_pickle=True)
    with pytest.raises(UnreadableError, match="Python objects"):
        read(tmp_path / "a.npy")


def test_a_broken_exif_block_does_not_spoil_the_picture(tmp_path):
    buffer = BytesIO()
    Image.new("RGB", (4, 4), "red").save(
        buffer, "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff"
    )
    (tmp_path / "a.jpg").write_bytes(buffer.getvalue())
    assert read(tmp_path / "a.jpg").shape == (4, 4, 3)


def test_pictures_are_found_in_natural_order(tmp_path):
    names = ["b/1.png", "a10.png", "a2.JPG", "a02.tif", ".hidden.png", ".tmp-1-a/x.png", "note.txt"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in find(tmp_path)]
    assert found == ["a2.JPG", "a02.tif", "a10.png", "b/1.png"]
    with pytest.raises(ValueError, match="is not a folder"):
        find(tmp_path / "nowhere")
