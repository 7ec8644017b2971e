"""Known: a set of real pictures that is in a file of statistics."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from img2img.base.metrics.collection import Collection
from img2img.base.metrics.statistics import load, load_features
from img2img.gathering import Watch


class Known(NamedTuple):
    """An identity that was kept in a file; None: it was not."""

    resolutions: str | None
    sha256: str


def known(path: Path, watched: Mapping[str, Watch]) -> Collection:
    """What a file of statistics holds of a set.

    Raises:
        ValueError: it cannot be read, or its features were made otherwise.
    """
    moments, kept = load(path)
    facts = watched["features"].facts if "features" in watched else {}
    for key, value in kept.items():
        if key in facts and facts[key] != value:
            raise ValueError(
                f"{path} was made with {key} {value!r}, not {facts[key]!r}; make it anew, or ask"
                " for that"
            )
    digest = sha256(moments.mean.tobytes() + moments.covariance.tobytes()).hexdigest()
    identity = Known(kept.get("resolutions"), kept.get("reals_sha256", f"of statistics {digest}"))
    states: dict[str, Any] = {"moments": moments, "identity": identity}
    if (features := load_features(path)) is not None:
        states["features"] = features
    return Collection(moments.count or 0, states)
