"""Observers by frozen networks: what they keep of pictures, and the facts of the protocol."""

from collections.abc import Callable, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from img2img import weights
from img2img.base.metrics.collection import Observer
from img2img.base.metrics.features import Features
from img2img.images import Picture, to_channels
from img2img.networks.features import extractor, network
from img2img.networks.features.resizing import IMAGENET, PROTOCOLS, Protocol

Resize = Literal["pytorch-fid", "clean", "torch-fidelity"]
Precision = Literal["float32", "bf16"]

DTYPES = {"float32": torch.float32, "bf16": torch.bfloat16}
LAYERS = {"inception-fid": "pool3", "efficientnet-lite0": "pooled"}
LOGITS = {"inception-fid": "logits_unbiased", "efficientnet-lite0": "logits"}


def features_observer(
    name: str = "inception-fid",
    layer: str | None = None,
    *,
    protocol: Resize = "pytorch-fid",
    precision: Precision = "float32",
    folder: Path | None = None,
    device: torch.device | str = "cpu",
) -> tuple[Observer, dict[str, str]]:
    """What a layer makes of uint8 pictures, gray or RGB of any size: Features, and their facts.

    Args:
        name: A feature network; pictures for others than the Inception are resized to 224.
        layer: None: what is pooled in the end. The mean over places is taken of all others.
        protocol: How pictures for the Inception are resized.
        precision: bf16 computes in bfloat16, pools in float32, and is faster where processors can.
        folder: Where the weights are looked for first.
        device: Where the network computes.

    Raises:
        ValueError: a choice is unknown, or the weights are missing.
    """
    layer = layer or LAYERS.get(name) or network(name, ["pool5"]).layers[-1].name
    return _observer(name, layer, protocol, precision, folder, device, _pooled)


def probabilities_observer(
    name: str | None = None,
    *,
    protocol: Resize = "pytorch-fid",
    precision: Precision = "float32",
    folder: Path | None = None,
    device: torch.device | str = "cpu",
) -> tuple[Observer, dict[str, str]]:
    """The probabilities of a classifier's classes, as Features: softmax of its logits.

    By the Inception's 1008 classes where its file holds the classifier and nothing else is named,
    else by the 1000 of EfficientNet-lite0.

    Raises:
        ValueError: a choice is unknown, it does not classify, or its weights are missing.
    """
    if name is None:
        name = "inception-fid" if _classifies("inception-fid", folder) else "efficientnet-lite0"
    _check_classifier(name, folder)
    return _observer(name, LOGITS[name], protocol, precision, folder, device, _softmax)


def probabilities(features: Features, name: str, folder: Path | None = None) -> Features:
    """What `probabilities_observer` keeps, of the features that the network `name` pooled last.

    So one pass through a network serves both.

    Raises:
        ValueError: it does not classify, its weights are missing, or features are of another layer.
    """
    _check_classifier(name, folder)
    [*_, pooling, head] = network(name, [LOGITS[name]]).layers
    classify, given = head.module, weights.load(name, folder)
    state = {own: given[f"{head.key}.{own}"] for own in classify.state_dict()}
    classify.load_state_dict(state, assign=True)
    if features.parts and features.rows.shape[1] != state["weight"].shape[1]:
        length = f"{state['weight'].shape[1]} numbers, not {features.rows.shape[1]}"
        raise ValueError(f"{name} classifies {length}; give features of its layer {pooling.name}")
    with torch.inference_mode():
        parts = [
            (first, _softmax(classify(torch.tensor(rows, dtype=torch.float32))).numpy())
            for first, rows in features.parts
        ]
    return Features(tuple(parts))


def _observer(
    name: str,
    layer: str,
    protocol: str,
    precision: str,
    folder: Path | None,
    device: torch.device | str,
    finish: Callable[[Tensor], Tensor],
) -> tuple[Observer, dict[str, str]]:
    chosen = _chosen(name, protocol)
    if precision not in DTYPES:
        raise ValueError(f"unknown precision {precision!r}; choose from {', '.join(DTYPES)}")
    extract = extractor(name, weights.load(name, folder), [layer], DTYPES[precision])
    # convolutions on CPUs are half as fast again with the channels last
    extract.to(device).to(memory_format=torch.channels_last)

    def prepare(picture: Picture) -> Tensor:
        return chosen.prepare(_bytes(picture))

    def observe(prepared: Sequence[Tensor], first: int) -> Features:
        with torch.inference_mode():
            values = torch.stack([*prepared]).to(device, memory_format=torch.channels_last)
            [found] = extract(values)
            return Features.of(finish(found).cpu().numpy(), first=first)

    facts = {
        "extractor": f"{name}:{layer}",
        "sha256": _sha256(weights.find(name, folder)),
        "resize": chosen.resize,
        "precision": precision,
        "range": chosen.range,
    }
    return Observer(prepare, observe), facts


def _chosen(name: str, protocol: str) -> Protocol:
    if protocol not in PROTOCOLS:
        raise ValueError(f"unknown protocol {protocol!r}; choose from {', '.join(PROTOCOLS)}")
    return PROTOCOLS[protocol] if name == "inception-fid" else IMAGENET


def _check_classifier(name: str, folder: Path | None) -> None:
    """Raises ValueError unless the network classifies and its file, if there is one, as well."""
    if name not in LOGITS:
        raise ValueError(f"{name!r} is no classifier; choose from {', '.join(LOGITS)}")
    if name == "inception-fid" and "fc.weight" not in weights.load(name, folder):
        raise ValueError(
            "the weights of inception-fid lack the classifier fc.weight, as those from packages do;"
            " get the official file, or take efficientnet-lite0"
        )


def _classifies(name: str, folder: Path | None) -> bool:
    """Whether the file is there and holds the classifier."""
    try:
        return "fc.weight" in weights.load(name, folder)
    except weights.MissingWeightsError:
        return False


def _pooled(found: Tensor) -> Tensor:
    return found if found.dim() == 2 else found.float().mean((2, 3))


def _softmax(found: Tensor) -> Tensor:
    """In float64, so that probabilities sum up to 1."""
    return found.double().softmax(dim=1)


def _bytes(picture: Picture) -> Any:
    """(H, W, 3) of uint8."""
    if picture.dtype != np.uint8 or picture.shape[2] not in (1, 3):
        kind = f"{picture.dtype} in {picture.shape[2]} channels"
        raise ValueError(f"features are of 8-bit gray or RGB pictures, not {kind}; convert them")
    return to_channels(picture, 3)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
