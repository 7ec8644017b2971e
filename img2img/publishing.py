"""publish: a measurement as files, whichever were asked for."""

from pathlib import Path

from img2img import files, images
from img2img.extremes import extremes
from img2img.inquiry import Inquiry
from img2img.judging import Report
from img2img.material import Material
from img2img.measuring import Measured


def publish(measured: Measured, material: Material, inquiry: Inquiry) -> Report:
    """Write what is asked for; returns the report.

    Raises:
        ValueError: there is nothing to show on a sheet, or no statistics to keep.
        OSError: a file cannot be written.
    """
    report = measured.report
    if inquiry.json is not None:
        files.write(Path(inquiry.json), report.json().encode())
    if inquiry.save_stats is not None:
        _keep(measured, Path(inquiry.save_stats))
    if inquiry.sheet is not None:
        if measured.comparison is None:
            raise ValueError("a sheet shows fakes beside their targets, and here are none; --html")
        images.write(Path(inquiry.sheet), extremes(material.pairs, report, measured.comparison))
    if inquiry.html is not None:
        from img2img.album import album

        files.write(Path(inquiry.html), album(measured, material).encode())
    return report


def _keep(measured: Measured, path: Path) -> None:
    """The statistics of the real pictures, as pytorch-fid keeps them and with their features."""
    from img2img.base.metrics import statistics

    found = measured.found
    if found is None or found.sets is None or "features" not in found.looked:
        raise ValueError(f"{path} is for the features of real pictures; measure fid or kid, say")
    real = found.sets.real.states
    identity = {
        "resolutions": real["identity"].resolutions,
        "reals_sha256": real["identity"].sha256,
    }
    facts = {**found.looked["features"], **identity}
    statistics.save(path, found.sets.moments[1], facts, features=real.get("features"))
