import subprocess
import sys
import warnings
from io import BytesIO

import numpy as np
import pytest
import tifffile
from handmade import noise, png
from PIL import Image, ImageOps

from img2img.formats.codecs import UnreadableError, find, natural, read, read_layers, size, write


@pytest.mark.parametrize(
    ("suffix", "channels", "dtype"),
    [
        *[(suffix, c, np.uint8) for suffix in (".png", ".bmp", ".tif", ".npy") for c in (1, 3)],
        *[(".png", c, np.uint16) for c in (1, 3)],
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
        ("a.png", noise(2, 2, 3, dtype=np.float32), r"\.png does not hold float32 in 3 channels"),
        ("a.nii", noise(2, 2, 1), r"end its name in \.png"),
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


@pytest.mark.parametrize(
    ("dtype", "values", "survive"),
    [
        (np.int8, [-128, 127], True),
        (np.int16, [-32768, 32767], True),
        (np.uint32, [2**24, 2**31], True),
        (np.uint32, [2**24 + 1, 0], False),
        (np.uint32, [2**32 - 1, 0], False),
        (np.int32, [-(2**31), 5], True),
        (np.int64, [255, -1], True),
        (np.uint64, [2**64 - 1, 0], False),
        (np.uint64, [2**60 + 1, 0], False),
        (np.float16, [0.1, np.nan], True),
    ],
)
@pytest.mark.parametrize("suffix", [".npy", ".tif"])
def test_integers_become_float32_where_each_survives(tmp_path, suffix, dtype, values, survive):
    array, path = np.array([values], dtype), tmp_path / f"a{suffix}"
    if suffix == ".npy":
        np.save(path, array)
    else:
        tifffile.imwrite(path, array, photometric="minisblack")
    if survive:
        assert read(path).dtype == np.float32
        assert np.array_equal(read(path)[..., 0], array.astype(np.float64), equal_nan=True)
    else:
        with pytest.raises(UnreadableError, match="save them as uint8, uint16 or float32"):
            read(path)


@pytest.mark.parametrize("white", [65535, 256, 1023])
def test_deep_ppm_reaches_from_black_to_white(tmp_path, white):
    samples = np.array([[[0, white, 7], [1, 2, white // 2]]], ">u2")
    (tmp_path / "a.ppm").write_bytes(f"P6\n# note\n2 1\n{white}\n".encode() + samples.tobytes())
    assert np.abs(read(tmp_path / "a.ppm") - samples * (65535 / white)).max() <= 0.5
    assert read(tmp_path / "a.ppm")[0, 0, 1] == 65535
    assert size(tmp_path / "a.ppm") == (2, 1, 3)
    (tmp_path / "a.ppm").write_bytes((tmp_path / "a.ppm").read_bytes()[:-1])
    with pytest.raises(UnreadableError, match="end too early"):
        read(tmp_path / "a.ppm")


def test_a_shallow_ppm_is_left_to_pillow(tmp_path):
    for white in (255, 100):
        (tmp_path / "a.ppm").write_bytes(f"P6 1 1 {white}\n".encode() + bytes([0, white, 50]))
        assert read(tmp_path / "a.ppm")[0, 0, :2].tolist() == [0, 255]


@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp"])
def test_hidden_colours_reach_nobody(tmp_path, suffix):
    pixels = np.array([[[255, 0, 0, 0], [0, 0, 90, 255], [100, 0, 0, 0]]], np.uint8)
    Image.fromarray(pixels).save(tmp_path / f"a{suffix}", lossless=True, exact=True)
    taken = read_layers(tmp_path / f"a{suffix}")
    assert taken.picture.tolist() == [[[0, 0, 90]] * 3]
    assert taken.alpha.tolist() == [[[0], [255], [0]]]


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
    "deep.ppm": (b"P3 1 1 65535\n 1 2 3\n", "16-bit colour written as text is not read"),
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
    for array in (np.zeros((2, 2), complex), np.zeros(4, np.uint8), np.zeros((0, 3), np.uint8)):
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


def test_compressed_volumes_are_found_by_both_their_suffixes(tmp_path):
    for name in ("a.nii.gz", "b.NII.GZ", "c.gz", "d.nii", "e.dcm"):
        (tmp_path / name).touch()
    assert [p.name for p in find(tmp_path)] == ["a.nii.gz", "b.NII.GZ", "d.nii", "e.dcm"]
    assert sorted(["10.png", "9.png"], key=natural) == ["9.png", "10.png"]


def test_reading_names_loads_no_decoder():
    code = (
        "import sys, img2img.images; heavy = {'imagecodecs', 'tifffile', 'pydicom', 'nibabel',"
        " 'PIL.ImageCms'}; print(heavy & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
