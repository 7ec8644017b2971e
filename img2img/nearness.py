"""Nearness: the pictures that lie nearest to each fake, by features."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from img2img.base.metrics.neighbours import Nearest, nearest
from img2img.base.metrics.sets import Sets
from img2img.material import Ensembles, Made
from img2img.page import Figure, Neighbour
from img2img.page.parts import Shown

COUNT = 3  # pictures


class Near(NamedTuple):
    """The nearest pictures of each fake."""

    kind: str
    """Of them: real or training."""
    found: Nearest | None = None
    pictures: Sequence[Made] = ()
    names: Sequence[str] = ()

    def of(self, index: int, show: Callable[[Made], Shown]) -> list[Neighbour]:
        """Those of a fake, the nearest first."""
        if self.found is None:
            return []
        there = zip(self.found.distances[index], self.found.indices[index], strict=True)
        return [
            Neighbour(
                self.names[place] if self.names else f"{place}",
                float(distance),
                show(self.pictures[place]),
            )
            for distance, place in there
        ]

    def figure(self, index: int) -> dict[str, float]:
        """How far the nearest is from a fake."""
        if self.found is None:
            return {}
        return {f"nearest-{self.kind}": float(self.found.distances[index, 0])}

    @property
    def summary(self) -> list[Figure]:
        """The mean of that: small, and fakes are like real pictures, or copies of training ones."""
        if self.found is None:
            return []
        told = {"definition": f"distance of features to the nearest {self.kind} picture; mean"}
        mean = float(self.found.distances[:, 0].mean())
        rises = self.kind == "training"  # the nearest to a training picture may be a copy
        return [Figure(f"nearest-{self.kind}", mean, rises, None, told)]


def near(sets: Sets | None, given: Ensembles | None) -> Near:
    """The nearest training pictures, or where they are not known the nearest real ones.

    Without features, or the pictures, there are none.
    """
    if sets is None or given is None or "features" not in sets.fake.states:
        return Near("real")
    kind, kept, others, names = "real", sets.real, given.reals, given.real_names
    if sets.train is not None and given.train is not None:
        kind, kept, others, names = "training", sets.train, given.train, given.train_names
    if isinstance(others, Path) or "features" not in kept.states:
        return Near("real")
    found = nearest(
        sets.fake.states["features"].rows, kept.states["features"].rows, min(COUNT, kept.count)
    )
    return Near(kind, found, others, names)
