"""measure: what is to be measured, by all that was asked of it, into one report."""

from collections.abc import Callable, Sequence, Set
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from img2img.base.metrics.comparison import OF_LEVELS, Comparison, Question, limits
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.protocol import SHAVED
from img2img.base.metrics.span import Mask, Span, check_span, full
from img2img.base.metrics.table import Metric
from img2img.couples import Couple, nothing
from img2img.extras import with_extras
from img2img.images import Labels, Levels, Picture
from img2img.inquiry import Chosen, Inquiry, chosen
from img2img.judging import Report, compared, judge
from img2img.learned import NAMES as LEARNED
from img2img.learned import beside, learned
from img2img.material import VERSION, Material
from img2img.segmenting import segmenter

if TYPE_CHECKING:
    from img2img.ensembles import Compared

OF_PAIRS_ALONE = ("match", "mask", "nodata", "unmatched")  # facts that no set is measured by
ALWAYS = ("l1", "psnr")
FULLER = ("ssim", "mse", "ms-ssim", "sharpness", "ciede2000", "edges", "lpips-alex", "dists")
"""What stands beside those where it can be measured."""
HIDDEN = "it is of whole pictures, but some pixels do not count here"
OF_SETS = (
    "fid", "kid", "precision", "recall", "f1", "density", "coverage", "c2st", "c2st-logistic",
    "ndb", "ndb-jsd", "retrieval", "memorisation", "diversity", "swd", "spectrum",
    "spectrum-slope", "colour-shift", "colour-histogram", "contrast-histogram", "checkerboard",
)  # fmt: skip
OF_NOISE = (
    *OF_SETS, "mmd-rbf", "is", "m-is", "mode-score", "am-score", "boundary", "log-likelihood",
    "mass-coverage", "birthday",
)  # fmt: skip


class Measured(NamedTuple):
    """A report, and what its sheet and page are drawn from."""

    report: Report
    comparison: Comparison | None
    found: "Compared | None"
    """Of the pictures as sets."""
    span: Span | None
    """The pixels that count as 0 and 1; None: all that they can hold."""


def measure(material: Material, inquiry: Inquiry) -> Measured:
    """All figures that were asked for, or those that stand to reason.

    Raises:
        ValueError: nothing can be measured, or not what was asked for.
    """
    names = chosen(inquiry.metrics)
    report, comparison = of_pairs(material, inquiry, names)
    report = with_extras(report, material, names.runs, inquiry.seed)
    span = comparison.protocol.span if comparison else None
    found = None
    wanted, asked, hidden = of_sets(material, inquiry, names, comparison)
    report = report._replace(skipped={**report.skipped, **dict.fromkeys(hidden, HIDDEN)})
    if wanted:
        span = span or the_range(material, inquiry)
        found = as_sets(wanted, material, inquiry, span, asked=asked)
        report = report._replace(
            metrics=report.metrics | found.entries, skipped={**report.skipped, **found.skipped}
        )
    if not report.metrics:
        reasons = "; ".join(dict.fromkeys(report.skipped.values()))
        raise ValueError(f"nothing could be measured: {reasons or 'no metric applies'}")
    return Measured(report, comparison, found, span)


def of_pairs(
    material: Material, inquiry: Inquiry, names: Chosen
) -> tuple[Report, Comparison | None]:
    """The report of couples, and what it was made by; empty, where there are none.

    Raises:
        ValueError: what was asked for cannot be measured of them.
    """
    empty = Report({}, [], list(material.unmatched))
    if names.pairs == ():
        return empty, None
    if not material.pairs:
        reason = "it is of fakes and their targets, which are not here"
        if missing := [name for name in names.pairs or () if name in names.spelt]:
            raise ValueError(f"{missing[0]}: {reason}")
        return empty._replace(skipped=dict.fromkeys(names.pairs or (), reason)), None
    comparison, skipped = compared_by(material, inquiry, names)
    facts = {**material.facts, "seed": 0, "version": VERSION}
    report = judge(material.pairs, comparison, facts)
    return report._replace(skipped=skipped, unmatched=empty.unmatched), comparison


def compared_by(
    material: Material, inquiry: Inquiry, names: Chosen
) -> tuple[Comparison, dict[str, str]]:
    """The comparison of couples, and why some metrics that were not asked for are left out.

    Raises:
        ValueError: what was asked for is unknown, or not for such pictures.
    """
    folder, (protocol, _) = inquiry.folder, inquiry.protocols
    hidden, sure = hides(material, inquiry), names.sure
    numbers = inquiry.classes is not None or inquiry.segmenter is not None  # of which no psnr
    if sure is None and material.encoding is None and protocol not in SHAVED and not numbers:
        sure = OF_LEVELS  # and of labels too, where a palette is given
    question = Question(
        sure, protocol, inquiry.range, inquiry.nodata, inquiry.palette, inquiry.classes,
        inquiry.ignore, material.encoding, inquiry.scale, learned(folder),
        beside=tuple if hidden else partial(beside, folder),
        segmenter=None if inquiry.segmenter is None else segmenter(inquiry.segmenter),
    )  # fmt: skip
    comparison = question.about(material.pairs[0].real())
    more = [name for name in names.pairs or () if name not in comparison.metrics]
    if names.pairs is None and tuple(comparison.metrics) == OF_LEVELS:
        kept = {name: comparison.metrics[name] for name in ALWAYS}
        comparison, more = comparison._replace(metrics=kept), [*FULLER]
    there, skipped = available(more, material.pairs[0], question, comparison, hidden=hidden)
    return comparison._replace(metrics=comparison.metrics | there), skipped


def available(
    names: Sequence[str], pair: Couple, question: Question, comparison: Comparison, *, hidden: bool
) -> tuple[dict[str, Metric], dict[str, str]]:
    """Those of some metrics that can be measured of a couple, and why the others cannot."""
    if not names:
        return {}, {}
    metrics, skipped = dict[str, Metric](), dict[str, str]()
    seen = compared(pair, comparison.protocol).shaved(comparison.protocol.border)
    for name in names:
        if hidden and name in LEARNED:
            skipped[name] = HIDDEN
            continue
        try:
            made = question._replace(metrics=(name,)).about(pair.real()).metrics[name]
            made.state(*seen)
        except ValueError as error:
            skipped[name] = str(error)
            continue
        metrics[name] = made._replace(state=partial(indulgent, made.state))
    return metrics, skipped


def indulgent(state: Callable[..., Mean], fake: Picture, real: Picture, mask: Mask | None) -> Mean:
    """The state of a picture; of one that is too small, say, that of none."""
    try:
        return state(fake, real, mask)
    except ValueError:
        return Mean()


def hides(material: Material, inquiry: Inquiry) -> bool:
    """Whether pixels may be hidden, which features of whole pictures would see."""
    return inquiry.nodata is not None or any(it.mask is not nothing for it in material.pairs)


def of_sets(
    material: Material, inquiry: Inquiry, names: Chosen, comparison: Comparison | None
) -> tuple[Sequence[str], Set[str], Sequence[str]]:
    """Which metrics of sets are measured, those that must be, and those that pixels forbid.

    Raises:
        ValueError: one of those was asked for, but pixels are hidden.
    """
    hidden = hides(material, inquiry)
    if names.sets is None:
        labels = isinstance(material.encoding, Labels) or (comparison and comparison.classes)
        levels = not labels and inquiry.protocols[0] not in SHAVED
        wanted = (OF_NOISE if material.kind == "noise" else OF_SETS) if levels else ()
        return ((), frozenset(), wanted) if hidden else (wanted, frozenset(), ())
    asked = names.spelt & {*names.sets}
    if hidden:
        if asked:
            raise ValueError(f"{next(n for n in names.sets if n in asked)}: {HIDDEN}")
        return (), asked, names.sets
    beside_fid = ["kid"] if "fid" in asked and "kid" not in names.sets else []
    return (*names.sets, *beside_fid), asked, ()


def as_sets(
    names: Sequence[str], material: Material, inquiry: Inquiry, span: Span, *, asked: Set[str]
) -> "Compared":
    """Fakes against reals, all at once."""
    # torch and the networks are loaded when sets are measured, and not before
    from img2img.base.metrics.set_table import SETS
    from img2img.base.runtime import pick_device
    from img2img.ensembles import compare
    from img2img.gathering import Look
    from img2img.variety import learned_sets

    assert material.ensembles is not None
    _, protocol = inquiry.protocols
    return compare(
        names,
        material.ensembles,
        Look(
            span,
            material.ensembles.fakes[0]().dtype.name,
            protocol,
            inquiry.precision,
            inquiry.folder,
            str(pick_device("auto")),
            inquiry.seed,
        ),
        {key: fact for key, fact in material.facts.items() if key not in OF_PAIRS_ALONE},
        table=SETS | learned_sets(inquiry.folder),
        asked=asked,
        tell=inquiry.tell,
    )


def the_range(material: Material, inquiry: Inquiry) -> Span:
    """As asked for, as the encoding has it, or all that the pictures can hold."""
    if inquiry.range is not None:
        check_span(span := Span(*inquiry.range))
        return span
    if isinstance(material.encoding, Levels):
        return limits(material.encoding)
    assert material.ensembles is not None
    first = material.ensembles.fakes[0]()
    found = full(first.dtype.name)
    if found is None:
        raise ValueError(
            f"{first.dtype} pictures have no range of their own; give --range LOW HIGH"
        )
    return found
