"""The batches of a run, from any step on; while a translation grows, small pictures first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from torch import Tensor
from torch.nn.functional import avg_pool2d

from img2img.data.loading import batches
from img2img.run.session import Session

Shrink = Callable[[Tensor, int], Tensor]


def feed(session: Session, first: int, *, workers: int = 0) -> Iterator[Any]:
    """What the run's steps from `first` on are played with."""
    config, runtime, growth = session.config, session.runtime, session.growth
    endless = batches(
        session.source.splits["train"], batch_size=config.batch_size, seed=config.seed,
        first_step=first, takes=growth.batch if growth else None,
        share=runtime.process, shares=runtime.processes, workers=workers,
    )  # fmt: skip
    doublings = config.growth.doublings
    if not doublings:
        return endless
    kinds = dict(zip("xy", (encoding.kind for encoding in session.source.encodings), strict=True))
    ways = {name: sampled for name, kind in kinds.items() if kind == "labels"}
    return (
        shrunk(batch, 2 ** halvings(doublings, step), ways)
        for step, batch in enumerate(endless, first)
    )


def halvings(doublings: Sequence[int], step: int) -> int:
    """How often the pictures of a step are still halved."""
    return sum(step < doubling for doubling in doublings)


def averaged(pictures: Tensor, factor: int) -> Tensor:
    """Means over squares of factor x factor pixels."""
    return avg_pool2d(pictures, factor)


def sampled(pictures: Tensor, factor: int) -> Tensor:
    """One pixel of each square, for classes have no mean."""
    return pictures[..., factor // 2 :: factor, factor // 2 :: factor]


def shrunk(batch: Any, factor: int, ways: Mapping[str, Shrink]) -> Any:
    """A batch whose pictures, and their masks, are `factor` times smaller."""
    if factor == 1:
        return batch
    smaller = {
        name: ways.get(name, averaged)(field, factor)
        for name, field in batch._asdict().items()
        if isinstance(field, Tensor) and field.ndim == 4
    }
    return batch._replace(**smaller)
