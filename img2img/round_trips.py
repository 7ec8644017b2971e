"""Round trips: what two generators make of their outputs, and of what needs no change."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from img2img.base.metrics.comparison import limits
from img2img.base.metrics.differences import l1
from img2img.data.samples import Pictures
from img2img.generator import Generator
from img2img.images import Encoding, Levels, Picture, to_channels
from img2img.material import Extra, Made
from img2img.models import as_direction, find_weights, load_translator


def round_trips(
    run: Path, G: Generator, direction: str, x: Pictures, y: Pictures, fakes: Sequence[Made]
) -> dict[str, Extra]:
    """What a run of two generators makes of its own outputs, and of what needs no change."""
    back, found = "BtoA" if direction == "AtoB" else "AtoB", dict[str, Extra]()
    if isinstance(G.input, Levels) and find_weights(run, back) != find_weights(run, direction):
        F = load_translator(run, direction=as_direction(back))
        found["cycle"] = Extra(
            "mean absolute difference of F(G(x)) and x, the range scaled to [0, 1]; mean over"
            " pictures",
            [x.stem(i) for i in range(len(x))],
            lambda: [off(F(fakes[i](), key=x.stem(i)), x[i], G.input) for i in range(len(x))],
            [partial(x.__getitem__, i) for i in range(len(x))],
        )
    both = isinstance(G.input, Levels) and isinstance(G.output, Levels)
    if both and G.input.planes == G.output.planes:
        found["identity"] = Extra(
            "mean absolute difference of G(y) and y, the range scaled to [0, 1]; mean over"
            " pictures",
            (),
            lambda: [off(G(y[i], key=y.stem(i)), y[i], G.output) for i in range(len(y))],
            [partial(y.__getitem__, i) for i in range(len(y))],
        )
    return found


def off(made: Picture, picture: Picture, encoding: Encoding) -> float:
    """L1 of two pictures of one encoding."""
    assert isinstance(encoding, Levels)
    span, real = limits(encoding), to_channels(picture, encoding.channels)
    return l1(span.unit(to_channels(made, encoding.channels)), span.unit(real))
