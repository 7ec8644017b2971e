"""What a mode shows and measures while it trains."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import l1_loss

from img2img.base.draws import seeded
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.pictures import measure
from img2img.base.metrics.span import Span
from img2img.images import Encoding, Picture, decode

Networks = Mapping[str, nn.Module]


class Column(NamedTuple):
    """A column of a sample sheet."""

    title: str
    values: Tensor
    """(N, C, H, W) in [-1, 1]."""
    domain: int
    """0: encoded as x, 1: as y."""


class View(NamedTuple):
    """Functions of the networks and a batch, called without gradients and in evaluation."""

    columns: Callable[[Networks, Any], list[Column]]
    """What a row of the sheet shows."""
    figures: Callable[[Networks, Any], dict[str, Mean]]
    """Validation: means over the batch's pictures, which add up."""
    judged: Callable[[Networks, Any, Any], Mapping[str, tuple[Tensor, Tensor]]]
    """(networks, batch, fakes) -> each discriminator's logits of the real and the fake pictures."""
    generators: Mapping[str, str]
    """Which networks draw, and the file each is kept in; `{}` and `{back}` are the directions."""
    chooses: bool = False
    """Whether validation can choose the best checkpoint."""


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


def pictures(values: Tensor, encoding: Encoding) -> list[Picture]:
    """(N, C, H, W) in [-1, 1] as pictures of the encoding's kind."""
    return [decode(picture, encoding) for picture in values.float().cpu().numpy()]


def pair_columns(networks: Networks, pair: Any) -> list[Column]:
    """Input, output and target."""
    return [
        Column("input", pair.x, 0),
        Column("output", networks["G"](pair.x), 1),
        Column("target", pair.y, 1),
    ]


def pair_figures(networks: Networks, pair: Any) -> dict[str, Mean]:
    """Output against target, as `evaluate` would measure them."""
    encoding = Encoding(channels=pair.y.shape[1])
    fakes, reals = (pictures(values, encoding) for values in (networks["G"](pair.x), pair.y))
    return measure(fakes, reals, Span(encoding.low, encoding.high))


def pair_judged(networks: Networks, pair: Any, fake: Any) -> Mapping[str, tuple[Tensor, Tensor]]:
    """D on the real and on the made pair."""
    D = networks["D"]
    return {"D": (D(torch.cat([pair.x, pair.y], 1)), D(torch.cat([pair.x, fake.y], 1)))}


def cycle_columns(networks: Networks, real: Any) -> list[Column]:
    """Both ways, and back again."""
    G, F = networks["G"], networks["F"]
    x, y = real.x, real.y
    there, here = G(x), F(y)
    return [
        Column("x", x, 0), Column("G(x)", there, 1), Column("F(G(x))", F(there), 0),
        Column("y", y, 1), Column("F(y)", here, 0), Column("G(F(y))", G(here), 1),
    ]  # fmt: skip


def cycle_figures(networks: Networks, real: Any) -> dict[str, Mean]:
    """Cycle and identity errors, mean absolute, of [0, 1]: health alone, since copying scores 0."""
    G, F = networks["G"], networks["F"]
    x, y = real.x, real.y
    errors = {"cycle_x": (F(G(x)), x), "cycle_y": (G(F(y)), y)}
    if x.shape[1] == y.shape[1]:
        errors |= {"identity_y": (G(y), y), "identity_x": (F(x), x)}
    return {
        name: Mean.of((l1_loss(made, to, reduction="none").flatten(1).mean(1) / 2).tolist())
        for name, (made, to) in errors.items()
    }


def cycle_judged(networks: Networks, real: Any, fake: Any) -> Mapping[str, tuple[Tensor, Tensor]]:
    """Each D on its domain."""
    D_X, D_Y = networks["D_X"], networks["D_Y"]
    return {"D_X": (D_X(real.x), D_X(fake.x)), "D_Y": (D_Y(real.y), D_Y(fake.y))}


def noise_columns(networks: Networks, batch: Any, columns: int = 8) -> list[Column]:
    """Pictures from the same noise at every look."""
    G = networks["G"]
    device, latent = batch.x.device, getattr(G, "latent", 0)
    z = torch.randn((columns, len(batch.x), latent), generator=seeded("sheet"))
    return [Column("G(z)", G(some.to(device)), 0) for some in z]


def noise_judged(networks: Networks, batch: Any, fake: Any) -> Mapping[str, tuple[Tensor, Tensor]]:
    """D on pictures and samples."""
    return {"D": (networks["D"](batch.x), networks["D"](fake.x))}


PAIRS = View(pair_columns, pair_figures, pair_judged, {"G": "generator.safetensors"}, chooses=True)
UNPAIRED = View(
    cycle_columns,
    cycle_figures,
    cycle_judged,
    {"G": "generator_{}.safetensors", "F": "generator_{back}.safetensors"},
)
NOISE = View(noise_columns, lambda *_: {}, noise_judged, {"G": "generator.safetensors"})
