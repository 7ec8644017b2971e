"""Statistics in a file: the moments of a set, by which FID is found again; pytorch-fid's `.npz`."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from img2img import files
from img2img.base.metrics.features import Features
from img2img.base.metrics.moments import Moments


def save(
    path: Path, moments: Moments, facts: Mapping[str, Any], *, features: Features | None = None
) -> None:
    """Write mu (d,) and sigma (d, d), as pytorch-fid reads them; count, and facts as JSON.

    With features (n, d) as well, in float32, KID and precision can be found again.

    Raises:
        ValueError: there are fewer than two features.
        OSError: names the file; no space left, no permission.
    """
    kept: dict[str, Any] = {"mu": moments.mean, "sigma": moments.covariance}
    kept["facts"] = np.array(json.dumps({**facts}, sort_keys=True))
    if moments.count is not None:
        kept["count"] = np.array(moments.count)
    if features is not None:
        kept["features"] = features.rows.astype(np.float32, copy=False)
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **kept)
    files.write(path, buffer.getvalue())


def load(path: Path) -> tuple[Moments, dict[str, Any]]:
    """What `save` or pytorch-fid wrote; the latter's counts and facts are unknown.

    Raises:
        ValueError: the file holds no such statistics.
    """
    arrays = _arrays(path)
    mean, covariance = (np.asarray(arrays.get(key, []), np.float64) for key in ("mu", "sigma"))
    if mean.ndim != 1 or not mean.size or covariance.shape != (mean.size, mean.size):
        shapes = f"mu {mean.shape} and sigma {covariance.shape}"
        raise ValueError(f"{path} holds {shapes}, not (d,) and (d, d); give a file of statistics")
    if not (np.isfinite(mean).all() and np.isfinite(covariance).all()):
        raise ValueError(f"the statistics of {path} are not all finite; make them anew")
    facts = json.loads(str(arrays["facts"])) if "facts" in arrays else {}
    if "count" not in arrays:
        return Moments(None, mean, covariance), facts
    count = int(arrays["count"])
    return Moments(count, mean, covariance * (count - 1)), facts


def load_features(path: Path) -> Features | None:
    """The features beside the statistics; None: they were not kept.

    Raises:
        ValueError: the file holds no statistics.
    """
    rows = _arrays(path).get("features")
    return None if rows is None else Features.of(rows)


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    held = io.BytesIO(Path(path).read_bytes())  # numpy forgets to close what is no archive
    try:
        with np.load(held, allow_pickle=False) as archive:
            return {key: archive[key] for key in archive.files}
    except (ValueError, BadZipFile, EOFError, AttributeError, TypeError) as error:
        raise ValueError(
            f"{path} is no .npz of statistics ({error}); give one with mu and sigma"
        ) from error
