"""gather: the pictures of a set looked at once, for all that its figures need."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from img2img import images
from img2img.base.metrics.collection import Collection, Observer
from img2img.base.metrics.colour_shift import Colours
from img2img.base.metrics.features import Features
from img2img.base.metrics.grid import Grid
from img2img.base.metrics.histograms import Histograms
from img2img.base.metrics.identity import Identity, told
from img2img.base.metrics.patches import Patches
from img2img.base.metrics.span import Span, Unit
from img2img.base.metrics.spectrum import Spectrum
from img2img.base.metrics.stills import Stills
from img2img.collecting import collect
from img2img.images import Picture, to_channels
from img2img.material import Made
from img2img.observers import features_observer, probabilities, probabilities_observer
from img2img.perception import weights_told

THUMB = 32  # pixels: the side that densities of pixels are estimated at


class Look(NamedTuple):
    """How the pictures of sets are looked at."""

    span: Span
    """The pixels that count as 0 and 1."""
    dtype: str
    """Of the pictures, both fakes and reals."""
    protocol: Literal["pytorch-fid", "clean", "torch-fidelity"] = "pytorch-fid"
    precision: Literal["float32", "bf16"] = "float32"
    folder: Path | None = None
    """Where weights are looked for first."""
    device: str = "cpu"
    seed: int = 0


class Watch(NamedTuple):
    """An observer, and what a protocol says of it."""

    observer: Observer
    facts: Mapping[str, Any]
    derive: Callable[[Features], Any] | None = None
    """Makes the same of features of one network, where these are kept: it is not run twice."""


def watches(needs: Sequence[str], look: Look) -> dict[str, Watch]:
    """The observers of all that is needed, and of the set's identity.

    Raises:
        MissingWeightsError: those of a network are nowhere.
    """
    known = {**PLAIN, "features": _features, "probabilities": _probabilities, "stills": _stills}
    found = {need: known[need](look) for need in dict.fromkeys(needs)}
    return {"identity": Watch(Observer(told, lambda made, _: Identity.of(made)), {}), **found}


def gather(
    pictures: Sequence[Made],
    watched: Mapping[str, Watch],
    tell: Callable[[int], None] | None = None,
) -> Collection:
    """What those observers keep of the pictures, each read or made once; `tell` hears how many.

    Raises:
        ValueError: a picture cannot be read, or one observer cannot take it.
    """
    looks = {n: it.observer for n, it in watched.items() if n not in derived(watched)}
    return collect(pictures, looks, tell=tell)


def derived(watched: Mapping[str, Watch]) -> dict[str, Callable[[Features], Any]]:
    """How to make what need not be observed, since the features tell it."""
    if "features" not in watched:
        return {}
    return {name: it.derive for name, it in watched.items() if it.derive is not None}


def unit(look: Look, picture: Picture) -> Unit:
    """(H, W, C) scaled to [0, 1]; gray is repeated to RGB.

    Raises:
        ValueError: it is of another dtype than the range is for, or holds what is no number.
    """
    if picture.dtype.name != look.dtype:
        raise ValueError(f"{picture.dtype} and {look.dtype} have no range in common; convert one")
    if picture.dtype.kind == "f" and not (finite := np.isfinite(picture)).all():
        count = f"{finite.size - finite.sum()} of {finite.size} values"
        raise ValueError(f"{count} are not finite numbers, and sets are of whole pictures")
    seen = to_channels(picture, 3) if picture.shape[2] == 1 else picture
    return look.span.unit(seen)


def eight_bit(look: Look, picture: Picture) -> NDArray[np.uint8]:
    """(H, W, C) as networks see it: 8 bit, what lies beyond the range clipped.

    Raises:
        ValueError: as `unit`.
    """
    if picture.dtype == np.uint8 and look.dtype == "uint8" and tuple(look.span) == (0, 255):
        return picture
    return np.rint(np.clip(unit(look, picture), 0, 1) * 255).astype(np.uint8)


def spread(span: Span) -> list[Any]:
    """A range as JSON has it."""
    return [np.asarray(end).tolist() for end in span]


def _features(look: Look) -> Watch:
    observer, facts = features_observer(**_network(look))
    return _eight(look, observer, facts)


def _probabilities(look: Look) -> Watch:
    observer, facts = probabilities_observer(**_network(look))
    told = {"classifier": facts["extractor"], "classifier_sha256": facts["sha256"]}
    told |= {"classifier_resize": facts["resize"], "precision": facts["precision"]}
    name, _, _ = facts["extractor"].partition(":")
    same = name == "inception-fid"  # the network of the features
    derive = partial(probabilities, name=name, folder=look.folder) if same else None
    return _eight(look, observer, told)._replace(derive=derive)


def _network(look: Look) -> dict[str, Any]:
    return {
        "protocol": look.protocol, "precision": look.precision, "folder": look.folder,
        "device": look.device,
    }  # fmt: skip


def _eight(look: Look, observer: Observer, facts: Mapping[str, Any]) -> Watch:
    """An observer of 8 bit, made one of any depth."""
    return Watch(
        observer._replace(prepare=lambda it: observer.prepare(eight_bit(look, it))),
        {"name": look.protocol, **facts, "range": spread(look.span)},  # not the network's own
    )


def _stills(look: Look) -> Watch:
    """For LPIPS, whose weights must be there before anything is looked at."""
    files = weights_told(look.folder, "alexnet", "lpips-alex")
    return Watch(Observer(partial(eight_bit, look), Stills.of), {"lpips": files})


def _scaled(observe: Callable[[Sequence[Unit], int], Any]) -> Callable[[Look], Watch]:
    """An observer of pictures scaled to [0, 1]."""
    return lambda look: Watch(Observer(partial(unit, look), observe), {})


def _patches(look: Look) -> Watch:
    return _scaled(partial(_cut, look.seed))(look)


def _cut(seed: int, units: Sequence[Unit], first: int) -> Patches:
    cut = [
        Patches.of(torch.from_numpy(it * 2 - 1).permute(2, 0, 1)[None], seed=seed, first=first + i)
        for i, it in enumerate(units)
    ]
    return sum(cut[1:], cut[0])


def _pixels(units: Sequence[Unit], first: int) -> Features:
    small = [images.resize(it.astype(np.float32), THUMB, THUMB) for it in units]
    return Features.of(np.stack(small).reshape(len(small), -1), first=first)


PLAIN: dict[str, Callable[[Look], Watch]] = {
    "patches": _patches,
    "pixels": _scaled(_pixels),
    "spectrum": _scaled(lambda units, _: Spectrum.of(units)),
    "histograms": _scaled(lambda units, _: Histograms.of(units)),
    "colours": _scaled(lambda units, _: Colours.of(units)),
    "grid": _scaled(lambda units, _: Grid.of(units)),
}
