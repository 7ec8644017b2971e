"""View: what a mode shows and measures while it trains."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from img2img.base.judgement import Judgement
from img2img.base.metrics.finished import Finished
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.span import Mask
from img2img.images import Encoding, Picture

Networks = Mapping[str, nn.Module]
Encodings = tuple[Encoding, Encoding]  # of the input and of the output
Figure = Mean | Finished
Figures = dict[str, Figure]


class Column(NamedTuple):
    """A column of a sample sheet."""

    title: str
    values: Tensor
    """(N, C, H, W) in [-1, 1]."""
    domain: int
    """0: encoded as x, 1: as y."""


class Outputs(NamedTuple):
    """What a generator makes of a batch, and what it should look like: (N, C, H, W) in [-1, 1]."""

    fakes: Tensor
    reals: Tensor
    """Of the domain that it draws."""
    inputs: Tensor | None = None
    """None: it draws from noise."""
    paired: bool = False
    """Whether each real picture is the target of the input in its place."""
    domain: int = 1
    """0: drawn as x, 1: as y; the input is of the other."""
    mask: Tensor | None = None
    """(N, 1, H, W) in [0, 1]: how much each pixel of the fakes counts; None where all do."""
    mask_reals: Tensor | None = None
    """Likewise of the real pictures."""

    def on_cpu(self) -> "Outputs":
        """The same where memory is not scarce."""
        inputs, mask, mask_reals = (
            None if it is None else it.cpu() for it in (self.inputs, self.mask, self.mask_reals)
        )
        there = self._replace(fakes=self.fakes.cpu(), reals=self.reals.cpu())
        return there._replace(inputs=inputs, mask=mask, mask_reals=mask_reals)


class View(NamedTuple):
    """Functions of the networks and a batch, called without gradients and in evaluation."""

    columns: Callable[[Networks, Any], list[Column]]
    """What a row of the sheet shows."""
    outputs: Callable[[Networks, Any, int], Mapping[str, Outputs]]
    """(networks, batch, number of its first picture) -> what each generator makes."""
    figures: Callable[[Networks, Any, Mapping[str, Outputs], Encodings, int], Figures]
    """Validation: (networks, batch, those outputs, encodings, that number) -> what adds up."""
    judged: Callable[[Networks, Any, Any], Mapping[str, tuple[Judgement, Judgement]]]
    """(networks, batch, fakes) -> what each discriminator says of the real and the fake pictures.
    """
    generators: Mapping[str, str]
    """Which networks draw, and the file each is kept in; `{}` and `{back}` are the directions."""
    chooses: Callable[[Encodings], tuple[str, ...]]
    """The figures that can choose the best checkpoint; unless one is asked for, the first does."""


@contextmanager
def evaluating(*networks: nn.Module) -> Iterator[None]:
    """Networks in evaluation and without gradients, then as they were."""
    before = [network.training for network in networks]
    for network in networks:
        network.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for network, training in zip(networks, before, strict=True):
            network.train(training)


def visible(mask: Tensor | None) -> list[Mask] | None:
    """(N, 1, H, W) as a mask for each picture."""
    return None if mask is None else [each[0] > 0 for each in mask.cpu().numpy()]


def pictures(values: Tensor, encoding: Encoding) -> list[Picture]:
    """(N, C, H, W) in [-1, 1] as pictures of the encoding's kind."""
    return [encoding.decode(picture) for picture in values.float().cpu().numpy()]
