"""lab."""

from pathlib import Path

from img2img.commands.asking import say


def lab(
    name: str,
    /,
    *,
    out: Path | None = None,
    json: Path | None = None,
    loss: list[str] | None = None,
    penalty: str | None = None,
    seeds: list[int] | None = None,
    steps: int | None = None,
) -> int:
    """Make one of the small experiments on which the theory of GANs rests.

    Parameters
    ----------
    name
        ring8, grid25, optimal-discriminator, bilinear or dirac.
    out
        A folder for the picture, NAME.png.
    json
        Where to write the figures.
    loss
        On ring8 and grid25: non-saturating (unless given), non-saturating-r1, least-squares,
        hinge-sn, wgan, wgan-gp, wgan-lp; several, or all; control, which collapses; or any
        --adversarial of train.
    penalty
        Another penalty for them: gp, lp, r1, r2 or drift.
    seeds
        On ring8 and grid25, several; 0 unless given.
    steps
        On ring8 and grid25: D's, for a quicker look.
    """
    from rich.console import Console
    from rich.table import Table

    from img2img.lab import run

    report = run(
        name, out=out, json=json, losses=loss or (), penalty=penalty, seeds=seeds or (),
        steps=steps, tell=say,
    )  # fmt: skip
    table = Table(*report.columns, title=name, title_justify="left")
    for row in report.rows:
        table.add_row(*row)
    Console(highlight=False).print(table)
    return 0
