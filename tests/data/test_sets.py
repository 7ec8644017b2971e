import numpy as np
import pytest
import torch

from img2img import images
from img2img.data.keys import Key
from img2img.data.sets import Pairs, Singles, Unpaired
from img2img.data.transforms import Recipe
from img2img.images import Levels, Picture, UnreadableError

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
