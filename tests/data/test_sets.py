import numpy as np
import pytest
import torch
from handed import Handed, halves

from img2img import images
from img2img.data.keys import Key
from img2img.data.sets import Pairs, Singles, Unpaired
from img2img.data.transforms import Recipe
from img2img.images import Labels, Levels, Picture, UnreadableError

RECIPE = Recipe(size=4, load=5)
GRAY, RGB = Levels(channels=1), Levels(channels=3)


class Shades:
    """`count` plain pictures, each of its index as a gray level."""

    def __init__(self, count: int, channels: int = 3, side: int = 6) -> None:
        self.shape, self.count = (side, side, channels), count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Picture:
        return np.full(self.shape, index, np.uint8)

    def stem(self, index: int) -> str:
        return f"s/{index}"

    masked = False
    weights: tuple[float, ...] = ()

    def mask(self, index: int) -> None: ...


def shade(values: torch.Tensor) -> int:
    return round((values.mean().item() + 1) * 127.5)


def epoch(samples, number=0, seed=0):
    return [samples.sample(Key(seed, number, position)) for position in range(len(samples))]


def test_an_epoch_of_pairs_shows_each_once_in_an_order_of_its_own():
    pairs = Pairs(Shades(9), Shades(9), RECIPE, (RGB, RGB))
    orders = [[sample.index for sample in epoch(pairs, number)] for number in range(3)]
    assert all(sorted(order) == list(range(9)) for order in orders)
    assert orders[0] != orders[1] != orders[2]
    assert [sample.index for sample in epoch(pairs, 0, seed=1)] != orders[0]
    for sample in epoch(pairs):
        assert shade(sample.x) == shade(sample.y) == sample.index
        assert sample.stem == f"s/{sample.index}"


def test_an_epoch_of_two_domains_is_the_larger_and_y_is_drawn():
    unpaired = Unpaired(Shades(4), Shades(10), RECIPE, (RGB, RGB))
    samples = epoch(unpaired)
    assert len(samples) == 10
    counts = np.bincount([shade(sample.x) for sample in samples])
    assert sorted(counts) == [2, 2, 3, 3]  # x in turn
    many = [s for number in range(60) for s in epoch(unpaired, number)]
    partners = np.bincount([shade(sample.y) for sample in many], minlength=10)
    assert partners.min() > 35  # 60 expected
    shades = np.array([(shade(s.x), shade(s.y)) for s in many], float)
    assert abs(np.corrcoef(shades.T)[0, 1]) < 0.15
    assert all(sample.index == shade(sample.x) for sample in samples)


def test_samples_have_the_channels_of_their_encodings():
    pairs = Pairs(Shades(2, channels=3), Shades(2, channels=1), RECIPE, (GRAY, RGB))
    for sample in (pairs.sample(Key(0, 0, 0)), pairs.still(0)):
        assert sample.x.shape == (1, 4, 4) and sample.y.shape == (3, 4, 4)
        assert sample.x.dtype == sample.y.dtype == torch.float32
    single = Singles(Shades(2), RECIPE, GRAY).sample(Key(0, 0, 0))
    assert single.x.shape == (1, 4, 4)


def test_colour_becomes_gray_before_it_is_resized():
    class Noise(Shades):
        def __getitem__(self, index: int) -> Picture:
            return np.random.default_rng(index).integers(0, 256, (20, 30, 3), np.uint8)

    recipe = Recipe(size=9, load=9, flip=False)
    gray = recipe.resized(images.to_channels(Noise(1)[0], 1))
    single = Singles(Noise(1), recipe, GRAY)
    for sample in (single.sample(Key(0, 0, 0)), single.still(0)):
        assert (sample.x.numpy() == GRAY.encode(gray)).all()


def test_stills_come_in_natural_order_and_begin_again():
    unpaired = Unpaired(Shades(2), Shades(3), RECIPE, (RGB, RGB))
    stills = [unpaired.still(index) for index in range(3)]
    assert [(shade(s.x), shade(s.y)) for s in stills] == [(0, 0), (1, 1), (0, 2)]
    assert [Singles(Shades(3), RECIPE, RGB).still(i).index for i in range(3)] == [0, 1, 2]
    assert Pairs(Shades(3), Shades(3), RECIPE, (RGB, RGB)).still(2).stem == "s/2"


def test_unequal_counts_are_no_pairs():
    with pytest.raises(ValueError, match="3 and 2 pictures are not pairs"):
        Pairs(Shades(3), Shades(2), RECIPE, (RGB, RGB))


def test_a_fault_names_its_picture():
    crop = Recipe(size=8, resize="none")
    with pytest.raises(ValueError, match=r"^s/0: the picture is 6 x 6 and the crop 8 x 8"):
        Singles(Shades(1), crop, RGB).sample(Key(0, 0, 0))
    with pytest.raises(ValueError, match=r"^s/0: the two are 6 x 6 and 9 x 9"):
        Pairs(Shades(1), Shades(1, side=9), RECIPE, (RGB, RGB)).sample(Key(0, 0, 0))

    class Broken(Shades):
        def __getitem__(self, index: int) -> Picture:
            raise UnreadableError("cannot read x.png: truncated")

    with pytest.raises(UnreadableError, match=r"^cannot read x\.png: truncated$"):
        Unpaired(Shades(1), Broken(1), RECIPE, (RGB, RGB)).still(0)


HOLED = Levels(channels=1, dtype="uint16", high=65535, nodata=0)


def deep(seed, *holes):
    """A picture of 16 bits without a 0, but for its holes."""
    picture = np.random.default_rng(seed).integers(1, 2**16, (12, 16, 1)).astype(np.uint16)
    for hole in holes:
        picture[hole] = 0
    return picture


X, Y = np.s_[:3], np.s_[9:]


@pytest.mark.parametrize("resize", ["none", "squash"])
def test_a_pair_counts_where_both_have_data_and_the_mask_shows_y(resize):
    size = 12 if resize == "none" else 16
    recipe = Recipe(size=size, load=size, resize=resize, flip=False)
    x, y = Handed([deep(0, X)], [halves(12, 16)]), Handed([deep(1, Y)], [halves(12, 16)])
    sample = Pairs(x, y, recipe, (HOLED, HOLED)).still(0)
    counts = np.zeros((12, 16), np.uint8)
    counts[3:9, :8] = 1
    whole = images.resize(counts[..., None], size, size, nearest=True) if resize != "none" else (
        counts[:, 2:14, None]
    )  # fmt: skip
    assert (sample.mask.numpy() == whole.transpose(2, 0, 1)).all()
    # of x the mask hides nothing: beside its own holes it is as it was
    plain = Pairs(Handed(x.pictures), Handed(y.pictures), recipe, (HOLED, HOLED)).still(0)
    assert torch.equal(sample.x, plain.x) and not torch.equal(sample.y, plain.y)


def test_where_nothing_can_be_hidden_there_is_no_mask():
    pair = Pairs(Shades(2), Shades(2), RECIPE, (RGB, RGB)).sample(Key(0, 0, 0))
    both = Unpaired(Shades(2), Shades(2), RECIPE, (RGB, RGB)).sample(Key(0, 0, 0))
    assert pair.mask is both.mask_x is both.mask_y is None
    x = Handed([noise_of(0)], [halves(8, 8)])
    one = Unpaired(x, Shades(2), RECIPE, (RGB, RGB)).sample(Key(0, 0, 0))
    assert one.mask_x is not None and one.mask_y is None


def noise_of(seed):
    return np.random.default_rng(seed).integers(0, 256, (8, 8, 3), np.uint8)


@pytest.mark.parametrize("kind", [Pairs, Unpaired])
@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(size=8, resize="none", turns=True, jitter=0.3, noise=0.1),
        Recipe(size=8, load=10, resize="squash"),
        Recipe(size=8, load=9, resize="keep", zoom=0.2, rotate=20, shear=5, elastic=2),
    ],
)
def test_no_bit_of_a_sample_depends_on_what_is_hidden(kind, recipe):
    shown = halves(12, 16) > 0

    def samples(x, y, masks):
        set_ = kind(Handed([x], masks and [None]), Handed([y], masks), recipe, (HOLED, HOLED))
        return [set_.sample(Key(0, epoch, 0)) for epoch in range(4)] + [set_.still(0)]

    y = deep(1)
    y[7, 3] = 0  # its own hole beside the mask's
    others = [np.where(shown, y, deep(2)), np.where(shown, y, 0).astype(np.uint16)]
    expected = samples(deep(0), y, [halves(12, 16)])
    for other in others:
        for one, two in zip(expected, samples(deep(0), other, [halves(12, 16)]), strict=True):
            assert all(torch.equal(a, b) for a, b in zip(one, two, strict=True)
                       if isinstance(a, torch.Tensor))  # fmt: skip
    seen = samples(deep(0), np.where(shown, deep(3), y).astype(np.uint16), [halves(12, 16)])
    assert any(not torch.equal(a.y, b.y) for a, b in zip(expected, seen, strict=True))


def test_masks_go_with_their_pictures():
    """Each pixel has a number of its own, by which it is known again wherever it is moved."""
    levels = Levels(channels=1, nodata=0)
    rng = np.random.default_rng(0)
    whole = np.arange(1, 193, dtype=np.uint8).reshape(12, 16, 1)
    holed = [np.where(rng.random(whole.shape) < 0.5, whole, 0).astype(np.uint8) for _ in range(4)]
    recipe = Recipe(size=8, resize="none", turns=True)

    def numbers(values, shown):
        return levels.decode(values.numpy())[..., 0][shown[0].numpy()]

    pairs = Pairs(Handed(holed), Handed([whole] * 4), recipe, (levels, GRAY))
    for sample in epoch(pairs) + [pairs.still(index) for index in range(4)]:
        there, shown = np.unique(holed[sample.index]), sample.mask > 0
        assert np.isin(numbers(sample.y, shown), there).all()
        assert not np.isin(numbers(sample.y, ~shown), there).any()
        assert np.array_equal(numbers(sample.x, shown), numbers(sample.y, shown))
    unpaired = Unpaired(Handed(holed), Handed(holed), recipe, (levels, levels))
    for sample in epoch(unpaired) + [unpaired.still(index) for index in range(4)]:
        there, shown = np.unique(holed[sample.index]), sample.mask_x > 0
        assert np.isin(numbers(sample.x, shown), there).all() and 0 < shown.sum() < 64
        assert 0 < (sample.mask_y > 0).sum() < 64


@pytest.mark.parametrize("palette", [None, ((9, 9, 9), (250, 0, 0), (0, 200, 90))])
def test_labels_are_one_hot_to_the_bit_after_any_augmentation(palette):
    labels = Labels(names=("a", "b", "c"), palette=palette)
    found = np.random.default_rng(0).integers(0, 3, (12, 16))
    picture = np.array(palette, np.uint8)[found] if palette else found[..., None].astype(np.uint8)
    recipe = Recipe(
        size=8, load=9, turns=True, zoom=0.3, rotate=30, shear=9, elastic=2, jitter=1, noise=1
    )
    pairs = Pairs(Handed([picture]), Handed([picture]), recipe, (labels, labels))
    for sample in [*(pairs.sample(Key(0, number, 0)) for number in range(6)), pairs.still(0)]:
        assert torch.equal(sample.x, sample.y)  # moved alike, and no colours jittered
        assert {*sample.x.unique().tolist()} == {-1, 1}
        assert torch.equal((sample.x > 0).sum(0), torch.ones(8, 8, dtype=torch.long))
