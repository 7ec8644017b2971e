"""Instance noise: D sees everything, real and made, through noise that fades (Sonderby 2017).

Both distributions then overlap, so that D cannot be sure (Arjovsky and Bottou 2017, section 3).
"""

from torch import Tensor

from img2img.base import draws
from img2img.base.diffaugment import Augment, unchanged
from img2img.base.judgement import shown


def instance_noise(std: float, steps: int) -> Augment:
    """T(x) = x + std * max(0, 1 - step / steps) * N(0, 1); hidden pixels stay as they are.

    std: of pictures in [-1, 1]. Of 0, the identity.
    """
    if not std:
        return unchanged

    def augment(images: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor | None]:
        level = std * max(0.0, 1 - draws.step() / steps)
        if not level:
            return images, mask
        noise = draws.normal("instance noise", images.shape, images.device).to(images.dtype)
        return images + level * shown(noise, mask), mask

    return augment
