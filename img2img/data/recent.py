"""Recent: pictures that were made lately, kept as long as they fit into a bound of memory."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from torch.utils.data import get_worker_info

from img2img.images import Picture

Layers = TypeVar("Layers", bound=tuple[Picture | None, ...])


class Recent:
    """The pictures made last; the one unused for longest goes first.

    They take `most` bytes, or where a loader has workers, `most` in all of these together.
    """

    def __init__(self, most: int) -> None:
        self.most, self.bytes = most, 0
        self._kept: OrderedDict[tuple[int, Hashable], tuple[object, Any]] = OrderedDict()

    def get(self, owner: object, key: Hashable, make: Callable[[], Layers]) -> Layers:
        """What `make` made of `owner` under this key before, or makes now; not to be written to."""
        place = id(owner), key
        if place in self._kept:
            self._kept.move_to_end(place)
            known: Layers = self._kept[place][1]
            return known
        layers = make()
        self._kept[place] = owner, layers  # an owner that is kept leaves its id to no other
        self.bytes += _size(layers)
        worker = get_worker_info()
        most = self.most // (worker.num_workers if worker else 1)
        while self.bytes > most:
            self.bytes -= _size(self._kept.popitem(last=False)[1][1])
        return layers


def _size(layers: tuple[Picture | None, ...]) -> int:
    return sum(layer.nbytes for layer in layers if layer is not None)


RECENT = Recent(1 << 30)  # of the whole process and its loader's workers
