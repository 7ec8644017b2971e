import struct

import numpy as np
import pytest
import tifffile
from handmade import noise
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from img2img.formats.codecs import UnreadableError, nodata, read, read_layers, size


def test_planes_and_pages_are_channels(tmp_path):
    planes = noise(7, 4, 5, dtype=np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", planes, photometric="minisblack")
    assert np.array_equal(read(tmp_path / "a.tif"), planes.transpose(1, 2, 0))
    assert size(tmp_path / "a.tif") == (5, 4, 7)


def stored(path, pixels, **options):
    """Written as told; tifffile must not guess what the axes mean."""
    options.setdefault("metadata", None)
    tifffile.imwrite(path, pixels, **options)
    return path


def agreeing(path):
    """The picture, of the size that was announced."""
    picture = read(path)
    assert size(path) == (picture.shape[1], picture.shape[0], picture.shape[2])
    assert picture.dtype in (np.uint8, np.uint16, np.float32)
    return picture


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    dtype=st.sampled_from(["u1", "u2", "i1", "i2", "f2", "f4", "f8"]),
    channels=st.integers(1, 7),
    rgb=st.booleans(),
    planar=st.booleans(),
    tile=st.sampled_from([None, (16, 16), (32, 16)]),
    rows=st.sampled_from([None, 1, 7]),
    compression=st.sampled_from([None, "zlib", "lzw", "packbits", "zstd", "lzma"]),
    predictor=st.booleans(),
    big=st.booleans(),
    order=st.sampled_from("<>"),
    orientation=st.sampled_from([1, 3, 6]),
)
def test_how_a_tiff_is_stored_does_not_matter(
    tmp_path,
    dtype,
    channels,
    rgb,
    planar,
    tile,
    rows,
    compression,
    predictor,
    big,
    order,
    orientation,
):
    pixels, path = noise(19, 23, channels, dtype=dtype), tmp_path / "a.tif"
    rgb = rgb and channels >= 3
    samples, options = pixels[..., 0], {}
    if channels > 1:
        samples = np.moveaxis(pixels, 2, 0) if planar else pixels
        extra = ["unspecified"] * (channels - (3 if rgb else 1))
        options = {"planarconfig": "separate" if planar else "contig", "extrasamples": extra}
    tifffile.imwrite(
        path,
        samples,
        photometric="rgb" if rgb else "minisblack",
        tile=tile,
        rowsperstrip=None if tile else rows,
        compression=compression,
        predictor=(predictor and compression not in (None, "packbits")) or None,
        bigtiff=big,
        byteorder=order,
        metadata=None,
        extratags=[(274, 3, 1, orientation, True)],
        **options,
    )
    expected = {1: pixels, 3: pixels[::-1, ::-1], 6: np.rot90(pixels, -1)}[orientation]
    picture = agreeing(path)
    assert picture.dtype == (dtype if dtype in ("u1", "u2") else np.float32)
    assert np.array_equal(picture, expected.astype(np.float32))


@pytest.mark.parametrize(
    ("name", "axis"),
    [*[("a.tif", axis) for axis in "CZQSI"], ("a.ome.tif", "C"), ("a.ome.tif", "Z")],
)
def test_one_further_axis_is_the_channels(tmp_path, name, axis):
    pixels, path = noise(5, 8, 9, dtype=np.uint16), tmp_path / name
    kind = {"photometric": "minisblack", "planarconfig": "separate"} if axis == "S" else {}
    kind = kind or {"photometric": "minisblack"}
    stored(path, pixels, metadata={"axes": f"{axis}YX"}, **kind)
    assert np.array_equal(agreeing(path), np.moveaxis(pixels, 0, 2))


@pytest.mark.parametrize(
    "shape", [(1, 1, 3, 8, 9), (1, 3, 1, 8, 9), (1, 1, 1, 8, 9), (1, 2, 1, 1, 9)]
)
def test_axes_of_length_one_do_not_count(tmp_path, shape):
    pixels = noise(*shape, dtype=np.uint16)
    stored(tmp_path / "a.tif", pixels, imagej=True, metadata={"axes": "TZCYX"})
    expected = pixels.reshape(-1, *shape[3:])
    assert np.array_equal(agreeing(tmp_path / "a.tif"), np.moveaxis(expected, 0, 2))


@pytest.mark.parametrize(
    ("shape", "axes", "message"),
    [
        ((3, 1, 1, 8, 9), "TZCYX", "several frames; save each"),
        ((1, 2, 3, 8, 9), "TZCYX", "axes ZCYX .*; save it as one page"),
    ],
)
@pytest.mark.parametrize("function", [read, size])
def test_films_and_volumes_of_channels_are_refused(tmp_path, shape, axes, message, function):
    stored(tmp_path / "a.tif", noise(*shape), imagej=True, metadata={"axes": axes})
    with pytest.raises(UnreadableError, match=message):
        function(tmp_path / "a.tif")


@pytest.mark.parametrize("compression", ["jpeg", "webp", "jpeg2000", "jpegxl"])
def test_pictures_within_a_tiff_are_rgb(tmp_path, compression):
    ramp = np.add.outer(np.arange(48), np.arange(64)).astype(np.uint8)
    picture = np.stack([ramp, 255 - ramp, ramp // 2], axis=2)
    stored(tmp_path / "a.tif", picture, photometric="rgb", compression=compression)
    assert np.abs(agreeing(tmp_path / "a.tif").astype(int) - picture).mean() < 3


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "jpeg"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_luma_and_chroma_become_rgb(tmp_path, compression, orientation):
    picture = np.zeros((32, 48, 3), np.uint8)
    picture[:, :24], picture[:16, 24:] = (200, 30, 60), (10, 90, 220)
    image = Image.fromarray(picture).convert("YCbCr")
    image.save(tmp_path / "a.tif", compression=compression, tiffinfo={274: orientation})
    exif = Image.Exif()
    exif[274] = orientation
    Image.fromarray(picture).save(tmp_path / "a.png", exif=exif)
    got, expected = agreeing(tmp_path / "a.tif"), read(tmp_path / "a.png")
    assert got.shape == expected.shape
    assert np.abs(got.astype(int) - expected).mean() < 5


def test_cielab_becomes_rgb(tmp_path):
    picture = noise(16, 16, 3) // 2 + 60
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    convert = ImageCms.buildTransform(srgb, lab, "RGB", "LAB")
    ImageCms.applyTransform(Image.fromarray(picture), convert).save(tmp_path / "a.tif")
    assert np.abs(agreeing(tmp_path / "a.tif").astype(int) - picture).mean() < 3


@pytest.mark.parametrize("shift", [8, 0])
def test_palettes_are_looked_up(tmp_path, shift):
    indices, table = noise(9, 8), noise(3, 256).astype(np.uint16)
    stored(tmp_path / "a.tif", indices, photometric="palette", colormap=table << shift)
    assert np.array_equal(agreeing(tmp_path / "a.tif"), np.moveaxis(table[:, indices], 0, 2))


@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
@pytest.mark.parametrize("bits", [1, 2, 4, 8, 12, 16])
def test_few_bits_reach_white_and_many_keep_their_values(tmp_path, bits, photometric):
    top = 2**bits - 1
    values = np.array([[0, 1, top - 1, top]], np.uint16 if bits > 8 else np.uint8)
    packed = values.astype(bool) if bits == 1 else values
    path = tmp_path / "a.tif"
    if bits in (2, 4, 12):  # tifffile packs RGB alone
        path.write_bytes(few_bits(values[0], bits, photometric == "miniswhite"))
    else:
        stored(path, packed, photometric=photometric)
    seen = top - values if photometric == "miniswhite" else values
    expected = seen.astype(int) * 255 // top if bits < 8 else seen
    assert np.array_equal(agreeing(path)[..., 0], expected)


def few_bits(values, bits, inverted):
    """A little-endian TIFF of one row."""
    text = "".join(f"{value:0{bits}b}" for value in values)
    data = int(text.ljust(-(-len(text) // 16) * 16, "0"), 2).to_bytes(
        -(-len(text) // 16) * 2, "big"
    )
    tags = [(256, len(values)), (257, 1), (258, bits), (259, 1), (262, int(not inverted))]
    tags += [(273, 8), (277, 1), (278, 1), (279, len(data))]
    table = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    head = struct.pack("<2sHI", b"II", 42, 8 + len(data))
    return head + data + struct.pack("<H", len(tags)) + table + bytes(4)


def test_alpha_may_stand_anywhere_among_the_samples(tmp_path):
    pixels = noise(9, 8, 5, dtype=np.uint16)
    pixels[0, 0, 3] = 0
    stored(
        tmp_path / "a.tif",
        pixels,
        photometric="rgb",
        planarconfig="contig",
        extrasamples=["unassalpha", "unspecified"],
    )
    taken = read_layers(tmp_path / "a.tif")
    assert np.array_equal(taken.alpha, pixels[..., 3:4])
    assert np.array_equal(taken.picture[1:], pixels[1:][..., [0, 1, 2, 4]])
    assert agreeing(tmp_path / "a.tif").shape == (9, 8, 4)


def test_premultiplied_colours_are_divided(tmp_path):
    pixels = np.array([[[20, 0, 51, 51], [0, 0, 0, 0]]], np.uint8)
    stored(tmp_path / "a.tif", pixels, photometric="rgb", extrasamples=["assocalpha"])
    taken = read_layers(tmp_path / "a.tif")
    assert taken.picture.tolist() == [[[100, 0, 255]] * 2]
    assert taken.alpha.tolist() == [[[51], [0]]]


def test_alpha_stays_when_white_is_zero(tmp_path):
    pixels = np.array([[[200, 255], [7, 0]]], np.uint8)
    stored(tmp_path / "a.tif", pixels, photometric="miniswhite", extrasamples=["unassalpha"])
    assert read(tmp_path / "a.tif").tolist() == [[[55], [255]]]


@pytest.mark.parametrize(
    ("text", "value"),
    [("-9999", -9999), ("nan", np.nan), ("1e+20 ", 1e20), ("none", None), (None, None)],
)
def test_nodata_is_gdals(tmp_path, text, value):
    tags = [(42113, 2, 0, text, True)] if text else []
    stored(tmp_path / "a.tif", noise(4, 5), extratags=tags)
    assert nodata(tmp_path / "a.tif") is value or np.array_equal(
        nodata(tmp_path / "a.tif"), value, equal_nan=True
    )


def test_other_formats_know_no_nodata(tmp_path):
    assert nodata(tmp_path / "a.png") is None
    with pytest.raises(UnreadableError, match="no such file"):
        nodata(tmp_path / "a.tif")


def test_more_values_than_fit_are_refused_before_they_are_read(tmp_path):
    path = stored(
        tmp_path / "a.tif", noise(4, 5, 6), photometric="minisblack", planarconfig="contig"
    )
    data = bytearray(path.read_bytes())
    for tag, length in ((256, 5), (257, 4)):
        at = data.index(struct.pack("<HHII", tag, 4, 1, length))
        data[at + 8 : at + 12] = struct.pack("<I", 9000)
    path.write_bytes(data)
    for function in (read, size):
        with pytest.raises(UnreadableError, match="9000 x 9000 pixels in 6 channels are more than"):
            function(path)


def test_white_may_be_zero(tmp_path):
    gray = noise(4, 5)
    tifffile.imwrite(tmp_path / "a.tif", gray, photometric="miniswhite")
    assert np.array_equal(read(tmp_path / "a.tif")[..., 0], 255 - gray)


def test_colours_multiplied_by_alpha_already_are_not_multiplied_again(tmp_path):
    pixels = np.array([[[20, 0, 0, 51]]], np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb", extrasamples=["assocalpha"])
    assert read(tmp_path / "a.tif").tolist() == [[[224, 204, 204]]]
    assert size(tmp_path / "a.tif") == (1, 1, 3)


def test_an_endless_list_of_pages_is_refused_at_once(tmp_path, capfd):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, noise(4, 5), metadata=None)
    data = bytearray(path.read_bytes())
    first = struct.unpack("<I", data[4:8])[0]
    tags = struct.unpack("<H", data[first : first + 2])[0]
    end = first + 2 + 12 * tags
    data[end : end + 4] = struct.pack("<I", first)
    path.write_bytes(data)
    with pytest.raises(UnreadableError, match="more than 4096 pages"):
        read(path)
    assert capfd.readouterr() == ("", "")
