"""A pool of earlier fakes, so that D does not forget (Shrivastava et al. 2017, section 2.3)."""

import torch
from torch import Tensor

from img2img.base.draws import Drawing, uniform
from img2img.base.runtime import gather, own_rows


class ImagePool(Drawing):
    """Gives back each fake or, with probability 1/2 once it is full, an older one in its place.

    Where pictures grow, it forgets those of another size.
    It holds the whole batch's fakes, the same on every process, and belongs to the trainer's state.
    Where several processes accumulate too, it meets the fakes micro-batch by micro-batch, so that
    other ones are swapped than in one process.
    """

    def __init__(self, size: int = 50) -> None:
        super().__init__()
        self.size = size
        self.images: list[Tensor] = []

    def forward(self, images: Tensor) -> Tensor:
        """(N, C, H, W) to as many of the same shape."""
        if not self.size:
            return images
        if self.images and self.images[0].shape != images.shape[1:]:
            self.images = []
        chances = gather(uniform(self.name, (len(images), 2)), images.device).tolist()
        judged = [
            self._swap(image, swap >= 0.5, int(place * self.size))
            for image, (swap, place) in zip(gather(images, images.device), chances, strict=True)
        ]
        return own_rows(torch.stack(judged))

    def _swap(self, image: Tensor, swap: bool, place: int) -> Tensor:
        if len(self.images) < self.size:
            self.images.append(image.clone())  # a view would keep its whole batch alive
            return image
        if not swap:
            return image
        old, self.images[place] = self.images[place], image.clone()
        return old.to(image.device)  # a restored one comes from the CPU

    def get_extra_state(self) -> Tensor:
        """(stored, C, H, W), or an empty tensor."""
        return torch.stack(self.images) if self.images else torch.empty(0)

    def set_extra_state(self, state: Tensor) -> None:
        """What `get_extra_state` gave."""
        self.images = list(state)
