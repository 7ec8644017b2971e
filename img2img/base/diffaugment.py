"""DiffAugment: D sees every picture, real and fake, augmented differentiably (Zhao et al. 2020).

L_D = E f_D(-D(T(x))) + E f_D(D(T(G(z)))),   L_G = E f_G(-D(T(G(z))))
"""

from collections.abc import Callable, Sequence
from typing import Literal

import torch
from torch import Tensor

from img2img.base.draws import uniform

Policy = Literal["color", "translation", "cutout"]
Augment = Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor | None]]
"""T: pictures (N, C, H, W) in [-1, 1], and perhaps their mask (N, 1, H, W), any number of channels.

Every call draws anew, for each picture apart. The mask goes where the picture goes, and is 0 where
nothing came from; colours and holes leave it as it is.
"""
SHIFT, CUT = 0.125, 0.5  # largest shift, and side of the hole, as shares of the picture's


def diff_augment(policy: Sequence[Policy]) -> Augment:
    """T of the given steps, in their order; of none, the identity.

    Raises:
        ValueError: a step that is none of color, translation and cutout.
    """
    for name in policy:
        if name not in STEPS:
            raise ValueError(f"unknown augmentation '{name}'; choose from {', '.join(STEPS)}")

    return composed(*(STEPS[name] for name in policy))


def composed(*augments: Augment) -> Augment:
    """One after the other; of none, the identity."""

    def augment(images: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor | None]:
        for each in augments:
            images, mask = each(images, mask)
        return images, mask

    return augment


def unchanged(images: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor | None]:
    """D sees what there is."""
    return images, mask


def color(images: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor | None]:
    """Brightness + U(-0.5, 0.5), then saturation * U(0, 2), then contrast * U(0.5, 1.5)."""
    brightness, saturation, contrast = (
        _drawn(images, name)[:, None, None, None].to(images.dtype)
        for name in ("brightness", "saturation", "contrast")
    )
    images = images + (brightness - 0.5)
    gray = images.mean(1, keepdim=True)
    images = gray + (images - gray) * (2 * saturation)
    mean = images.mean((1, 2, 3), keepdim=True)
    return mean + (images - mean) * (contrast + 0.5), mask


def translation(images: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor | None]:
    """Shifts by whole pixels, up to 1/8 of each side; 0 comes in from outside."""
    for dim, name in ((2, "down"), (3, "right")):
        most = int(images.shape[dim] * SHIFT + 0.5)
        by = _below(2 * most + 1, images, name) - most
        images = _shifted(images, by, dim)
        mask = None if mask is None else _shifted(mask, by, dim)
    return images, mask


def cutout(images: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor | None]:
    """A hole of 0, half as high and wide as the picture, that may reach beyond its edges."""
    inside = []
    for dim, name in ((2, "row"), (3, "column")):
        length = images.shape[dim]
        side = int(length * CUT + 0.5)
        first = _below(length + 1 - side % 2, images, name) - side // 2
        place = torch.arange(length, device=images.device) - first[:, None]
        inside.append((place >= 0) & (place < side))
    hole = inside[0][:, None, :, None] & inside[1][:, None, None, :]
    return images * ~hole, mask


STEPS: dict[str, Augment] = {"color": color, "translation": translation, "cutout": cutout}


def _drawn(images: Tensor, name: str) -> Tensor:
    """U[0, 1), (N,)."""
    return uniform(f"diffaugment.{name}", images.shape[:1], images.device)


def _below(count: int, images: Tensor, name: str) -> Tensor:
    """0 to count - 1, (N,)."""
    return (_drawn(images, name) * count).long()


def _shifted(x: Tensor, by: Tensor, dim: int) -> Tensor:
    """Each picture moved along `dim` by its own whole number of pixels."""
    length = x.shape[dim]
    source = torch.arange(length, device=x.device) - by[:, None]
    shape = [len(x), 1, 1, 1]
    shape[dim] = length
    inside = ((source >= 0) & (source < length)).reshape(shape)
    index = source.clamp(0, length - 1).reshape(shape).expand_as(x)
    return x.gather(dim, index) * inside
