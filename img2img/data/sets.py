"""Sets of samples: pictures alone, in pairs, or of two domains that are not paired."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from img2img.data.keys import Key
from img2img.data.order import order, partner
from img2img.data.samples import Domains, Pair, Pictures, Single
from img2img.data.transforms import Recipe
from img2img.images import Encoding, Picture, UnreadableError, encode, to_channels


@dataclass(frozen=True)
class Singles:
    """Pictures of one domain, each once an epoch, or as often as its weight says."""

    x: Pictures
    recipe: Recipe
    encoding: Encoding

    def __len__(self) -> int:
        return len(self.x)

    def sample(self, key: Key) -> Single:
        """The next picture of the epoch's order, augmented."""
        i = int(order(key, len(self), self.x.weights)[key.position])
        with _naming(self.x.stem(i)):
            (x,) = self.recipe.augment(_read(self.x, i, self.encoding), key=key, together=False)
            return Single(_tensor(x, self.encoding), self.x.stem(i), i)

    def still(self, index: int) -> Single:
        """Picture `index` without chance."""
        with _naming(self.x.stem(index)):
            x = self.recipe.still(_read(self.x, index, self.encoding))
            return Single(_tensor(x, self.encoding), self.x.stem(index), index)


@dataclass(frozen=True)
class Pairs:
    """Scenes in both domains, x the input and y its target, each once an epoch, or by weight."""

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
        i = int(order(key, len(self), self.x.weights)[key.position])
        with _naming(self.x.stem(i)):
            both = self.recipe.augment(*_both(self, i, i), key=key, together=True)
            return Pair(*_tensors(both, self.encodings), self.x.stem(i), i)

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
        i = int(order(key, len(self), self.x.weights)[key.position]) % len(self.x)
        j = partner(key, len(self), len(self.y), self.y.weights)
        with _naming(self.x.stem(i), self.y.stem(j)):
            both = self.recipe.augment(*_both(self, i, j), key=key, together=False)
            return Domains(*_tensors(both, self.encodings), self.x.stem(i), i)

    def still(self, index: int) -> Domains:
        """Picture `index` of each domain, the smaller one begun again at its end."""
        i, j = index % len(self.x), index % len(self.y)
        with _naming(self.x.stem(i), self.y.stem(j)):
            both = tuple(map(self.recipe.still, _both(self, i, j)))
            return Domains(*_tensors(both, self.encodings), self.x.stem(i), i)


def _read(pictures: Pictures, index: int, encoding: Encoding) -> Picture:
    return to_channels(pictures[index], encoding.channels)  # before it is resized, as the papers


def _both(samples: Pairs | Unpaired, i: int, j: int) -> tuple[Picture, Picture]:
    x, y = samples.encodings
    return _read(samples.x, i, x), _read(samples.y, j, y)


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
