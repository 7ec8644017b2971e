"""What a mode shows and measures while it trains."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial, reduce
from operator import add
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from img2img.base.draws import seeded
from img2img.base.metrics.confusion import Confusion, accuracy, mean_iou
from img2img.base.metrics.finished import Finished
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.patches import Patches
from img2img.base.metrics.pictures import measure
from img2img.base.metrics.span import Mask, Span
from img2img.base.metrics.wasserstein import sliced_wasserstein
from img2img.images import Encoding, Labels, Picture

Networks = Mapping[str, nn.Module]
Encodings = tuple[Encoding, Encoding]  # of the input and of the output
Figure = Mean | Finished
Figures = dict[str, Figure]
PICTURE_FIGURES, LABEL_FIGURES = ("l1", "psnr", "ssim"), ("iou", "accuracy")


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


class View(NamedTuple):
    """Functions of the networks and a batch, called without gradients and in evaluation."""

    columns: Callable[[Networks, Any], list[Column]]
    """What a row of the sheet shows."""
    outputs: Callable[[Networks, Any, int], Mapping[str, Outputs]]
    """(networks, batch, number of its first picture) -> what each generator makes."""
    figures: Callable[[Networks, Any, Mapping[str, Outputs], Encodings, int], Figures]
    """Validation: (networks, batch, those outputs, encodings, that number) -> what adds up."""
    judged: Callable[[Networks, Any, Any], Mapping[str, tuple[Tensor, Tensor]]]
    """(networks, batch, fakes) -> each discriminator's logits of the real and the fake pictures."""
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


def pictures(values: Tensor, encoding: Encoding) -> list[Picture]:
    """(N, C, H, W) in [-1, 1] as pictures of the encoding's kind."""
    return [encoding.decode(picture) for picture in values.float().cpu().numpy()]


def visible(mask: Tensor | None) -> list[Mask] | None:
    """(N, 1, H, W) as a mask for each picture."""
    return None if mask is None else [each[0] > 0 for each in mask.cpu().numpy()]


def pair_columns(networks: Networks, pair: Any) -> list[Column]:
    """Input, output and target."""
    return [
        Column("input", pair.x, 0),
        Column("output", networks["G"](pair.x), 1),
        Column("target", pair.y, 1),
    ]


def pair_outputs(networks: Networks, pair: Any, _: int) -> Mapping[str, Outputs]:
    """Against their targets; a mask hides the same of both."""
    made = networks["G"](pair.x)
    return {"G": Outputs(made, pair.y, pair.x, paired=True, mask=pair.mask, mask_reals=pair.mask)}


def pair_figures(
    _: Networks, pair: Any, outputs: Mapping[str, Outputs], encodings: Encodings, __: int
) -> Figures:
    """Output against target, as `evaluate` would measure them."""
    encoding, masks = encodings[1], visible(pair.mask)
    made, real = (pictures(values, encoding) for values in (outputs["G"].fakes, pair.y))
    if isinstance(encoding, Labels):
        return label_figures(made, real, encoding, masks)
    return {**measure(made, real, Span(encoding.low, encoding.high), masks)}


def label_figures(
    made: list[Picture], real: list[Picture], encoding: Labels, masks: list[Mask] | None
) -> Figures:
    """How many pixels are of the right class, and how well the classes' areas agree."""
    classes = [[encoding.classes(it) for it in side] for side in (made, real)]
    states = [
        Confusion.of(fake, true, encoding.planes, masks[i] if masks else None)
        for i, (fake, true) in enumerate(zip(*classes, strict=True))
    ]
    total = (reduce(add, states),)
    areas = partial(mean_iou, ignore=encoding.ignore)
    return {"accuracy": Finished(total, accuracy), "iou": Finished(total, areas)}


def pair_judged(networks: Networks, pair: Any, fake: Any) -> Mapping[str, tuple[Tensor, Tensor]]:
    """D on the real and on the made pair."""
    D, mask = networks["D"], 1 if pair.mask is None else pair.mask
    return {
        "D": (D(torch.cat([pair.x, pair.y * mask], 1)), D(torch.cat([pair.x, fake.y * mask], 1)))
    }


def cycle_columns(networks: Networks, real: Any) -> list[Column]:
    """Both ways, and back again."""
    G, F = networks["G"], networks["F"]
    x, y = real.x, real.y
    there, here = G(x), F(y)
    return [
        Column("x", x, 0), Column("G(x)", there, 1), Column("F(G(x))", F(there), 0),
        Column("y", y, 1), Column("F(y)", here, 0), Column("G(F(y))", G(here), 1),
    ]  # fmt: skip


def cycle_outputs(networks: Networks, real: Any, _: int) -> Mapping[str, Outputs]:
    """Both ways; a translation's hidden pixels are its source's."""
    x, y, masks = real.x, real.y, (real.mask_x, real.mask_y)
    there, here = networks["G"](x), networks["F"](y)
    return {
        "G": Outputs(there, y, x, mask=masks[0], mask_reals=masks[1]),
        "F": Outputs(here, x, y, domain=0, mask=masks[1], mask_reals=masks[0]),
    }


def cycle_figures(
    networks: Networks,
    real: Any,
    outputs: Mapping[str, Outputs],
    encodings: Encodings,
    first: int,
) -> Figures:
    """Cycle and identity errors, mean absolute, of [0, 1]; and how far the outputs look from real.

    The errors are health alone, since copying scores 0; the distance is not: a copy of x looks
    like no y.
    """
    G, F = networks["G"], networks["F"]
    x, y = real.x, real.y
    there, here = outputs["G"].fakes, outputs["F"].fakes
    errors = {"cycle_x": (F(there), x, real.mask_x), "cycle_y": (G(here), y, real.mask_y)}
    if (encodings[0].kind, x.shape[1]) == (encodings[1].kind, y.shape[1]):
        errors |= {"identity_y": (G(y), y, real.mask_y), "identity_x": (F(x), x, real.mask_x)}
    figures: dict[str, Figure] = {
        name: Mean.of((over_each((made - to).abs(), mask) / 2).tolist())
        for name, (made, to, mask) in errors.items()
    }
    sides = [
        side
        for it in (outputs["G"], outputs["F"])
        for side in ((it.fakes, it.mask), (it.reals, it.mask_reals))
    ]
    patches = tuple(Patches.of(side, first=first, mask=mask) for side, mask in sides)
    return figures | {"swd": Finished(patches, likeness)}


def likeness(fake_y: Patches, y: Patches, fake_x: Patches, x: Patches) -> float:
    """How far G(x) looks from y, plus F(y) from x."""
    return sliced_wasserstein(fake_y, y) + sliced_wasserstein(fake_x, x)


def over_each(errors: Tensor, mask: Tensor | None) -> Tensor:
    """Each picture's mean over the pixels that count, (N,)."""
    weights = torch.ones_like(errors) if mask is None else mask.expand_as(errors)
    return (errors * weights).flatten(1).sum(1) / weights.flatten(1).sum(1).clamp_min(1)


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


def noise_outputs(networks: Networks, batch: Any, first: int) -> Mapping[str, Outputs]:
    """As many as there are pictures, from noise that is the same at every look."""
    G, x = networks["G"], batch.x
    z = torch.randn((len(x), getattr(G, "latent", 0)), generator=seeded("outputs", first))
    return {"G": Outputs(G(z.to(x.device)), x, domain=0)}


def noise_judged(networks: Networks, batch: Any, fake: Any) -> Mapping[str, tuple[Tensor, Tensor]]:
    """D on pictures and samples."""
    return {"D": (networks["D"](batch.x), networks["D"](fake.x))}


PAIRS = View(
    pair_columns,
    pair_outputs,
    pair_figures,
    pair_judged,
    {"G": "generator.safetensors"},
    lambda encodings: LABEL_FIGURES if encodings[1].kind == "labels" else PICTURE_FIGURES,
)
UNPAIRED = View(
    cycle_columns,
    cycle_outputs,
    cycle_figures,
    cycle_judged,
    {"G": "generator_{}.safetensors", "F": "generator_{back}.safetensors"},
    lambda _: ("swd",),
)
NOISE = View(
    noise_columns,
    noise_outputs,
    lambda *_: {},
    noise_judged,
    {"G": "generator.safetensors"},
    lambda _: (),
)
