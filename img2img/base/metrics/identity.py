"""Identity: which pictures a set is made of, so that two figures can be told to be of one set."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from img2img.base.metrics.span import Mask
from img2img.images import Picture


@dataclass(frozen=True)
class Identity:
    """How many pictures there are of each size, and a digest of each; those of sets add."""

    sizes: Counter[str] = field(default_factory=Counter)
    digests: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, pictures: Sequence[tuple[str, bytes]]) -> "Identity":
        """The state of what `told` says of each."""
        return cls(Counter(size for size, _ in pictures), tuple(it for _, it in pictures))

    def __add__(self, other: "Identity") -> "Identity":
        return Identity(self.sizes + other.sizes, self.digests + other.digests)

    @property
    def resolutions(self) -> str:
        """As a line: "256 x 256", or the most frequent sizes and how many there are of others."""
        first = [size for size, _ in sorted(self.sizes.items(), key=lambda it: (-it[1], it[0]))]
        others = ""
        if len(first) > 3:  # all of them, in a word
            digest = sha256(repr(sorted(self.sizes.items())).encode()).hexdigest()
            others = f" and {len(first) - 3} others ({digest[:8]})"
        return ", ".join(first[:3]) + others

    @property
    def sha256(self) -> str:
        """Of the pixels of all pictures, whatever their order, names and files."""
        return sha256(b"".join(sorted(self.digests))).hexdigest()


def told(picture: Picture, mask: Mask | None = None) -> tuple[str, bytes]:
    """A picture's size, width first, and a digest of its pixels, their kind and which count."""
    height, width = picture.shape[:2]
    digest = sha256(f"{picture.dtype} {picture.shape}".encode())
    if mask is None or mask.all():
        digest.update(picture.tobytes())
    else:  # what is hidden plays no part
        digest.update(mask.tobytes() + picture[mask].tobytes())
    return f"{width} x {height}", digest.digest()
