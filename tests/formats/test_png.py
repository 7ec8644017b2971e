import zlib
from struct import pack

import icc
import numpy as np
import pytest
from handmade import noise, png, rows
from PIL import Image

from img2img.formats.codecs import UnreadableError, read, read_layers, size, write

COLOURS = {0: 1, 2: 3, 4: 2, 6: 4}
WIDE = icc.rgb(icc.WIDE, icc.gamma(2.2))


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize(("height", "width"), [(11, 13), (1, 1), (1, 9), (8, 3)])
def test_sixteen_bits_are_read_as_they_were_written(tmp_path, colour, height, width, interlaced):
    samples = noise(height, width, COLOURS[colour], dtype=np.uint16)
    data = png(
        width, height, 16, colour, rows(samples, interlaced=interlaced), interlaced=interlaced
    )
    (tmp_path / "a.png").write_bytes(data)
    if colour >= 4:
        samples[0, 0, -1] = 65535
        colours, alpha = samples[..., :-1], samples[..., -1:]
        (tmp_path / "a.png").write_bytes(
            png(
                width,
                height,
                16,
                colour,
                rows(samples, interlaced=interlaced),
                interlaced=interlaced,
            )
        )
        assert np.array_equal(read_layers(tmp_path / "a.png").alpha, alpha)
        assert np.array_equal(
            read_layers(tmp_path / "a.png").picture[alpha[..., 0] > 0], colours[alpha[..., 0] > 0]
        )
    else:
        assert read_layers(tmp_path / "a.png").alpha is None
        assert np.array_equal(read(tmp_path / "a.png"), samples)
    assert read(tmp_path / "a.png").dtype == np.uint16
    assert size(tmp_path / "a.png") == (width, height, 3 if colour in (2, 6) else 1)


@pytest.mark.parametrize("colour", [0, 2])
def test_the_one_transparent_colour_is_hidden(tmp_path, colour):
    samples = np.stack([np.full((1, 2), 257)] * COLOURS[colour], axis=-1)
    samples[0, 1, -1] = 256  # the same in 8 bits
    hidden = pack(f">{COLOURS[colour]}H", *samples[0, 1])
    data = png(2, 1, 16, colour, rows(samples), before=[(b"tRNS", hidden)])
    (tmp_path / "a.png").write_bytes(data)
    assert read_layers(tmp_path / "a.png").alpha.tolist() == [[[65535], [0]]]
    white = [65535] * COLOURS[colour]
    assert read(tmp_path / "a.png").tolist() == [[[257] * COLOURS[colour], white]]


@pytest.mark.parametrize("where", ["before", "after"])
def test_deep_pictures_stand_upright_too(tmp_path, where):
    samples, exif = noise(3, 5, 3, dtype=np.uint16), Image.Exif()
    exif[274] = 6
    note = [(b"eXIf", exif.tobytes()[6:])]
    (tmp_path / "a.png").write_bytes(png(5, 3, 16, 2, rows(samples), **{where: note}))
    assert np.array_equal(read(tmp_path / "a.png"), np.rot90(samples, -1))
    assert size(tmp_path / "a.png") == (3, 5, 3)


def test_the_profile_of_deep_colour_is_handed_out_and_embedded(tmp_path):
    samples = noise(3, 5, 3, dtype=np.uint16)
    note = b"x\0\0" + zlib.compress(WIDE)
    (tmp_path / "a.png").write_bytes(png(5, 3, 16, 2, rows(samples), before=[(b"iCCP", note)]))
    taken = read_layers(tmp_path / "a.png")
    assert taken.profile == WIDE
    assert np.array_equal(taken.picture, samples)
    write(tmp_path / "b.png", samples, profile=WIDE)
    assert read_layers(tmp_path / "b.png").profile == WIDE
    with Image.open(tmp_path / "b.png") as image:
        image.load()
        assert image.info["icc_profile"] == WIDE


def test_notes_that_libpng_dislikes_leave_the_terminal_quiet(tmp_path, caplog, capfd):
    samples = noise(3, 5, 3, dtype=np.uint16)
    bad = [(b"iCCP", b"x\0\0" + zlib.compress(b"junk" * 50)), (b"gAMA", bytes(4))]
    (tmp_path / "a.png").write_bytes(png(5, 3, 16, 2, rows(samples) + bytes(99), before=bad))
    assert np.array_equal(read(tmp_path / "a.png"), samples)
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


@pytest.mark.parametrize("interlaced", [0, 1])
def test_damaged_deep_pictures_are_refused(tmp_path, interlaced):
    samples = noise(16, 16, 3, dtype=np.uint16)
    whole = png(16, 16, 16, 2, rows(samples, interlaced=interlaced), interlaced=interlaced)
    spoilt = bytearray(whole)
    spoilt[400] ^= 255
    short = png(16, 16, 16, 2, rows(samples[:9], interlaced=interlaced), interlaced=interlaced)
    for data in (whole[:-300], bytes(spoilt), short):
        (tmp_path / "a.png").write_bytes(data)
        with pytest.raises(UnreadableError, match=r"a\.png.*; "):
            read(tmp_path / "a.png")
