"""evaluate: how far pictures are from those they should be, or a set from another."""

from functools import partial
from pathlib import Path
from typing import Unpack

from img2img import images
from img2img.couples import Couple, Match, couples, masked
from img2img.inquiry import Inquiry, Options
from img2img.judging import Report
from img2img.material import Ensembles, Material, found, named, trained
from img2img.measuring import measure
from img2img.publishing import publish


def evaluate(
    fake: str | Path,
    real: str | Path | None = None,
    *,
    match: Match = "name",
    unpaired: bool = False,
    inputs: str | Path | None = None,
    **options: Unpack[Options],
) -> Report:
    """Compare a folder of pictures with the folder of those they should be, or look, like.

    Args:
        fake: the pictures to judge, or a results folder of the reference implementation.
        real: what they should be, matched as `couples` says; or statistics that --save-stats kept.
        match: by `name` or by `order`.
        unpaired: the folders are two sets, no pictures of one belong to any of the other.
        inputs: what the fakes were made of, named as they are, for the page.
        options: as follows.

    Options:
        metrics: their names, or `pairs`, `sets`, `all`; the first of a picture ranks the sheet.
            Unless given the suite of docs/metrics.md: what of it cannot be measured, and why, is
            in `skipped`. Of label maps accuracy and iou; under sr-y and sr-rgb psnr, ssim and,
            where its weights are and nothing can be hidden, lpips-alex.
        protocol: of pictures, `rgb`: 8-bit RGB, gray repeated; `raw`: the pictures' own depth and
            channels; `auto`: rgb for 8-bit gray and RGB, else raw. All are to the border. `sr-rgb`:
            as rgb, but `scale` pixels are shaved off every side; `sr-y`: the luma of that (BT.601).
            Of features, `pytorch-fid`, `clean` or `torch-fidelity`. One of each, by a comma.
        scale: by how much the pictures were enlarged, for sr-y and sr-rgb alone, which need it.
        range: the pixels that are scaled to 0 and 1, and PSNR's peak; all that integers can hold
            unless given. Floats need one.
        mask: a folder of masks, named as the pictures; only where they are not 0 do pixels count.
        nodata: what the real pictures hold where there is no data, which does not count: floats in
            any channel, integers in all.
        palette: a file of class colours, or `builtin:town`, for accuracy and iou; adds both if
            neither is among `metrics`.
        classes: their number, instead of a palette, for gray label maps that hold 0, 1, 2, ...
        ignore: the label whose pixels in the real picture do not count for accuracy and iou.
        segmenter: an ONNX file, or from Python a function, that labels the fakes, which are no
            label maps themselves.
        split: where the pictures come from, for the record.
        train: a folder of the pictures trained on, for memorisation.
        precision: of the features' network, float32 or bf16.
        seed: of everything that is drawn.
        weights_dir: where the weights of networks are looked for first.
        save_stats: where to write the statistics of the real pictures, which can take their place.
        json: where to write the report.
        sheet: where to draw the four worst and the four best.
        html: where to write the report as a page.
        tell: hears what is being done.

    Raises:
        ValueError: one sentence on the folder, file, size, kind or name that is wrong.
    """
    inquiry = Inquiry(**options)
    if (Path(fake) / "config.yaml").is_file():
        raise ValueError(f"{fake} is a run; from Python img2img.score measures it on a data set")
    if inquiry.samples is not None:
        raise ValueError(f"samples={inquiry.samples} is for a run from noise; see img2img.score")
    if unpaired or (real is not None and Path(real).suffix == ".npz"):
        if real is None:
            raise ValueError(f"{fake} is compared with nothing; give a folder of real pictures")
        if inputs is not None or match != "name":
            idle = f"--inputs {inputs}" if inputs is not None else f"--match {match}"
            raise ValueError(f"{idle} is for pictures in pairs; leave it out")
        material = alone(Path(fake), Path(real), inquiry)
    else:
        material = paired(Path(fake), None if real is None else Path(real), match, inquiry, inputs)
    return publish(measure(material, inquiry), material, inquiry)


def paired(
    fake: Path, real: Path | None, match: Match, inquiry: Inquiry, inputs: str | Path | None
) -> Material:
    """Two folders whose pictures belong together."""
    pairs, unmatched = couples(fake, real, match)
    if inquiry.mask is not None:
        pairs, without = masked(pairs, Path(inquiry.mask))
        unmatched += without
    if inputs is not None:
        pairs = sourced(pairs, Path(inputs))
    facts = {"match": match, "split": inquiry.split, "unmatched": len(unmatched)}
    facts["mask"] = None if inquiry.mask is None else str(inquiry.mask)
    reals = {p.name: p.real for p in pairs}
    ensembles = Ensembles.of([p.fake for p in pairs], reals, trained(inquiry.train))
    return Material(
        "pairs", pairs, [p.name for p in pairs], ensembles, facts=facts, unmatched=unmatched
    )


def alone(fake: Path, real: Path, inquiry: Inquiry) -> Material:
    """A folder of fakes, and one of reals or their statistics."""
    if inquiry.mask is not None or inquiry.nodata is not None:
        raise ValueError("sets are of whole pictures; leave --mask and --nodata out")
    for name in ("palette", "classes", "ignore", "segmenter", "scale"):
        if (value := getattr(inquiry, name)) is not None:
            raise ValueError(f"--{name} {value} has no effect on sets; leave it out")
    fakes, train = named(fake), trained(inquiry.train)
    reals = real if real.suffix == ".npz" else named(real)
    ensembles = Ensembles.of([*fakes.values()], reals, train)
    names = [*fakes]
    return Material("unpaired", (), names, ensembles, facts={"split": inquiry.split})


def sourced(pairs: list[Couple], folder: Path) -> list[Couple]:
    """The couples with the pictures of a folder that bear their names.

    Raises:
        ValueError: none does.
    """
    named = {it.relative_to(folder).with_suffix("").as_posix(): it for it in found(folder)}
    if not any(pair.name in named for pair in pairs):
        names = f"{pairs[0].name!r} and {next(iter(named))!r}"
        raise ValueError(f"no picture in {folder} is named as a fake, such as {names}; rename them")
    return [
        pair._replace(source=partial(images.read, named[pair.name])) if pair.name in named else pair
        for pair in pairs
    ]
