"""CIE L*a*b*: colours whose distances are about as large as they look (CIE 15:2004, 8.2.1)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# linear sRGB to XYZ, and the white of D65 at 2 degrees (IEC 61966-2-1; CIE 15, table T.3)
XYZ = np.array(
    [
        [0.412453, 0.357580, 0.180423],
        [0.212671, 0.715160, 0.072169],
        [0.019334, 0.119193, 0.950227],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
SMALL, SLOPE = 0.008856, 7.787  # the cube root goes on as a line below; rounded as in CIE 1976


Lab = NDArray[np.float64]  # (..., 3): L* from 0 to 100, a* and b*


def lab(rgb: ArrayLike) -> Lab:
    """Colours in sRGB (..., 3) in [0, 1], D65, to L*, a* and b*; values beyond are clipped."""
    values = np.clip(np.asarray(rgb, np.float64), 0, 1)
    linear = np.where(values > 0.04045, ((values + 0.055) / 1.055) ** 2.4, values / 12.92)
    ratios = linear @ XYZ.T / WHITE
    line = SLOPE * ratios + 16 / 116
    x, y, z = np.moveaxis(np.where(ratios > SMALL, np.cbrt(ratios), line), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
