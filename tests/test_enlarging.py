import numpy as np
import pytest
import torch
from PIL import Image
from tiny import noise
from torch import Tensor

from img2img import images
from img2img.enlarging import enlarge, ensemble, through
from img2img.images import Levels
from img2img.models import load_generator
from img2img.networks.enlarged import bicubic
from img2img.translate import layer, translate

MODELS = ["builtin:bicubic-x2", "builtin:sr-x2"]


def smooth(height, width, channels, dtype="uint8"):
    """A picture without steep edges, so that nothing overshoots its range."""
    rows, columns = np.mgrid[:height, :width]
    waves = [np.sin(rows / (5 + c)) + np.cos(columns / (4 + c)) for c in range(channels)]
    unit = (np.stack(waves, 2) + 2) / 4 * 0.8 + 0.1
    if dtype == "float32":
        return unit.astype(np.float32)
    return np.rint(unit * np.iinfo(dtype).max).astype(dtype)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("channels", [1, 2, 3, 5])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_what_comes_out_is_of_the_kind_that_goes_in(model, channels, dtype):
    picture = smooth(21, 34, channels, dtype)
    made = load_generator(model)(picture)
    assert (made.dtype, made.shape) == (picture.dtype, (42, 68, channels))
    top = 1 if dtype == "float32" else np.iinfo(dtype).max
    back = made.astype(float).reshape(21, 2, 34, 2, channels).mean((1, 3))
    assert np.abs(back - picture)[2:-2, 2:-2].max() < 0.03 * top


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (3, 2), (17, 5)])
def test_a_picture_of_any_size_is_enlarged(size):
    assert load_generator("builtin:sr-x4")(noise(*size, 3)).shape == (4 * size[0], 4 * size[1], 3)


@pytest.mark.parametrize(
    ("mode", "kept"),
    [("L", "L"), ("RGB", "RGB"), ("RGBA", "RGBA"), ("LA", "LA"), ("I;16", "I;16"), ("P", "RGB")],
)
def test_a_pil_image_keeps_its_mode(mode, kept):
    if mode == "I;16":
        image = Image.fromarray(smooth(12, 10, 1, "uint16")[..., 0])
    else:
        image = Image.fromarray(smooth(12, 10, 3)).convert(mode)
    made = load_generator("builtin:sr-x2")(image)
    assert (made.mode, made.size) == (kept, (20, 24))


def test_gray_is_the_same_alone_and_as_three_channels():
    generator, gray = load_generator("builtin:sr-x2"), smooth(20, 20, 1)
    alone = generator(gray)
    assert np.abs(generator(np.repeat(gray, 3, 2)).astype(int) - alone).max() <= 1


def test_colours_are_interpolated_and_the_luminance_is_the_networks():
    values = torch.rand(1, 3, 9, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    luma = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
    made = through(values, 1, 2, lambda y: bicubic(y, 2) + 0.25)
    assert torch.allclose(made, bicubic(values, 2) + 0.25, atol=1e-5)
    flat = through(values, 1, 2, lambda y: torch.zeros_like(bicubic(y, 2)))
    assert (flat * luma).sum(1).abs().max() < 1e-5


def test_floats_without_a_known_range_are_refused():
    with pytest.raises(ValueError, match="float pixels from 0 to 7 have no known range"):
        load_generator("builtin:sr-x2")(np.array([[0, 7]], np.float32)[..., None])


def corner(values: Tensor) -> Tensor:
    """Twice as large, and brighter towards one corner: no flip or turn commutes with it."""
    made = bicubic(values, 2)
    slope = torch.linspace(0, 1, made.shape[-1]) + torch.linspace(0, 2, made.shape[-2])[:, None]
    return made + slope


def test_the_ensemble_is_the_mean_over_flips_and_turns():
    values = torch.rand(1, 1, 6, 6, generator=torch.Generator().manual_seed(0))
    made = ensemble(corner, values) - bicubic(values, 2)
    for same in (made.flip(-1), made.flip(-2), made.transpose(-1, -2)):
        assert torch.allclose(made, same, atol=1e-5)
    assert torch.allclose(made.mean(), torch.tensor(1.5), atol=1e-5)
    wide = torch.rand(1, 3, 5, 9)
    assert ensemble(lambda x: bicubic(x, 2), wide).shape == (1, 3, 10, 18)
    assert torch.allclose(ensemble(lambda x: bicubic(x, 2), wide), bicubic(wide, 2), atol=1e-5)


def test_alpha_is_enlarged_beside_the_picture(tmp_path):
    alpha = np.zeros((10, 14, 1), np.uint8)
    alpha[:, 7:] = 255
    images.write(tmp_path / "in" / "a.png", smooth(10, 14, 3), alpha=alpha)
    images.write(tmp_path / "in" / "deep.png", smooth(10, 14, 1, "uint16"))
    images.write(tmp_path / "in" / "five.tif", smooth(10, 14, 5))
    rows = translate("builtin:sr-x2", tmp_path / "in", tmp_path / "out")
    assert [row.status for row in rows] == ["done"] * 3 and rows[0].size == (28, 20)
    layers = images.read_layers(tmp_path / "out" / "a.png")
    assert layers.picture.shape == (20, 28, 3) and layers.alpha.shape == (20, 28, 1)
    assert layers.alpha[:, :10].max() <= 8 and layers.alpha[:, 18:].min() >= 247
    assert images.read(tmp_path / "out" / "deep.png").dtype == np.uint16


def test_each_picture_goes_into_png_where_that_holds_it_and_else_into_tiff(tmp_path):
    source, out = tmp_path / "in", tmp_path / "out"
    images.write(source / "a.tif", smooth(8, 9, 3))
    images.write(source / "float.tif", smooth(8, 9, 1, "float32"))
    images.write(source / "five.tif", smooth(8, 9, 5))
    images.write(source / "five.png", smooth(8, 9, 1))
    rows = translate("builtin:bicubic-x2", source, out)
    assert [row.status for row in rows] == ["done"] * 4
    endings = {row.input: [path.rsplit(".")[-1] for path in row.outputs] for row in rows}
    assert endings == {
        "a.tif": ["png"], "five.png": ["png"], "five.tif": ["tiff"], "float.tif": ["tiff"],
    }  # fmt: skip
    for row in rows:
        given, made = images.read(source / row.input), images.read(row.outputs[0])
        assert (made.dtype, made.shape[2]) == (given.dtype, given.shape[2])
    again = translate("builtin:bicubic-x2", source, out)
    assert [row.status for row in again] == ["kept"] * 4
    assert [row.outputs for row in again] == [row.outputs for row in rows]
    png = translate("builtin:bicubic-x2", source, tmp_path / "png", format="png")
    assert [row.status for row in png].count("rejected") == 2
    assert all("--format tiff or npy" in row.error for row in png if row.error)


@pytest.mark.parametrize(
    "words", ["DefaultCPUAllocator: can't allocate memory", "MPS backend out of memory"]
)
def test_a_picture_that_memory_does_not_hold_is_rejected_and_the_rest_goes_on(
    words, tmp_path, monkeypatch
):
    def short(picture, *others):
        if picture.shape[0] == 9:
            raise RuntimeError(words)
        return picture

    images.write(tmp_path / "in" / "a.png", smooth(9, 12, 3))
    images.write(tmp_path / "in" / "b.png", smooth(8, 12, 3))
    monkeypatch.setattr("img2img.generator.enlarge", short)
    rows = translate("builtin:bicubic-x2", tmp_path / "in", tmp_path / "out")
    assert [row.status for row in rows] == ["rejected", "done"]
    assert rows[0].error.startswith("not enough memory for 12 x 9; cut it")
    words = "another fault"
    with pytest.raises(RuntimeError, match="another fault"):
        translate("builtin:bicubic-x2", tmp_path / "in", tmp_path / "out")


def test_floats_that_are_no_numbers_are_refused_but_where_they_mark_no_data():
    nan = np.full((5, 6, 1), np.nan, np.float32)
    for value in (np.nan, np.inf):
        with pytest.raises(ValueError, match="nan or infinite are no amounts"):
            load_generator("builtin:bicubic-x2")(np.full((5, 6, 1), value, np.float32))
    marked = Levels(channels=1, dtype="float32", high=1, nodata="nan")
    assert np.isnan(enlarge(nan, marked, 2, lambda values: bicubic(values, 2))).all()


def test_alpha_of_floats_stays_within_its_range():
    alpha = np.zeros((10, 10, 1), np.float32)
    alpha[:, 5:] = 1
    made = layer(alpha, np.zeros((20, 20, 3), np.float32))
    assert (made.min(), made.max()) == (0, 1)


def test_a_factor_is_how_much_larger_the_output_is(tmp_path):
    assert load_generator("builtin:sr-x4", scale=2.5)(noise(10, 12, 3)).shape == (25, 30, 3)
    assert load_generator("builtin:sr-x4", scale="native")(noise(10, 12, 3)).shape == (40, 48, 3)


@pytest.mark.parametrize("size", [None, (30, 25), (47, 61), (7, 9)])
def test_what_holds_no_data_mixes_with_nothing_at_any_size(size):
    picture = smooth(20, 24, 1, "float32")
    picture[4:9, 6:15] = -9999
    network = Levels(channels=1, dtype="float32", high=1, nodata=-9999)
    made = enlarge(picture, network, 2, lambda values: bicubic(values, 2), size)
    width, height = size or (48, 40)
    hidden = images.resize(picture, width, height, nearest=True) == -9999
    assert made.shape == (height, width, 1) and hidden.any()
    assert (made[hidden] == -9999).all() and (made[~hidden] >= 0).all()


def test_what_is_not_built_in_is_named_with_what_is():
    with pytest.raises(ValueError, match=r"builtin:sr-x9 is built in; choose from .*builtin:sr-x4"):
        load_generator("builtin:sr-x9")


@pytest.mark.parametrize("scale", [2, 4])
def test_the_built_in_bicubic_is_pillows_inside(scale):
    picture = noise(30, 26, 3) // 3 + 80  # Pillow clips between its two passes
    made = load_generator(f"builtin:bicubic-x{scale}")(picture)
    theirs = images.resize(picture, 26 * scale, 30 * scale)
    inside = (slice(4 * scale, -4 * scale),) * 2
    assert np.abs(made.astype(int) - theirs)[inside].max() <= 1


@pytest.mark.parametrize("scale", [2, 4])
def test_the_built_in_networks_are_small_and_better_than_bicubic(scale):
    """On a disc, which they were not trained on: sharper edges, nothing invented elsewhere."""
    rows, columns = np.mgrid[: 48 * scale, : 48 * scale] / scale
    disc = ((rows - 24) ** 2 + (columns - 22) ** 2 < 15**2) * 150 + 50
    high = np.repeat(disc[..., None].astype(np.uint8), 3, 2)
    low = high.reshape(48, scale, 48, scale, 3).mean((1, 3)).round().astype(np.uint8)
    errors = [
        np.square(load_generator(f"builtin:{name}-x{scale}")(low).astype(float) - high).mean()
        for name in ("sr", "bicubic")
    ]
    assert errors[0] < 0.7 * errors[1]
    from img2img.models import builtin

    assert builtin(f"sr-x{scale}").stat().st_size < 2_000_000


def test_levels_of_another_depth_use_its_whole_range():
    from img2img.enlarging import kind

    network = Levels(channels=1)
    assert kind(smooth(4, 4, 3, "uint16"), network).high == (65535,)
    narrow = Levels(channels=1, low=10, high=200)
    assert kind(smooth(4, 4, 3), narrow).high == (200,)
