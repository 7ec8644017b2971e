from collections import Counter
from itertools import product

import numpy as np
import pytest
import torch
from handed import Handed

from img2img.data import resolutions
from img2img.data.imresize import resized, shrunk
from img2img.data.keys import Key
from img2img.data.loading import batches, still
from img2img.data.resolutions import Resolved
from img2img.data.transforms import Recipe
from img2img.images import Levels

KINDS = {
    "uint8": Levels(channels=3),
    "uint16": Levels(channels=3, dtype="uint16", high=65535),
    "float32": Levels(channels=3, dtype="float32", high=1),
}


def drawn(height, width, seed=0, dtype="uint8", channels=3):
    rng = np.random.default_rng(seed)
    if dtype == "float32":
        return rng.random((height, width, channels), np.float32)
    return rng.integers(0, np.iinfo(dtype).max, (height, width, channels), dtype)


def resolved(pictures, *, low=None, scale=4, size=16, still_side=16, encoding=KINDS["uint8"],
             masks=(), **recipe):  # fmt: skip
    recipe = {"flip": False, "turns": False, **recipe}
    high = pictures if hasattr(pictures, "stem") else Handed(pictures, masks)
    low = None if low is None else Handed(low)
    return Resolved(high, low, Recipe(size=size, load=size, **recipe), encoding, scale, still_side)


def epoch(samples, number=0):
    return [samples.sample(Key(0, number, position)) for position in range(len(samples))]


def where(part, whole):
    """The corner at which a part stands in a whole, both (C, H, W), in steps of one."""
    (height, width), (high, wide) = part.shape[1:], whole.shape[1:]
    places = [(y, x) for y in range(high - height + 1) for x in range(wide - width + 1)]
    [place] = [
        (y, x) for y, x in places if torch.equal(whole[:, y : y + height, x : x + width], part)
    ]
    return place


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", [2, 3, 4])
def test_low_is_cut_as_if_from_the_low_resolution_of_the_whole(kind, scale):
    pictures, encoding = [drawn(61, 70, seed=i, dtype=kind) for i in range(6)], KINDS[kind]
    samples = resolved(pictures, scale=scale, size=6 * scale, still_side=48, encoding=encoding)
    seen = {sample.index for sample in epoch(samples)}
    assert seen == set(range(6))
    for sample in [*epoch(samples), *epoch(samples, 1)]:
        cut = pictures[sample.index][: 61 // scale * scale, : 70 // scale * scale]
        high, low = (torch.from_numpy(encoding.encode(it)) for it in (cut, shrunk(cut, scale)))
        y, x = where(sample.high, high)
        assert y % scale == x % scale == 0
        there = low[:, y // scale : y // scale + 6, x // scale : x // scale + 6]
        # the sums of floats may be of another order
        assert torch.allclose(sample.low, there, rtol=0, atol=1e-6 if kind == "float32" else 0)


def test_a_given_low_resolution_is_cut_at_the_same_place():
    high = [drawn(40, 60, seed=i) for i in range(5)]
    low = [drawn(10, 15, seed=9 + i) for i in range(5)]
    samples = resolved(high, low=low, shrink=(0.5,))
    for sample in epoch(samples):
        large, small = (
            torch.from_numpy(KINDS["uint8"].encode(of[sample.index])) for of in (high, low)
        )
        y, x = where(sample.high, large)
        assert torch.equal(sample.low, small[:, y // 4 : y // 4 + 4, x // 4 : x // 4 + 4])


def test_both_resolutions_are_moved_and_toned_alike():
    low = drawn(8, 8)
    samples = resolved(
        [low.repeat(4, 0).repeat(4, 1)] * 40, low=[low] * 40,
        flip=True, turns=True, shuffle=True, contrast=0.5, inversion=True,
    )  # fmt: skip
    made = epoch(samples)
    for sample in made:
        assert torch.equal(sample.low, sample.high[:, ::4, ::4])
    assert len({sample.low.numpy().tobytes() for sample in made}) > 35


def test_flips_turns_and_shuffles_all_occur_and_the_mask_follows():
    picture = drawn(16, 16, channels=3)
    mask = (picture[..., :1] > 127).astype(np.uint8) * np.uint8(255)
    samples = resolved([picture] * 400, masks=[mask] * 400, flip=True, turns=True, shuffle=True)
    filled = Levels(channels=3).filled(picture, mask[..., 0] > 0)
    possible = {}
    for flip, turns in product((False, True), range(4)):
        values, shown = (np.rot90(it[:, ::-1] if flip else it, turns) for it in (filled, mask))
        planes = Levels(channels=3).encode(np.ascontiguousarray(values))
        possible[(shown[..., 0] > 0).tobytes()] = flip, turns, [it.tobytes() for it in planes]
    found = set()
    for sample in epoch(samples):
        flip, turns, planes = possible[(sample.mask[0].numpy() > 0).tobytes()]
        order = tuple(planes.index(plane.tobytes()) for plane in sample.high.numpy())
        found.add((flip, turns, order))
    assert len(found) == 2 * 4 * 6


def test_equal_keys_give_equal_samples_whatever_was_asked_for_before():
    pictures = [drawn(60, 80, seed=i) for i in range(3)]
    options = {"flip": True, "turns": True, "shuffle": True, "contrast": 0.3, "inversion": True,
               "shrink": (0.8, 0.5), "degradation": "realistic"}  # fmt: skip
    one, other = (resolved(pictures, **options) for _ in range(2))
    forwards, backwards = epoch(one), [other.sample(Key(0, 0, p)) for p in (2, 1, 0)][::-1]
    for a, b in zip(forwards, backwards, strict=True):
        assert torch.equal(a.low, b.low) and torch.equal(a.high, b.high) and a.index == b.index
    assert not torch.equal(epoch(one, 1)[0].low, forwards[0].low)


def test_high_is_shown_at_each_fraction_that_holds_the_crop_as_often_as_whole():
    picture = drawn(40, 40)
    sizes = {40: picture, 32: resized(picture, 32, 32), 20: resized(picture, 20, 20)}
    samples = resolved([picture] * 300, shrink=(0.8, 0.5, 0.3))  # 12 pixels are too few for 16
    places = {
        of[y : y + 16, x : x + 16].tobytes(): side
        for side, of in sizes.items()
        for y, x in product(range(0, side - 15, 4), repeat=2)
    }
    shown = [places[Levels(channels=3).decode(it.high).tobytes()] for it in epoch(samples)]
    counts = Counter(shown)
    assert counts.keys() == sizes.keys() and max(counts.values()) < 125


def test_contrast_and_inversion_come_before_the_low_resolution_is_made():
    picture = drawn(16, 16)
    samples = resolved([picture] * 20, contrast=0.5, inversion=True)
    for sample in epoch(samples):
        high, low = (Levels(channels=3).decode(it) for it in (sample.high, sample.low))
        assert np.array_equal(shrunk(high, 4), low)
        assert not np.array_equal(high, picture)


def test_a_realistic_degradation_is_shown_the_neighbours_and_trimmed(monkeypatch):
    seen = []

    def degraded(high, scale, rng):
        seen.append((high.shape, rng.integers(1 << 30)))
        return high[::scale, ::scale]

    monkeypatch.setattr(resolutions, "degraded", degraded)
    samples = resolved([drawn(160, 160)] * 30, degradation="realistic")
    for sample in [*epoch(samples), samples.still(0), samples.still(1), samples.still(0)]:
        assert torch.equal(sample.low, sample.high[:, ::4, ::4])
    assert (48, 48, 3) in {shape for shape, _ in seen}
    numbers = [number for _, number in seen]
    assert len({*numbers[:30]}) == 30  # each sample has its own chance
    assert numbers[30] == numbers[32] != numbers[31]  # a still always the same


def test_a_still_is_the_middle_and_stills_of_any_sizes_collate():
    pictures = [drawn(50, 41), drawn(40, 83, seed=1)]
    samples = resolved(pictures, still_side=40, flip=True, turns=True, inversion=True)
    [batch] = still(samples, batch_size=2)
    assert batch.low.shape == (2, 3, 10, 10) and batch.high.shape == (2, 3, 40, 40)
    expected = pictures[1][:40, 20:60]
    assert np.array_equal(Levels(channels=3).decode(batch.high[1]), expected)
    low = shrunk(pictures[1][:40, :80], 4)[:, 5:15]
    assert np.array_equal(Levels(channels=3).decode(batch.low[1]), low)


def test_what_is_hidden_is_filled_before_low_is_made_and_masked():
    picture = np.full((32, 32, 3), 100, np.uint8)
    picture[:, 16:] = 255
    mask = np.zeros((32, 32, 1), np.uint8)
    mask[:, :16] = 255
    sample = resolved([picture], masks=[mask], still_side=32).still(0)
    assert torch.equal(sample.mask[0], torch.from_numpy(mask[..., 0] > 0).float())
    assert torch.unique(sample.low).tolist() == pytest.approx([100 / 127.5 - 1])
    nodata = Levels(channels=3, nodata=255)
    sample = resolved([picture], encoding=nodata, still_side=32).still(0)
    assert torch.equal(sample.mask[0], torch.from_numpy(mask[..., 0] > 0).float())
    low = shrunk(np.full((32, 32, 3), 100, np.uint8), 4)
    low[:, 6:] = 255  # missing in the given low resolution alone, of which 4 is half
    sample = resolved([np.full((32, 32, 3), 100, np.uint8)], low=[low], encoding=nodata,
                      still_side=32).still(0)  # fmt: skip
    assert sample.mask[0, 0].tolist() == [1.0] * 24 + [0.0] * 8
    assert torch.unique(sample.low).tolist() == pytest.approx([100 / 127.5 - 1])


def test_weights_say_how_often_a_picture_is_drawn():
    pictures = Handed([drawn(16, 16, seed=i) for i in range(3)])
    pictures.weights = (0, 1, 2)
    assert sorted(sample.index for sample in epoch(resolved(pictures))) == [1, 2, 2]


def test_a_picture_is_read_once():
    class Counted(Handed):
        reads = 0

        def __getitem__(self, index):
            Counted.reads += 1
            return super().__getitem__(index)

    samples = resolved(Counted([drawn(40, 40, seed=i) for i in range(3)]), shrink=(0.8, 0.5))
    for number in range(5):
        epoch(samples, number)
    samples.still(0)
    assert Counted.reads == 3


def test_samples_are_collated_and_gray_is_read_in_the_channels_of_all():
    samples = resolved([drawn(20, 20, channels=1), drawn(20, 30)], shuffle=True)
    batch = next(iter(batches(samples, batch_size=2, seed=0)))
    assert batch.low.shape == (2, 3, 4, 4) and batch.high.shape == (2, 3, 16, 16)
    assert batch.mask is None and sorted(batch.stem) == ["s/0", "s/1"]


@pytest.mark.parametrize(("options", "said"), [
    ({"pictures": [drawn(40, 12)]}, "s/0: the picture is 12 x 40, and 16 x 16 are to be cut"),
    ({"pictures": [drawn(40, 40)], "low": [drawn(10, 9)]}, "s/0: the low .* 9 x 10 .* 40 x 40"),
    ({"pictures": [drawn(40, 40)], "low": []}, "0 and 1 pictures are not pairs"),
    ({"pictures": [drawn(40, 40)], "size": 18}, "18 pixels are no multiple of the scale 4"),
    ({"pictures": [drawn(40, 40)], "still_side": 30}, "30 pixels are no multiple of the scale 4"),
])  # fmt: skip
def test_what_does_not_fit_is_said_in_a_sentence(options, said):
    with pytest.raises(ValueError, match=said):
        resolved(**options).sample(Key(0, 0, 0))
