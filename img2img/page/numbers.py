"""Numbers as they are written, and round ones for the ticks of an axis."""

from collections.abc import Sequence
from math import ceil, floor, inf, isfinite, isnan, log10

MINUS = "\N{MINUS SIGN}"
UNDEFINED = "\N{EN DASH}"
ROUND = (1, 2, 5, 10)  # between two ticks, times a power of 10
EXTREME = 1e300  # beyond it, and below its inverse, differences and quotients overflow


def drawable(value: float) -> bool:
    """Whether it has a place on an axis: it is no nan, nor infinite or nearly so."""
    return abs(value) <= EXTREME


def equal(low: float, high: float) -> bool:
    """Whether there is no axis between them."""
    return high - low <= max(1e-9 * max(abs(low), abs(high)), 1 / EXTREME)


def written(value: float, digits: int = 4) -> str:
    """So many significant digits; a sign of its own for what is infinite or undefined."""
    if isnan(value):
        return UNDEFINED
    shown = "\N{INFINITY}" if value in (inf, -inf) else f"{abs(value):.{digits}g}"
    mantissa, _, exponent = shown.partition("e")
    if exponent:
        shown = f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    return (MINUS if value < 0 else "") + shown


def machine(value: float) -> str:
    """As JavaScript's Number reads it, to the last digit."""
    if isfinite(value):
        return repr(float(value))
    return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About so many round numbers from `low` to `high`, low < high."""
    rough = (high - low) / count
    unit = 10.0 ** floor(log10(rough))
    step = next(factor * unit for factor in ROUND if factor * unit >= rough * (1 - 1e-9))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [step * i for i in range(first, last + 1)]


def decades(low: float, high: float, count: int = 5) -> Sequence[float]:
    """About so many powers of 10, or round numbers where there are fewer than two."""
    first, last = ceil(log10(low) - 1e-9), floor(log10(high) + 1e-9)
    if last <= first:
        return [tick for tick in ticks(low, high) if tick > 0]
    return [10.0**power for power in range(first, last + 1, ceil((last - first + 1) / count))]
