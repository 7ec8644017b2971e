"""Sets of samples: pictures alone, in pairs, or of two domains that are not paired."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from img2img.data.keys import Key, Stream, draws
from img2img.data.samples import Domains, Pair, Pictures, Single
from img2img.data.transforms import Layer, Recipe
from img2img.images import Encoding, Picture, UnreadableError, encode, to_channels


@dataclass(frozen=True)
class Singles:
    """Pictures of one domain, each once an epoch."""

    x: Pictures
    recipe: Recipe
    encoding: Encoding

    def __len__(self) -> int:
        return len(self.x)

    def sample(self, key: Key) -> Single:
        """The next picture of the epoch's order, augmented."""
        i = int(_order(key, len(self))[key.position])
        with _naming(self.x.stem(i)):
            [x] = self.recipe.augment([Layer(_read(self.x, i, self.encoding))], key=key)
            x = _coloured(x, self.recipe, self.encoding, key)
            return Single(_tensor(x, self.encoding), self.x.stem(i), i)

    def still(self, index: int) -> Single:
        """Picture `index` without chance."""
        with _naming(self.x.stem(index)):
            x = self.recipe.still(_read(self.x, index, self.encoding))
            return Single(_tensor(x, self.encoding), self.x.stem(index), index)


@dataclass(frozen=True)
class Pairs:
    """Scenes in both domains, x the input and y its target, each once an epoch."""

    x: Pictures
    y: Pictures
    recipe: Recipe
    encodings: tuple[Encoding, Encoding]

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y):
            raise ValueError(f"{len(self.x)} and {len(self.y)} pictures are not pairs")

    def __len__(self) -> int:
        return len(self.x)

    def sample(self, key: Key) -> Pair:
        """The next scene of the epoch's order, both pictures moved alike."""
        i = int(_order(key, len(self))[key.position])
        with _naming(self.x.stem(i)):
            x, y = self.recipe.augment([*map(Layer, _both(self, i, i))], key=key)
            x = _coloured(x, self.recipe, self.encodings[0], key)
            return Pair(*_tensors((x, y), self.encodings), self.x.stem(i), i)

    def still(self, index: int) -> Pair:
        """Scene `index` without chance."""
        with _naming(self.x.stem(index)):
            both = tuple(map(self.recipe.still, _both(self, index, index)))
            return Pair(*_tensors(both, self.encodings), self.x.stem(index), index)


@dataclass(frozen=True)
class Unpaired:
    """max(|A|, |B|) samples an epoch: x in a shuffled order, y drawn at random beside it."""

    x: Pictures
    y: Pictures
    recipe: Recipe
    encodings: tuple[Encoding, Encoding]

    def __len__(self) -> int:
        return max(len(self.x), len(self.y))

    def sample(self, key: Key) -> Domains:
        """The next x of the epoch's order and any y, each moved by itself."""
        i = int(_order(key, len(self))[key.position]) % len(self.x)
        j = int(np.random.default_rng(draws(key, Stream.PARTNER)).integers(len(self.y)))
        with _naming(self.x.stem(i), self.y.stem(j)):
            x, y = _both(self, i, j)
            [x] = self.recipe.augment([Layer(x)], key=key)
            [y] = self.recipe.augment([Layer(y)], key=key, stream=Stream.MOVES_APART)
            x = _coloured(x, self.recipe, self.encodings[0], key)
            return Domains(*_tensors((x, y), self.encodings), self.x.stem(i), i)

    def still(self, index: int) -> Domains:
        """Picture `index` of each domain, the smaller one begun again at its end."""
        i, j = index % len(self.x), index % len(self.y)
        with _naming(self.x.stem(i), self.y.stem(j)):
            both = tuple(map(self.recipe.still, _both(self, i, j)))
            return Domains(*_tensors(both, self.encodings), self.x.stem(i), i)


def _order(key: Key, length: int) -> NDArray[np.int64]:
    return _permutation(Key(key.seed, key.epoch, 0), length)


@lru_cache(maxsize=4)
def _permutation(epoch: Key, length: int) -> NDArray[np.int64]:
    return np.random.default_rng(draws(epoch, Stream.ORDER)).permutation(length)


def _read(pictures: Pictures, index: int, encoding: Encoding) -> Picture:
    return to_channels(pictures[index], encoding.channels)  # before it is resized, as the papers


def _both(samples: Pairs | Unpaired, i: int, j: int) -> tuple[Picture, Picture]:
    x, y = samples.encodings
    return _read(samples.x, i, x), _read(samples.y, j, y)


def _coloured(x: Picture, recipe: Recipe, encoding: Encoding, key: Key) -> Picture:
    return recipe.coloured(x, key=key, low=encoding.low, high=encoding.high)


def _tensor(picture: Picture, encoding: Encoding) -> Tensor:
    return torch.from_numpy(encode(picture, encoding))


def _tensors(
    both: tuple[Picture, ...], encodings: tuple[Encoding, Encoding]
) -> tuple[Tensor, Tensor]:
    return _tensor(both[0], encodings[0]), _tensor(both[1], encodings[1])


@contextmanager
def _naming(*stems: str) -> Iterator[None]:
    """Puts the names of the pictures before what is wrong with them."""
    try:
        yield
    except UnreadableError:
        raise  # names its file already
    except ValueError as error:
        raise ValueError(f"{' and '.join(stems)}: {error}") from error
