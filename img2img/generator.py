"""Generator: a trained network with all that is needed to use it on pictures."""

from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from img2img import images
from img2img.base import draws
from img2img.base.norms import use_image_statistics
from img2img.base.ranges import applied
from img2img.config import UsageError
from img2img.encodings.pil import from_pil, to_pil
from img2img.enlarging import enlarge, ensemble, of_image, through
from img2img.images import Levels, Picture, described

Scale = Literal["train", "native"] | float
LARGEST = 16  # factor of --scale


class Generator:
    """Called with a picture it returns its translation, of the same kind and size.

    A PIL image gives one, its alpha kept aside, an array (H, W, C) in the input's encoding one in
    the output's, and a tensor (N, C, H, W) in [-1, 1] a tensor; tensors are never resized. One that
    enlarges takes pictures of any kind, and gives them back `enlarges` times larger.
    """

    def __init__(
        self,
        network: nn.Module,
        metadata: dict[str, Any],
        *,
        device: torch.device | str = "cpu",
        scale: Scale | None = None,
        batch_norm: Literal["image", "running"] | None = None,
        dropout: bool = False,
        ensemble: bool = False,
    ) -> None:
        self.metadata = metadata
        self.input, self.output = described(metadata["input"]), described(metadata["output"])
        self.size, self.resize = int(metadata["size"]), str(metadata["resize"])
        as_trained: Scale = "native" if self.resize == "none" else "train"
        self.scale = as_trained if scale is None else scale
        check_scale(self.scale)
        self.batch_norm = batch_norm or metadata["batch_norm"]
        self.dropout, self.ensemble = dropout, ensemble
        self.enlarges = int(getattr(network, "scale", 1))
        self.device = torch.device(device)
        self.network = network.to(self.device).eval()
        draws.name_modules(network)
        use_image_statistics(network, self.batch_norm == "image")
        dropouts = [module for module in network.modules() if isinstance(module, draws.Dropout)]
        for module in dropouts:
            module.train(dropout)
        self.draws = any(module.probability for module in dropouts)

    def __call__(self, picture: Any, *, seed: int = 0, key: str = "") -> Any:
        """Translate. (seed, key) decides the dropout's noise, where it is on.

        Raises:
            ValueError: the picture has another kind, dtype or number of channels than the input.
        """
        if isinstance(picture, Image.Image):
            encoding = self.input if self.enlarges == 1 else of_image(picture)
            array, alpha = from_pil(picture, encoding)
            made = self.translate(array, seed, key)
            if alpha is not None:
                alpha = images.resize(alpha, made.shape[1], made.shape[0])
            return to_pil(made, alpha)
        if isinstance(picture, np.ndarray):
            return self.translate(picture, seed, key)
        if isinstance(picture, Tensor):
            if picture.ndim != 4 or not len(picture) or not picture.is_floating_point():
                kind = f"{picture.dtype} of {tuple(picture.shape)}"
                raise ValueError(f"cannot translate {kind}; give floats (N, C, H, W) in [-1, 1]")
            # one by one: noise and statistics do not depend on a picture's neighbours
            return torch.cat([self._values(one[None], seed, key) for one in picture])
        raise ValueError(
            f"cannot translate a {type(picture).__name__}; give a PIL image, an array (H, W, C) or"
            " a tensor (N, C, H, W)"
        )

    def _values(self, values: Tensor, seed: int, key: str) -> Tensor:
        if self.enlarges == 1:
            return self._run(values, seed, key)
        network = partial(self._run, seed=seed, key=key)
        return through(values.cpu().float(), self.input.planes, self.enlarges, network)

    def translate(self, picture: Picture, seed: int = 0, key: str = "") -> Picture:
        """A picture in the input's encoding to one in the output's, of the same size or enlarged.

        Where the input has no data the output has none either, if it can say so.
        """
        if picture.ndim != 3:
            raise ValueError(f"{picture.shape} is no picture's shape; give (H, W, C)")
        height, width = picture.shape[:2]
        if self.enlarges > 1:
            assert isinstance(self.input, Levels)
            network = partial(self._run, seed=seed, key=key)
            size = self._grown(width), self._grown(height)
            return enlarge(picture, self.input, self.enlarges, network, size)
        counts = self.input.visible(picture)
        filled, size = self.input.filled(picture, counts), self._seen_size(width, height)
        seen = self.input.encode(images.resize(filled, *size, nearest=self.input.nearest))
        values = self._run(torch.from_numpy(seen)[None], seed, key)
        made = np.moveaxis(values[0].float().cpu().numpy(), 0, 2)
        drawn = self.output.decode(np.moveaxis(images.resize(made, width, height), 2, 0))
        return self.output.hide(drawn, counts)

    def _grown(self, side: int) -> int:
        """A side's length once it is enlarged: by the network's factor, or by the one asked for."""
        factor = self.scale if isinstance(self.scale, float | int) else self.enlarges
        return max(1, round(side * factor))

    def _seen_size(self, width: int, height: int) -> tuple[int, int]:
        if isinstance(self.scale, float | int):
            factor = float(self.scale)
        elif self.scale == "native" or self.resize == "none":
            return width, height
        elif self.resize == "squash":
            return self.size, self.size
        else:
            factor = self.size / min(width, height)
        return max(1, round(width * factor)), max(1, round(height * factor))

    def _run(self, values: Tensor, seed: int, key: str) -> Tensor:
        """(1, C, H, W), padded by reflection to the network's multiple and cropped back."""
        channels = values.shape[1]
        if channels != self.input.planes:
            raise ValueError(
                f"the tensor has {channels} channels, but the network takes {self.input.planes}"
            )
        draws.begin(draws.Position(seed, 0, key))
        with torch.inference_mode():
            made = ensemble(self._padded, values) if self.ensemble else self._padded(values)
        if not made.isfinite().all():
            raise ValueError("the network's output is not finite; its weights are damaged")
        return made.clone()

    def _padded(self, values: Tensor) -> Tensor:
        height, width = (side * self.enlarges for side in values.shape[-2:])
        padded = pad(values, int(getattr(self.network, "multiple_of", 1)))
        return applied(self.network, padded.float().to(self.device))[..., :height, :width]


def check_scale(scale: object) -> None:
    """Raise UsageError unless it is one."""
    if scale in ("train", "native"):
        return
    if not isinstance(scale, float | int) or not 0 < scale <= LARGEST:
        raise UsageError(f"unknown scale {scale}; give train, native or a factor up to {LARGEST}")


def pad(values: Tensor, multiple: int) -> Tensor:
    """Reflect below and to the right, as often as it takes, up to multiples of `multiple`."""
    height, width = values.shape[-2:]
    least = max(multiple, 8)  # a reflection inside the network needs a few pixels
    rows, columns = (mirrored(side, -(-max(side, least) // multiple) * multiple)
                     for side in (height, width))  # fmt: skip
    return values[..., rows, :][..., columns]


def mirrored(side: int, wanted: int) -> Tensor:
    """Indices 0 .. side - 1, then back and forth, `wanted` of them."""
    period = max(2 * side - 2, 1)
    place = torch.arange(wanted) % period
    return torch.where(place < side, place, period - place)
