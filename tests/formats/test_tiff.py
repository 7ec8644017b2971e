import struct

import numpy as np
import pytest
import tifffile

from img2img.formats.codecs import UnreadableError, read, size

RNG = np.random.default_rng(0)


def noise(*shape, dtype=np.uint8):
    return RNG.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def test_planes_and_pages_are_channels(tmp_path):
    planes = noise(7, 4, 5, dtype=np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", planes, photometric="minisblack")
    assert np.array_equal(read(tmp_path / "a.tif"), planes.transpose(1, 2, 0))
    assert size(tmp_path / "a.tif") == (5, 4, 7)


@pytest.mark.parametrize(
    "options", [{"bigtiff": True}, {"byteorder": ">"}, {"compression": "zlib"}]
)
def test_how_a_tiff_is_stored_does_not_matter(tmp_path, options):
    picture = noise(9, 8, 3, dtype=np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", picture, photometric="rgb", **options)
    assert np.array_equal(read(tmp_path / "a.tif"), picture)
    assert read(tmp_path / "a.tif").dtype == np.uint16


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
