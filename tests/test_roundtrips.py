"""A network that changes nothing gives every kind of picture back as it was."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import tifffile
from formats import icc
from PIL import Image
from tiny import noise
from torch import nn

from img2img import images
from img2img.base.draws import Dropout
from img2img.config import UsageError
from img2img.generator import Generator
from img2img.images import Labels, Levels
from img2img.translate import translate

VERB = import_module("img2img.translate")
SHAPE = (13, 17)
PALETTE = ((0, 0, 0), (250, 10, 10), (10, 250, 10), (10, 10, 250))


def unchanged(encoding, output=None, network=None):
    """A generator of one encoding to itself, or to another, by the identity."""
    output = output or encoding
    return Generator(network or nn.Identity(), {
        "role": "generator", "mode": "pix2pix", "network": {}, "direction": "AtoB", "size": 32,
        "resize": "none", "batch_norm": "image", "input": encoding.model_dump(),
        "output": output.model_dump(),
    })  # fmt: skip


@pytest.fixture
def through(tmp_path, monkeypatch):
    """Sends a file through a generator: the path of what comes out of it."""

    def send(generator, name, **options):
        monkeypatch.setattr(VERB, "load_translator", lambda *_, **__: generator)
        source, out = tmp_path / "in", tmp_path / "out"
        (row,) = translate("model", source, out, **options)
        assert (row.input, row.status, row.error) == (name, "done", None)
        return Path(row.outputs[0])

    (tmp_path / "in").mkdir()
    return send


def pixels(dtype, channels, *, low=0, high=None):
    if dtype == "float32":
        top = 1 if high is None else high
        return np.random.default_rng(0).uniform(low, top, (*SHAPE, channels)).astype("f4")
    return np.random.default_rng(0).integers(0, np.iinfo(dtype).max, (*SHAPE, channels), dtype,
                                             endpoint=True)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "channels", "suffix"),
    [
        *[("uint8", n, s) for n in (1, 3) for s in ("png", "tif", "bmp", "npy")],
        *[("uint16", n, s) for n in (1, 3) for s in ("png", "tif", "npy")],
        *[(kind, 5, s) for kind in ("uint8", "uint16") for s in ("tif", "npy")],
    ],
)
@pytest.mark.parametrize("format", [None, "tiff", "npy"])
def test_integers_come_back_as_they_were(kind, channels, suffix, format, tmp_path, through):
    """Half a step of their depth is nothing: they are whole numbers."""
    picture = pixels(kind, channels)
    images.write(tmp_path / f"in/a.{suffix}", picture)
    made = through(unchanged(Levels.of(picture)), f"a.{suffix}", format=format)
    assert made.suffix == f".{format or ('png' if channels < 5 else 'tiff')}"
    back = images.read(made)
    assert back.dtype == picture.dtype and np.array_equal(back, picture)


@pytest.mark.parametrize("channels", [1, 2, 3, 5])
@pytest.mark.parametrize("suffix", ["tif", "npy"])
@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3, 250), (1e4, 1.1e4)])
def test_floats_come_back_within_a_millionth_of_their_range(
    channels, suffix, low, high, tmp_path, through
):
    picture = pixels("float32", channels, low=low, high=high)
    images.write(tmp_path / f"in/a.{suffix}", picture)
    levels = Levels(channels=channels, dtype="float32", low=low, high=high)
    made = through(unchanged(levels), f"a.{suffix}")
    back = images.read(made)
    assert (made.suffix, back.dtype, back.shape) == (".tiff", np.float32, picture.shape)
    assert np.abs(back.astype("f8") - picture).max() <= 1e-6 * (high - low)


def stored(path):
    """The colours of a file with those that alpha hides."""
    if path.suffix == ".tiff":
        return tifffile.imread(path).reshape(*SHAPE, -1)[..., :-1]
    with Image.open(path) as image:  # 16-bit colour comes out as 8 bit, which tells as much
        return np.asarray(image).reshape(*SHAPE, -1)[..., :-1]


@pytest.mark.parametrize("kind", ["uint8", "uint16"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("format", ["png", "tiff"])
def test_transparency_comes_back_exact_and_what_it_hid_does_not(
    kind, channels, format, tmp_path, through
):
    picture, alpha = pixels(kind, channels), pixels(kind, 1)
    alpha[:5] = 0
    picture[:5] = 77  # a secret
    images.write(tmp_path / "in/a.tif", picture, alpha=alpha)
    if format == "png":
        images.write(tmp_path / "in/a.png", picture, alpha=alpha)
        (tmp_path / "in/a.tif").unlink()
    name = "a.png" if format == "png" else "a.tif"
    levels = Levels.of(picture)
    made = through(unchanged(levels), name, format=format)
    back = images.read_layers(made)
    assert np.array_equal(back.alpha, alpha)
    seen = alpha[..., 0] > 0
    assert np.array_equal(back.picture[seen], picture[seen])
    assert not (stored(made)[~seen] == 77).all(1).any()


def test_a_palette_becomes_its_colours_and_cmyk_what_reading_makes_of_it(tmp_path, through):
    flat = Image.fromarray(noise(*SHAPE, 3)).quantize(16)
    flat.save(tmp_path / "in/a.png")
    back = images.read(through(unchanged(Levels(channels=3)), "a.png"))
    assert np.array_equal(back, np.asarray(flat.convert("RGB")))
    (tmp_path / "in/a.png").unlink()
    inks = noise(*SHAPE, 4).tobytes()
    Image.frombytes("CMYK", SHAPE[::-1], inks).save(tmp_path / "in/b.jpg")
    back = images.read(through(unchanged(Levels(channels=3)), "b.jpg"))
    assert np.array_equal(back, images.read(tmp_path / "in/b.jpg"))


@pytest.mark.parametrize("palette", [PALETTE, None])
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_label_maps_come_back_class_by_class(palette, suffix, tmp_path, through):
    found = np.random.default_rng(0).integers(0, 4, SHAPE)
    picture = np.array(palette, np.uint8)[found] if palette else found[..., None].astype(np.uint8)
    images.write(tmp_path / f"in/a.{suffix}", picture)
    labels = Labels(names=tuple("abcd"), palette=palette)
    assert np.array_equal(images.read(through(unchanged(labels), f"a.{suffix}")), picture)


@pytest.mark.parametrize("palette", [PALETTE, None])
def test_a_class_to_ignore_stays_where_it_was(palette, tmp_path, through):
    found = np.random.default_rng(0).integers(0, 4, SHAPE)
    picture = np.array(palette, np.uint8)[found] if palette else found[..., None].astype(np.uint8)
    images.write(tmp_path / "in/a.png", picture)
    labels = Labels(names=tuple("abcd"), palette=palette, ignore=2)
    assert np.array_equal(images.read(through(unchanged(labels), "a.png")), picture)


@pytest.mark.parametrize(
    ("kind", "nodata"), [("uint8", 0), ("uint16", 65535), ("float32", -9999), ("float32", "nan")]
)
def test_where_the_input_has_no_data_the_output_has_none(kind, nodata, tmp_path, through):
    picture = pixels(kind, 1)
    hole = np.zeros((*SHAPE, 1), bool)
    hole[3:7, 2:9] = True
    picture[hole] = float(nodata)
    if kind != "float32":
        hole |= picture == nodata
    images.write(tmp_path / "in/a.tif", picture)
    levels = Levels.model_validate({**Levels.of(picture).model_dump(), "nodata": nodata})
    back = images.read(through(unchanged(levels), "a.tif"))
    assert np.array_equal(back[hole], picture[hole], equal_nan=True)
    assert np.abs(back[~hole].astype("f8") - picture[~hole]).max() <= 1e-6


def test_no_data_goes_into_the_other_domains_own_and_nowhere_if_it_has_none(tmp_path, through):
    picture = pixels("float32", 1)
    picture[3:7, 2:9] = np.nan
    images.write(tmp_path / "in/a.tif", picture)
    x = Levels(channels=1, dtype="float32", high=1, nodata="nan")
    for nodata in (7, None):
        y = Levels(channels=1, dtype="uint16", high=65535, nodata=nodata)
        back = images.read(through(unchanged(x, y), "a.tif", overwrite=True))
        hidden = np.isnan(picture)
        if nodata:
            assert {*back[hidden].tolist()} == {7}
        else:  # what fades in from around
            shown = back[~hidden]
            assert shown.min() <= back[hidden].min() <= back[hidden].max() <= shown.max()
        assert np.abs(back[~hidden] - 65535.0 * picture[~hidden]).max() <= 0.51


@pytest.mark.parametrize(
    ("made", "format", "suffix"),
    [
        (Levels(channels=3), None, ".png"),
        (Levels(channels=1, dtype="uint16", high=9), None, ".png"),
        (Levels(channels=3, dtype="uint16", high=9), None, ".png"),
        (Levels(channels=2), None, ".tiff"),
        (Levels(channels=1, dtype="float32", high=1), None, ".tiff"),
        (Labels(names=("a", "b")), None, ".png"),
        (Levels(channels=5), "npy", ".npy"),
    ],
)
@pytest.mark.parametrize("single", [False, True])
def test_the_format_holds_what_is_made(made, format, suffix, single, tmp_path, monkeypatch):
    planes = made.planes
    picture = pixels("uint8", planes)
    images.write(tmp_path / "in/a.tif", picture)
    generator = unchanged(Levels(channels=planes), made)
    monkeypatch.setattr(VERB, "load_translator", lambda *_, **__: generator)
    source = tmp_path / "in" / ("a.tif" if single else "")
    (row,) = translate("model", source, tmp_path / "out", format=format)
    assert row.outputs == [str(tmp_path / f"out/a{suffix}")]
    assert images.size(tmp_path / f"out/a{suffix}")[2] == made.channels


@pytest.mark.parametrize(
    ("made", "format"),
    [
        (Levels(channels=1, dtype="float32", high=1), "png"),
        (Levels(channels=1, dtype="uint16", high=1), "jpg"),
        (Levels(channels=5), "png"),
        (Levels(channels=2), "webp"),
    ],
)
def test_a_format_that_cannot_hold_it_is_refused_before_the_work(
    made, format, tmp_path, monkeypatch
):
    images.write(tmp_path / "in/a.png", noise(*SHAPE, 1))
    generator = unchanged(Levels(channels=1), made)
    monkeypatch.setattr(VERB, "load_translator", lambda *_, **__: generator)
    for source, out in (("in", "out"), ("in/a.png", "out"), ("in/a.png", f"b.{format}")):
        options = {} if "." in out else {"format": format}
        with pytest.raises(UsageError, match=f"^.{format} does not hold {made.dtype} in") as error:
            translate(
                "model", tmp_path / source, tmp_path / out, track=lambda jobs: 1 / 0, **options
            )
        assert str(error.value).endswith("as this network makes; use tiff or npy")
        assert [path.name for path in tmp_path.iterdir()] == ["in"]


class Noise(nn.Module):
    """The noise of dropout and nothing else."""

    def __init__(self):
        super().__init__()
        self.dropout = Dropout(0.5)

    def forward(self, x):
        return self.dropout(x * 0 + 0.25)


def test_shared_noise_is_the_same_for_every_frame_and_otherwise_each_has_its_own(
    tmp_path, monkeypatch
):
    for name in ("f10", "f2", "f1", "f20"):
        images.write(tmp_path / f"in/{name}.png", noise(*SHAPE, 1))
    generator = unchanged(Levels(channels=1), network=Noise())
    generator.dropout = True
    generator.network.dropout.train()
    monkeypatch.setattr(VERB, "load_translator", lambda *_, **__: generator)
    found = {}
    for kind in ("shared", "file"):
        rows = translate(
            "model", tmp_path / "in", tmp_path / kind, noise=kind, samples=2, dropout=True
        )
        assert [row.input for row in rows] == ["f1.png", "f2.png", "f10.png", "f20.png"]
        found[kind] = [[images.read(tmp_path / kind / path.split("/")[-1]) for path in row.outputs]
                       for row in rows]  # fmt: skip
    first, second = found["shared"][0]
    assert (first != second).any()
    assert all((a == first).all() and (b == second).all() for a, b in found["shared"])
    each = [a.tobytes() for pair in found["file"] for a in pair]
    assert len({*each}) == 8


@pytest.mark.parametrize("suffix", ["png", "tif", "jpg"])
def test_a_profile_is_kept_with_its_colours_or_both_become_srgb(suffix, tmp_path, through):
    wide = icc.rgb(icc.WIDE, icc.gamma(2.2))
    picture = np.full((*SHAPE, 3), (200, 60, 90), np.uint8)
    images.write(tmp_path / f"in/a.{suffix}", picture, profile=wide)
    generator = unchanged(Levels(channels=3))
    kept = images.read_layers(through(generator, f"a.{suffix}", icc="keep"), icc="keep")
    assert kept.profile == wide
    stored = images.read_layers(tmp_path / f"in/a.{suffix}", icc="keep").picture
    assert np.array_equal(kept.picture, stored)
    plain = through(generator, f"a.{suffix}", icc="srgb", overwrite=True)
    assert images.read_layers(plain, icc="keep").profile is None
    assert np.array_equal(images.read(plain), images.read(tmp_path / f"in/a.{suffix}"))
    assert (images.read(plain) != stored).any()
