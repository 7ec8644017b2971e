"""Sets of samples: pictures alone, in pairs, or of two domains that are not paired."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from img2img.data.keys import Key, Stream
from img2img.data.order import order, partner
from img2img.data.samples import Domains, Pair, Pictures, Single
from img2img.data.sides import Seen, Side, mask_tensor
from img2img.data.transforms import Layer, Recipe
from img2img.images import Encoding, Picture, UnreadableError


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
        i = int(order(key, len(self), self.x.weights)[key.position])
        with naming(self.x.stem(i)):
            layers = [Side(self.x, self.encoding).seen(i).picture]
            [x] = self.recipe.augment(layers, key=key)
            return self._single(_coloured(self.recipe, x, self.encoding, key), i)

    def still(self, index: int) -> Single:
        """Picture `index` without chance."""
        with naming(self.x.stem(index)):
            layer = Side(self.x, self.encoding).seen(index).picture
            return self._single(_still(self.recipe, layer), index)

    def _single(self, x: Picture, i: int) -> Single:
        return Single(Side(self.x, self.encoding).tensor(x), self.x.stem(i), i)


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
        """The next scene of the epoch's order, both pictures and their mask moved alike."""
        i = int(order(key, len(self), self.x.weights)[key.position])
        with naming(self.x.stem(i)):
            x, *rest = self.recipe.augment(self._layers(i), key=key)
            return self._pair([_coloured(self.recipe, x, self.encodings[0], key), *rest], i)

    def still(self, index: int) -> Pair:
        """Scene `index` without chance."""
        with naming(self.x.stem(index)):
            return self._pair([_still(self.recipe, it) for it in self._layers(index)], index)

    def _sides(self) -> tuple[Side, Side]:
        return Side(self.x, self.encodings[0]), Side(self.y, self.encodings[1])

    def _layers(self, i: int) -> list[Layer]:
        """x, y and, where anything is hidden, what counts of both; a mask hides y alone."""
        x, y = self._sides()
        seen = x.seen(i, masks=False), y.seen(i)
        masks = [mask.picture for _, mask in seen if mask is not None]
        both = [Layer(np.minimum.reduce(masks), nearest=True)] if masks else []
        return [*(it.picture for it in seen), *both]

    def _pair(self, made: list[Picture], i: int) -> Pair:
        x, y = (side.tensor(it) for side, it in zip(self._sides(), made[:2], strict=True))
        return Pair(x, y, self.x.stem(i), i, mask_tensor(made[2]) if made[2:] else None)


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
        with naming(self.x.stem(i), self.y.stem(j)):
            seen = self._seen(i, j)
            x = self.recipe.augment(_layers(seen[0]), key=key)
            y = self.recipe.augment(_layers(seen[1]), key=key, stream=Stream.MOVES_APART)
            x[0] = _coloured(self.recipe, x[0], self.encodings[0], key)
            return self._domains(x, y, i)

    def still(self, index: int) -> Domains:
        """Picture `index` of each domain, the smaller one begun again at its end."""
        i, j = index % len(self.x), index % len(self.y)
        with naming(self.x.stem(i), self.y.stem(j)):
            x, y = ([_still(self.recipe, it) for it in _layers(s)] for s in self._seen(i, j))
            return self._domains(x, y, i)

    def _seen(self, i: int, j: int) -> tuple[Seen, Seen]:
        x, y = self.encodings
        return Side(self.x, x).seen(i), Side(self.y, y).seen(j)

    def _domains(self, x: list[Picture], y: list[Picture], i: int) -> Domains:
        values = (Side(self.x, self.encodings[0]).tensor(x[0]),
                  Side(self.y, self.encodings[1]).tensor(y[0]))  # fmt: skip
        masks = (mask_tensor(made[1]) if made[1:] else None for made in (x, y))
        return Domains(*values, self.x.stem(i), i, *masks)


def _layers(seen: Seen) -> list[Layer]:
    return [layer for layer in seen if layer is not None]


def _still(recipe: Recipe, layer: Layer) -> Picture:
    return recipe.still(layer.picture, nearest=layer.nearest)


def _coloured(recipe: Recipe, x: Picture, encoding: Encoding, key: Key) -> Picture:
    """The input in other colours, where it has any: labels have none."""
    if encoding.kind == "labels":
        return x
    return recipe.coloured(x, key=key, low=np.array(encoding.low), high=np.array(encoding.high))


@contextmanager
def naming(*stems: str) -> Iterator[None]:
    """Puts the names of the pictures before what is wrong with them."""
    try:
        yield
    except UnreadableError:
        raise  # names its file already
    except ValueError as error:
        raise ValueError(f"{' and '.join(stems)}: {error}") from error
