"""Pictures that are there already, in place of files."""

import numpy as np


class Handed:
    """The pictures given, and their masks, if any."""

    weights: tuple[float, ...] = ()

    def __init__(self, pictures, masks=()):
        self.pictures, self.masks = pictures, masks
        self.masked = any(mask is not None for mask in masks)

    def __len__(self):
        return len(self.pictures)

    def __getitem__(self, index):
        return self.pictures[index]

    def stem(self, index):
        return f"s/{index}"

    def mask(self, index):
        return self.masks[index] if self.masks else None


def halves(height, width):
    """A mask that shows the left half."""
    mask = np.zeros((height, width, 1), np.uint8)
    mask[:, : width // 2] = 255
    return mask
