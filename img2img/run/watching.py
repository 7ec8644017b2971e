"""What is looked at between the steps: sheets, validation, and the run's health."""

from typing import Any

from img2img import images
from img2img.base.report import Report
from img2img.base.trainer import Step
from img2img.run.checkup import judged, tell
from img2img.run.session import Session
from img2img.run.validation import validate, validates
from img2img.views import evaluating, pictures


def watch(session: Session, report: Report, step: Step, sheet: Any, *, last: bool) -> None:
    """Do what is due after a step; `sheet` are the inputs of the sample sheets.

    Raises:
        DivergedError: a loss or a weight is not finite.
    """
    done, every = step.number + 1, session.config.report
    if last or done % every.health == 0:
        tell(session, report, done, judged(session, step))
    turn = done == session.warm_start or doubles(session, done)
    if last or turn or done % every.samples == 0:
        show(session, report, done, sheet)
    if validates(session, done, last=last):
        validate(session, report, done)


def doubles(session: Session, done: int) -> bool:
    """Whether what grows stands just before or just after a change of its size or its pace."""
    phases = session.growth.phases() if session.growth else ()
    return any(done - phase.step in (0, 2) for phase in phases)  # a fade's first step shows nothing


def show(session: Session, report: Report, done: int, batch: Any) -> None:
    """A sample sheet of the same inputs each time."""
    report.flush()
    session.check(done)
    networks = session.networks
    with evaluating(*networks.values()):
        columns = session.view.columns(networks, batch)
    encodings = [session.source.encodings[column.domain] for column in columns]
    cells = [
        [encoding.show(picture) for picture in pictures(column.values, encoding)]
        for column, encoding in zip(columns, encodings, strict=True)
    ]
    rows = [list(row) for row in zip(*cells, strict=True)]
    report.sheet(done, images.grid(rows, titles=[column.title for column in columns]))
