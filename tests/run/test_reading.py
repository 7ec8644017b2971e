import re

import numpy as np
import pytest
from handed import Handed
from hypothesis import given
from hypothesis import strategies as st
from tiny import OPTIONS, domains, noise

from img2img import images
from img2img.config import BUILTIN, Side, UsageError
from img2img.images import Labels, Levels
from img2img.run.configuring import adapted, balanced, configured, described
from img2img.run.folder import read_config
from img2img.run.reading import PIXELS, SAMPLE, class_shares, read_as, sampled, spread
from img2img.run.sources import open_source
from img2img.train import train

TOWN = {"kind": "labels", "palette": BUILTIN}


def values(*shape, dtype="float32", seed=0, low=-3.0, high=9.0):
    return np.random.default_rng(seed).uniform(low, high, shape).astype(dtype)


def read(pictures, *, masks=True, **side):
    pictures = pictures if isinstance(pictures, Handed) else Handed(pictures)
    return read_as(Side(**side), Levels.of(pictures[0]), pictures, "input", masks=masks)


def ends(encoding):
    return encoding.low, encoding.high


@pytest.mark.parametrize(
    ("dtype", "high"), [("uint8", (255,)), ("uint16", (65535,)), ("float32", (1,))]
)
def test_the_full_range_of_the_depth_is_the_range_unless_more_is_said(dtype, high):
    top = 1 if dtype == "float32" else high[0]
    whole = np.array([[[0], [top]]], dtype)
    assert read([whole]) == (Levels(channels=1, dtype=dtype, high=high), [])


def test_what_is_given_holds_without_a_look_at_the_pictures():
    class Closed(Handed):
        def __getitem__(self, index):
            raise AssertionError

    found = Levels(channels=2, dtype="uint16", high=65535)
    side = Side(low=(5,), high=(100, 200), percentiles=(1, 99))
    encoding, notes = read_as(side, found, Closed([None]), "input")
    assert ends(encoding) == ((5,), (100, 200)) and notes == []
    found = Levels(channels=3)
    assert read_as(Side(low=(9,)), found, Closed([None]), "input")[0].low == (9,)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@given(percents=st.tuples(st.floats(0, 49), st.floats(51, 100)), seed=st.integers(0, 99))
def test_percentiles_are_numpys_channel_by_channel(dtype, percents, seed):
    pictures = [values(5, 7, 2, dtype=dtype, low=0, high=250, seed=seed + i) for i in range(3)]
    whole = np.concatenate([it.reshape(-1, 2) for it in pictures]).astype("f8")
    encoding, (note,) = read(pictures, percentiles=percents)
    for end, percent in zip(ends(encoding), percents, strict=True):
        assert end == pytest.approx(np.percentile(whole, percent, axis=0), rel=1e-5)
    assert "percentiles" in note and "of the training pictures" in note


def test_the_range_that_is_said_is_the_one_that_holds():
    encoding, (note,) = read([values(9, 9, 2)], percentiles=(10, 90))
    low, high = (",".join(f"{end:g}" for end in each) for each in ends(encoding))
    assert note == (f"input from {low} to {high}: percentiles 10 and 90 of the training pictures")
    assert all(float(f"{end:.6g}") == end for each in ends(encoding) for end in each)


@pytest.mark.parametrize(("low", "high"), [(-0.1, 0.9), (0.1, 1.1), (-5, -1), (200, 900)])
def test_floats_beyond_0_to_1_are_read_by_percentiles_and_others_are_not(low, high):
    picture = np.linspace(low, high, 1001, dtype="float32").reshape(7, 143, 1)
    encoding, (note,) = read([picture])
    assert ends(encoding)[0] == pytest.approx(np.percentile(picture, 0.5, keepdims=True).ravel())
    assert ends(encoding)[1] == pytest.approx(np.percentile(picture, 99.5, keepdims=True).ravel())
    assert "percentiles 0.5 and 99.5" in note
    inside = np.linspace(0, 1, 1001, dtype="float32").reshape(7, 143, 1)
    assert read([inside]) == (Levels(channels=1, dtype="float32", high=1), [])


def test_one_end_that_is_given_stays_and_the_other_is_found():
    picture = values(20, 20, 2)
    encoding, _ = read([picture], low=(-100,))
    assert encoding.low == (-100,)
    assert encoding.high == pytest.approx(np.percentile(picture.reshape(-1, 2), 99.5, axis=0))
    encoding, notes = read([picture.clip(0, 1)], high=(2,))
    assert ends(encoding) == ((0,), (2,)) and notes == []


def test_values_in_a_small_part_of_their_range_are_said_to_be_so():
    def notes(most, **side):
        return read([np.array([[[100], [most]]], "uint16")], **side)[1]

    assert notes(100 + 65535 // 4 + 1) == [] != notes(100 + 65535 // 4)
    (said,) = notes(4095)
    assert said == (
        "input values from 100 to 4095 are a small part of their range; spread them by"
        " --data.input.percentiles 0.5 99.5, or --data.input.low and high"
    )
    assert notes(4095, low=(0,)) == notes(4095, high=(4095,)) == []
    assert read([np.array([[[100], [101]]], "uint8")])[1] == []  # 8 bit costs no look


@pytest.mark.parametrize("nodata", ["nan", "-9999"])
@pytest.mark.parametrize("channels", [1, 3])
def test_what_is_no_data_has_no_part_in_the_range(nodata, channels):
    picture = values(8, 9, 3)
    holed = picture.copy()
    holed[2:5, 3:6, 1] = float(nodata)  # one channel of three is enough
    encoding, _ = read([holed], nodata=nodata, channels=channels)
    counts = np.ones((8, 9), bool)
    counts[2:5, 3:6] = False
    kept = images.to_channels(picture[counts][None], channels)[0]
    assert encoding.nodata == (nodata if nodata == "nan" else float(nodata))
    assert encoding.low == pytest.approx(np.percentile(kept, 0.5, axis=0), rel=1e-5)
    assert encoding.high == pytest.approx(np.percentile(kept, 99.5, axis=0), rel=1e-5)


def test_what_is_not_finite_has_no_part_in_the_range_either():
    picture = values(8, 9, 1)
    picture[0, :3, 0] = np.nan, np.inf, -np.inf
    encoding, _ = read([picture], percentiles=(0, 100))
    assert ends(encoding)[1] == pytest.approx([picture[np.isfinite(picture)].max()], rel=1e-5)


@pytest.mark.parametrize("hidden", [1e9, np.nan])
def test_what_a_mask_hides_has_no_part_in_the_range_unless_it_is_the_partners(hidden):
    mask = np.zeros((8, 9, 1), np.uint8)
    mask[:, :4] = 255
    picture, other = values(8, 9, 1), values(8, 9, 1)
    other[:, 4:] = hidden
    both = [read(Handed([it], [mask])) for it in (picture, other)]
    assert both[0] == both[1]
    assert both[0] == read([picture[:, :4]])
    assert read(Handed([picture], [mask]), masks=False) == read([picture])


def test_channels_asked_for_are_had_from_gray_and_colour_alone():
    assert read([noise(4, 4, 3)], channels=1)[0] == Levels(channels=1)
    assert read([noise(4, 4, 1)], channels=3)[0] == Levels(channels=3)
    assert read([noise(4, 4, 5)], channels=5)[0] == Levels(channels=5)


@pytest.mark.parametrize(
    ("picture", "side", "message"),
    [
        (noise(4, 4, 3), {"channels": 2}, "channels 2: the pictures have 3, which can become 1 or"),
        (noise(4, 4, 5), {"channels": 3}, "channels 3: the pictures have 5, which can become none"),
        (noise(4, 4, 3), {"low": (1, 2)}, "2 ends of a range do not fit 3 channels"),
        (noise(4, 4, 1), {"low": (9,), "high": (9,)}, "low 9 is not below high 9"),
        (np.full((4, 4, 1), 7, "f4"), {}, "low 7 is not below high 7"),
        (noise(4, 4, 1), {"nodata": "256"}, "uint8 pictures cannot hold nodata 256"),
        (noise(4, 4, 1), {"nodata": "nan"}, "uint8 pictures cannot hold nodata nan"),
        (np.full((4, 4, 1), np.nan, "f4"), {}, "no pixel of 1 pictures holds data; check nodata"),
        (noise(4, 4, 3), {"kind": "labels"}, "needs either a --data.input.palette.* or how many"),
        (noise(4, 4, 3), {**TOWN, "classes": 6}, "needs either a --data.input.palette"),
        (values(4, 4, 3), TOWN, "the pictures are float32; labels are uint8 colours"),
        (values(4, 4, 3, dtype="u2", low=0), TOWN, "the pictures are uint16; labels are uint8"),
        (values(4, 4, 1), {"kind": "labels", "classes": 2}, "the pictures are float32"),
        (noise(4, 4, 3), {"kind": "labels", "classes": 2}, "takes gray pictures .* have 3 chann"),
        (noise(4, 4, 3), {**TOWN, "ignore": 6}, "ignore 6: the palette has classes 0 to 5"),
    ],
)  # fmt: skip
def test_an_option_that_contradicts_the_pictures_is_one_sentence(picture, side, message):
    with pytest.raises(UsageError, match=f"^(--data.input.*)?{message}") as error:
        read([picture], **side)
    assert "\n" not in str(error.value)


def test_a_palette_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"there is no palette nowhere.txt; give a file of lines"):
        read([noise(4, 4, 3)], kind="labels", palette="nowhere.txt")


def test_labels_are_classes_by_colour_or_by_number():
    town, notes = read([noise(4, 4, 3)], **TOWN, ignore=3)
    assert town.names == ("field", "soil", "woods", "water", "road", "roof") and notes == []
    assert town.palette[3] == (104, 172, 230) and town.ignore == 3 and town.channels == 3
    numbers, _ = read([values(4, 4, 1, dtype="u2", low=0)], kind="labels", classes=4, ignore=99)
    assert numbers == Labels(names=("0", "1", "2", "3"), dtype="uint16", ignore=99)


@given(seed=st.integers(0, 99), ignore=st.sampled_from([None, 1, 9]))
def test_shares_are_those_of_the_pixels_that_count(seed, ignore):
    drawn = np.random.default_rng(seed)
    pictures = [drawn.integers(0, 4, (6, 7, 1)).astype("u1") for _ in range(3)]
    if ignore == 9:
        for it in pictures:
            it[drawn.random(it.shape) < 0.3] = 9
    masks = [np.uint8(255) * (drawn.random((6, 7, 1)) < 0.5) for _ in range(3)]
    labels = Labels(names=("a", "b", "c", "d"), ignore=ignore)
    flat = np.concatenate([it[mask > 0] for it, mask in zip(pictures, masks, strict=True)])
    kept = flat[flat != (-1 if ignore is None else ignore)]
    shares = class_shares(labels, Handed(pictures, masks))
    assert shares == pytest.approx(np.bincount(kept, minlength=4) / len(kept))


def test_classes_of_which_no_pixel_counts_are_an_error():
    with pytest.raises(UsageError, match="no pixel of 1 pictures counts; check ignore and masks"):
        class_shares(Labels(names=("a", "b"), ignore=1), Handed([np.ones((2, 2, 1), np.uint8)]))


@given(count=st.integers(0, 5000))
def test_a_sample_is_spread_evenly_and_no_larger_than_it_may_be(count):
    chosen = spread(count)
    assert min(count, SAMPLE // 2) <= len(chosen) <= SAMPLE
    assert count - (chosen[-1] if count else 0) <= 2 * max(1, chosen.step)


def test_of_many_pixels_some_are_taken_of_each_picture():
    class Plain(Handed):
        def __getitem__(self, index):
            return np.full((400, 500, 1), index, np.uint8)

    pixels = sampled(Plain(range(11)), Levels(channels=1))
    counts = np.bincount(pixels.ravel())
    assert PIXELS / 2 < len(pixels) <= PIXELS + len(counts)
    assert len(counts) == 11 and len({*counts}) == 1


def opened(path, mode="pix2pix", **options):
    config = configured(mode, {"data": {"path": str(path), "size": 32, **options.pop("data", {})},
                               **options})  # fmt: skip
    return config, open_source(config, mode == "pix2pix")


def test_what_is_found_becomes_part_of_the_configuration(tmp_path):
    images.write(tmp_path / "trainA/0.tif", values(40, 40, 2))
    images.write(tmp_path / "trainB/0.png", noise(40, 40, 1))
    config, source = opened(tmp_path)
    found, _ = adapted(config, source)
    assert found.data.input.model_dump(exclude_none=True) == {
        "kind": "image", **described(source.encodings[0])
    }  # fmt: skip
    assert found.data.input.low == source.encodings[0].low != (0,)
    assert (found.data.output.low, found.data.output.high) == ((0,), (255,))
    again = open_source(found, True)
    assert again.encodings == source.encodings and adapted(found, again)[0] == found


def test_labels_are_described_by_the_options_that_asked_for_them():
    assert described(Labels(names=("a", "b"))) == {}


@given(
    shares=st.lists(st.one_of(st.just(0.0), st.floats(1e-4, 1)), min_size=2, max_size=9).filter(any)
)
def test_balanced_weights_fall_with_the_root_of_the_share_and_are_1_in_the_mean(shares):
    shares = [share / sum(shares) for share in shares]
    weights = balanced(shares)
    assert sum(w * s for w, s in zip(weights, shares, strict=True)) == pytest.approx(1, rel=1e-5)
    strength = {round(w * s**0.5, 4) for w, s in zip(weights, shares, strict=True) if s}
    assert max(strength) - min(strength) < 2e-4
    assert all((w == 0) == (s == 0) for w, s in zip(weights, shares, strict=True))


def classes(root, pictures):
    """A data set of noise to class numbers."""
    for index, picture in enumerate(pictures):
        images.write(root / f"trainA/{index}.png", noise(40, 40, 3, seed=index))
        images.write(root / f"trainB/{index}.png", picture)
    return root


def test_balanced_classes_are_weighed_by_their_shares_and_said(tmp_path):
    labels = np.zeros((40, 40, 1), np.uint8)
    labels[:10] = 1
    output = {"kind": "labels", "classes": 3}
    config, source = opened(
        classes(tmp_path, [labels]), data={"output": output}, weights={"balanced": True}
    )
    found, notes = adapted(config, source)
    assert source.class_shares == [0.75, 0.25, 0]
    assert found.weights.classes == balanced([0.75, 0.25, 0])
    assert notes == ["weights of the classes: 0.845 1.46 0"]


def test_balanced_classes_do_not_bring_back_the_identity_loss(tmp_path):
    labels = np.eye(40, dtype=np.uint8)[..., None]
    config, source = opened(
        classes(tmp_path, [labels]), "cyclegan",
        data={"output": {"kind": "labels", "classes": 2}}, weights={"balanced": True},
    )  # fmt: skip
    found, notes = adapted(config, source)
    assert found.weights.identity == 0 and found.weights.classes
    assert "the identity loss is off: x is image in 3 planes, y labels in 2" in notes


def test_a_run_records_what_it_found_and_goes_on_with_it(tmp_path, capsys):
    for index in range(3):
        images.write(tmp_path / f"d/trainA/{index}.tif", values(40, 40, 2, seed=index))
        images.write(tmp_path / f"d/trainB/{index}.png", noise(40, 40, 1, seed=index))
    options = {**OPTIONS, "steps": 1, "data": {"path": str(tmp_path / "d"), "size": 32}}
    run = train("pix2pix", root=tmp_path, **options)
    (line,) = re.findall(r"note: (input from .*)", capsys.readouterr().out)
    recorded = read_config(run).data.input
    assert line.startswith(
        "input from " + " to ".join(",".join(f"{e:g}" for e in ends)
                                    for ends in (recorded.low, recorded.high))
    )  # fmt: skip
    train("pix2pix", root=tmp_path, **{**options, "steps": 2})
    assert "resumed after step 1" in capsys.readouterr().out
    images.write(tmp_path / "d/trainA/2.tif", values(40, 40, 2, high=500))
    with pytest.raises(UsageError, match=r"another configuration \(.*data.input.high: "):
        train("pix2pix", root=tmp_path, **{**options, "steps": 3})


def test_a_pairs_mask_hides_its_target_alone(tmp_path):
    root = domains(tmp_path, [(40, 40, 1)], [(40, 40, 1)])
    for side in "AB":
        images.write(root / f"train{side}/0.tif", values(40, 40, 1, seed=ord(side)))
    mask = np.zeros((40, 40, 1), np.uint8)
    mask[:20] = 255
    images.write(root / "mask.png", mask)
    (root / "data.csv").write_text("x,y,mask\ntrainA/0.tif,trainB/0.tif,mask.png\n")

    def change(side, rows):
        picture = values(40, 40, 1, seed=ord(side))
        picture[rows] += 700
        images.write(root / f"train{side}/0.tif", picture)

    found = {}
    nothing, hidden, shown = slice(0), slice(20, None), slice(20)
    for name, x, y in [("as it is", nothing, nothing), ("hidden y", nothing, hidden),
                       ("shown y", nothing, shown), ("hidden x", hidden, nothing)]:  # fmt: skip
        change("A", x)
        change("B", y)
        found[name] = {mode: opened(root, mode)[1].encodings for mode in ("pix2pix", "cyclegan")}
    for mode in ("pix2pix", "cyclegan"):
        assert found["hidden y"][mode] == found["as it is"][mode] != found["shown y"][mode]
    assert found["hidden x"]["pix2pix"] != found["as it is"]["pix2pix"]
    assert found["hidden x"]["cyclegan"] == found["as it is"]["cyclegan"]
