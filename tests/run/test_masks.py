import numpy as np
import pytest
import torch
from handed import halves
from tiny import log, played

from img2img import images
from img2img.base import checkpoint

SHAPE = (40, 44)
SHOWN = halves(*SHAPE) > 0
DATA = {"data": {"size": 32, "load": 36}, "batch_size": 2, "steps": 3, "report": {"pictures": 4}}


def deep(seed, *, low=1000, high=60000):
    """16 bits in a part of their range, and never 0."""
    rng = np.random.default_rng(seed)
    return rng.integers(low, high, (*SHAPE, 1)).astype(np.uint16)


def classes(seed):
    return np.random.default_rng(seed).integers(0, 3, (*SHAPE, 1)).astype(np.uint8)


def trained(root, x, y, *, mode="pix2pix", masks=True, **data):
    """All that is left of a run on these pictures: weights, optimisers, pools, figures."""
    rows = []
    for index, both in enumerate(zip(x, y, strict=True)):
        for side, picture in zip("xy", both, strict=True):
            images.write(root / f"d/{side}{index}.png", picture)
        split = "val" if index == len(x) - 1 else "train"
        rows.append(f"x{index}.png,y{index}.png,{'mask.png' if masks else ''},{split}\n")
    images.write(root / "d/mask.png", halves(*SHAPE))
    (root / "d/data.csv").write_text("x,y,mask,split\n" + "".join(rows))
    extra = data.pop("extra", {})
    options = {**DATA, **extra, "data": {**DATA["data"], "path": str(root / "d"), **data}}
    run = played(mode, root, **options)
    found, _ = checkpoint.newest(run)
    return {**found.weights, **found.state}, log(run, "losses"), log(run, "validation")


def same(one, other):
    """Whether two runs left the same, bit by bit."""
    (left, *figures), (right, *others) = one, other
    assert left.keys() == right.keys() and any(key.startswith("optimizer.") for key in left)
    return figures == others and all(torch.equal(left[key], right[key]) for key in left)


@pytest.mark.parametrize("labels", [False, True])
def test_the_half_of_each_target_that_a_mask_hides_moves_no_weight(labels, tmp_path):
    """Ranges and the classes' weights are found in the pictures, and must not see it either."""
    drawn = classes if labels else deep
    x, y, other = ([draw(seed + i) for i in range(3)] for draw, seed in
                   ((deep, 0), (drawn, 10), (drawn, 20)))  # fmt: skip
    if not labels:
        other = [deep(20 + i, low=0, high=65535) for i in range(3)]
    output = {"kind": "labels", "classes": 3} if labels else {"percentiles": (1, 99)}
    extra = {"weights": {"balanced": True}} if labels else {}

    def run(name, targets):
        return trained(tmp_path / name, x, targets, output=output, extra=extra)

    plain = run("plain", y)
    hidden = run("hidden", [np.where(SHOWN, a, b) for a, b in zip(y, other, strict=True)])
    shown = run("shown", [np.where(SHOWN, b, a) for a, b in zip(y, other, strict=True)])
    assert same(plain, hidden)
    assert not same(plain, shown)


@pytest.mark.parametrize("mode", ["cyclegan", "pix2pix"])
def test_what_is_no_data_in_either_domain_moves_no_weight_whatever_stands_there(mode, tmp_path):
    x, y = ([deep(seed + i) for i in range(3)] for seed in (0, 10))

    def run(name, fill, x):
        holed = [[it.copy() for it in side] for side in (x, y)]
        for picture in (*holed[0], *holed[1]):
            picture[30:, :20] = fill
        side = {"nodata": str(fill), "percentiles": (1, 99)}
        return trained(tmp_path / name, *holed, mode=mode, masks=False, input=side, output=side)

    plain = run("plain", 0, x)
    assert same(plain, run("white", 65535, x))
    shown = [it.copy() for it in x]
    shown[0][:30] //= 2
    assert not same(plain, run("shown", 0, shown))


def test_masks_hide_the_same_of_both_domains_of_a_cyclegan(tmp_path):
    x, y, other = ([deep(seed + i) for i in range(3)] for seed in (0, 10, 20))
    both = [[np.where(SHOWN, a, b) for a, b in zip(side, other, strict=True)] for side in (x, y)]
    sides = {side: {"percentiles": (1, 99)} for side in ("input", "output")}
    plain = trained(tmp_path / "plain", x, y, mode="cyclegan", **sides)
    assert same(plain, trained(tmp_path / "hidden", *both, mode="cyclegan", **sides))
    assert not same(plain, trained(tmp_path / "none", *both, mode="cyclegan", masks=False, **sides))
