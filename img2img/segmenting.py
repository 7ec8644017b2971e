"""Segmenting: what tells the classes of photos, a function or a network in an ONNX file."""

from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from json import JSONDecodeError, loads
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.classes import Segmenter
from img2img.images import Picture, to_channels

Session = Any  # onnxruntime.InferenceSession, which has no types
Labelling = Callable[[Picture], NDArray[np.integer]]  # (H, W, 3) uint8 to labels (H, W)


def segmenter(source: str | Path | Labelling) -> Segmenter:
    """The segmenter in an ONNX file, or that which a function of pictures (H, W, 3) uint8 is.

    The file takes one picture, float32 (1, 3, H, W) on [0, 1], less `mean` and over `std` where its
    metadata hold those keys as JSON, such as [0.485, 0.456, 0.406]; it gives logits (1, K, h, w) or
    labels (1, h, w), which are enlarged to H x W by the nearest pixel.

    Raises:
        ValueError: there is no such file, it is no segmenter, or onnxruntime is not installed; and,
            when a picture is labelled, it is not of 8 bit, or does not get a label for each pixel.
    """
    if callable(source):
        name = getattr(source, "__name__", type(source).__name__)
        return Segmenter(partial(_labelled, source), f"the function {name}")
    path = Path(source)
    session = _opened(path)
    shape = session.get_outputs()[0].shape
    count = shape[1] if len(shape) == 4 and isinstance(shape[1], int) else None
    told = session.get_modelmeta().custom_metadata_map
    mean, std = (_channels(path, told, key, usual) for key, usual in (("mean", 0.0), ("std", 1.0)))
    digest = sha256(path.read_bytes()).hexdigest()
    label = partial(_labelled, partial(_run, session, mean, std))
    return Segmenter(label, f"{path.name} (SHA-256 {digest})", count)


def _opened(path: Path) -> Session:
    if not path.is_file():
        raise ValueError(f"there is no segmenter {path}; give an ONNX file")
    try:
        from onnxruntime import InferenceSession  # type: ignore[import-untyped]
    except ImportError as error:
        raise ValueError(
            f"{path} needs onnxruntime; install img2img[onnx], or pip install onnxruntime"
        ) from error
    try:
        session = InferenceSession(path, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own have no common type
        reason = str(error).splitlines()[0]
        raise ValueError(f"{path} cannot be read as ONNX ({reason}); export it anew") from error
    takes = [(given.type, len(given.shape)) for given in session.get_inputs()]
    ranks = [len(output.shape) for output in session.get_outputs()]
    if takes != [("tensor(float)", 4)] or ranks[0] not in (3, 4):
        raise ValueError(
            f"{path} is no segmenter: it takes {takes} and gives ranks {ranks}, not one float32"
            " (N, 3, H, W), and logits (N, K, H, W) or labels (N, H, W)"
        )
    return session


def _channels(
    path: Path, metadata: Mapping[str, str], key: str, usual: float
) -> NDArray[np.float32]:
    """One number for each channel, (3, 1, 1)."""
    text = metadata.get(key, str(usual))
    try:
        return np.broadcast_to(np.array(loads(text), np.float32), (3,)).reshape(3, 1, 1)
    except (JSONDecodeError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} says {key} {text!r}; write three numbers as JSON, [0.5, 0.5, 0.5]"
        ) from error


def _run(
    session: Session,
    mean: NDArray[np.float32],
    std: NDArray[np.float32],
    picture: Picture,
) -> NDArray[Any]:
    """The labels of a picture as the network makes them, of its own size (h, w)."""
    values = picture.transpose(2, 0, 1).astype(np.float32) / 255
    values = np.ascontiguousarray((values - mean) / std)
    try:
        output = np.asarray(session.run(None, {session.get_inputs()[0].name: values[None]})[0])[0]
    except Exception as error:  # onnxruntime's own have no common type
        height, width = picture.shape[:2]
        raise ValueError(
            f"the segmenter does not take {width} x {height} pixels"
            f" ({str(error).splitlines()[0]}); export it for pictures of any size"
        ) from error
    return _nearest(output.argmax(0) if output.ndim == 3 else output, picture.shape[:2])


def _labelled(labelling: Labelling, picture: Picture) -> NDArray[np.int64]:
    if picture.dtype != np.uint8 or picture.shape[2] not in (1, 3):
        kind = f"{picture.dtype} in {picture.shape[2]} channels"
        raise ValueError(f"segmenters are for uint8, gray or RGB, not {kind}; convert the picture")
    labels = np.asarray(labelling(to_channels(picture, 3)))
    if labels.shape != picture.shape[:2]:
        size = picture.shape[:2]
        raise ValueError(f"the segmenter gives {labels.shape}, not a label for each of {size}")
    return labels.astype(np.int64)


def _nearest(labels: NDArray[Any], size: tuple[int, ...]) -> NDArray[Any]:
    """(h, w) to (H, W): of each pixel the one that its centre lies in."""
    rows, columns = (
        ((np.arange(wanted) + 0.5) * found / wanted).astype(int)
        for wanted, found in zip(size, labels.shape, strict=True)
    )
    enlarged: NDArray[Any] = labels[rows[:, None], columns]
    return enlarged
