"""Sets: two sets of pictures, fakes and reals, and what a figure of them is."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from img2img.base.metrics.birthday import Support, support
from img2img.base.metrics.clusters import Bins, binned
from img2img.base.metrics.collection import Collection
from img2img.base.metrics.manifold import Manifold, manifold
from img2img.base.metrics.moments import Moments


@dataclass(frozen=True, eq=False)
class Sets:
    """Two sets to compare, and the one that was trained on; what figures share is found once."""

    fake: Collection
    real: Collection
    train: Collection | None = None
    seed: int = 0

    def both(self, name: str) -> tuple[Any, Any]:
        """What is kept of the fakes and of the reals.

        Raises:
            ValueError: it is not kept of one of them.
        """
        for side, kept in (("fake", self.fake), ("real", self.real)):
            if name not in kept.states:
                raise ValueError(f"the {side} pictures' {name} are not known; give the pictures")
        return self.fake.states[name], self.real.states[name]

    @cached_property
    def moments(self) -> tuple[Moments, Moments]:
        """Of the features, or as they were kept without them."""
        known = self.real.states.get("moments")
        if known is None:
            fake, real = self.both("features")
            return Moments.of(fake.rows), Moments.of(real.rows)
        return Moments.of(self.fake.states["features"].rows), known

    @cached_property
    def manifold(self) -> Manifold:
        """K nearest neighbours of the features."""
        return manifold(*self.both("features"))

    @cached_property
    def bins(self) -> Bins:
        """Of the features."""
        return binned(*self.both("features"), seed=self.seed)

    @cached_property
    def size(self) -> Support:
        """How many different pictures the fakes' generator seems to make."""
        fake, real = self.both("features")
        return support(fake, real=real, seed=self.seed)


class SetMetric(NamedTuple):
    """A function that finishes two collections."""

    needs: tuple[str, ...]
    """What must be kept of the pictures of both."""
    finish: Callable[[Sets], Any]
    """The figure; of a NamedTuple it is the first field, and the others stand beside it."""
    definition: str
    rises: bool | None
    """Whether higher is better; None: neither."""
    seeded: bool = False
    """Whether it draws."""
    trained: bool = False
    """Whether it is of the training pictures too."""
