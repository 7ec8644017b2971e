import pytest
from tiny import contents, domains, finished, log, played, stopped

from img2img.base import checkpoint
from img2img.base.metrics.mean import Mean
from img2img.base.weights import load_weights
from img2img.cli import main
from img2img.modes import MODES

EVERY = {"save": 100, "validate_every": 1, "pictures": 1}


@pytest.fixture
def measured(monkeypatch):
    """Lets the validations of pix2pix find these values of l1, step by step."""

    def find(*values):
        told = iter(values)
        view = MODES["pix2pix"].view._replace(figures=lambda *_: {"l1": Mean.of([next(told)])})
        monkeypatch.setitem(MODES, "pix2pix", MODES["pix2pix"]._replace(view=view))

    return find


def numbers(run):
    return sorted(int(path.name.removeprefix("step-")) for path in checkpoint.steps(run))


@pytest.mark.parametrize(
    ("every", "kept"), [(None, [4, 8]), (4, [4, 8]), (3, [3, 4, 6, 8]), (1, [*range(1, 9)])]
)
def test_checkpoints_to_keep_are_saved_and_kept_beside_the_last(every, kept, tmp_path):
    run = played("cyclegan", tmp_path, steps=8, report={"save": 4, "keep": 2, "keep_every": every})
    assert numbers(run) == kept
    for step in kept:
        assert checkpoint.load(checkpoint.step_folder(run, step)).step == step


def test_a_run_without_a_better_figure_for_so_long_ends_early_saved_and_says_so(
    measured, tmp_path, capsys
):
    measured(0.5, 0.3, 0.4, 0.3, 0.3)  # no better is as good as worse
    options = {"steps": 9, "report": {**EVERY, "patience": 3}}
    run = played("pix2pix", tmp_path, **options)
    said = capsys.readouterr().out
    assert f"no better l1 since step 2: ended\ndone: {run}" in said
    assert [line["step"] for line in log(run, "losses")] == [1, 2, 3, 4, 5]
    assert numbers(run) == [5] and checkpoint.load(run / "best").step == 2
    assert load_weights(run / "generator.safetensors")[1]["step"] == 2
    before = contents(run)
    played("pix2pix", tmp_path, **options)
    assert f"{run} is finished: 5 steps; raise --report.patience to go on" in (
        capsys.readouterr().out
    )
    assert contents(run) == before


@pytest.mark.parametrize("patience", [5, None])
def test_with_more_patience_it_goes_on_where_it_ended(patience, measured, tmp_path, capsys):
    measured(0.3, 0.4, 0.4)
    played("pix2pix", tmp_path, steps=9, report={**EVERY, "patience": 2})
    measured(0.4, 0.2, 0.4, 0.4, 0.4, 0.4)
    run = played("pix2pix", tmp_path, steps=9, report={**EVERY, "patience": patience})
    assert "resumed after step 3" in capsys.readouterr().out
    assert [line["step"] for line in log(run, "validation")] == [*range(1, 10)]
    assert checkpoint.load(run / "best").step == 5  # a better one is waited for anew


@pytest.mark.parametrize("number", [2, 4, 5])
def test_patience_outlives_a_stop_bit_by_bit(number, measured, tmp_path, monkeypatch):
    values = [0.5, 0.3, 0.4, 0.6, 0.4, 0.31, 0.2]
    options = {"steps": 9, "report": {**EVERY, "patience": 4, "save": 3, "keep_every": 2}}
    measured(*values)
    whole = played("pix2pix", tmp_path / "whole", **options)
    assert len(log(whole, "losses")) == 6
    measured(*values)
    stopped(monkeypatch, number, "pix2pix", tmp_path, **options)
    measured(*values[number:])
    assert contents(played("pix2pix", tmp_path, **options)) == contents(whole)
    kept = {*numbers(tmp_path / "pix2pix")} - {*numbers(whole)}
    assert kept <= {number}


def test_signals_of_a_stop_and_of_patience_are_told_apart(measured, tmp_path, monkeypatch):
    measured(0.5, 0.6, 0.7, 0.8)
    stopped(monkeypatch, 2, "pix2pix", tmp_path, steps=4, report={**EVERY, "patience": 3})
    run = played("pix2pix", tmp_path, steps=4, report={**EVERY, "patience": 3})
    assert len(log(run, "losses")) == 4


@pytest.mark.parametrize(
    ("mode", "best", "choices"),
    [("pix2pix", "fidd", "l1, psnr, ssim, mse"), ("pix2pix", "iou", "l1, psnr, ssim, mse"),
     ("cyclegan", "l1", "swd, fid"), ("dcgan", "l1", "fid, kid")],
)  # fmt: skip
def test_a_figure_that_is_not_measured_is_refused_before_the_first_step(
    mode, best, choices, tmp_path, capsys
):
    line = ["train", "--mode", mode, "--size", "32", "--device", "cpu", "--steps", "1"]
    line += ["--checkpoints", str(tmp_path), "--report.best", best]
    assert main(line) == 2
    error = capsys.readouterr().err
    assert error.startswith(
        f"img2img: --report.best {best} is not measured here; choose from {choices}"
    )
    assert not list(tmp_path.rglob("*.yaml")) and not list(tmp_path.rglob("log.jsonl"))


def test_a_run_without_pairs_keeps_the_one_that_looks_most_like_its_domains():
    run = finished("cyclegan", report={**EVERY, "save": 1, "keep": 9})
    found = {line["step"]: line["validation"]["swd"] for line in log(run, "validation")}
    best = min(found, key=found.get)
    kept = checkpoint.load(run / "best")
    assert found[4] < found[1]  # it learns: the first is not the best
    assert kept.facts["best"] == {
        "metric": "swd", "value": pytest.approx(found[best], rel=1e-5), "step": best, "waited": 0
    }  # fmt: skip
    for name in ("AtoB", "BtoA"):
        assert load_weights(run / f"generator_{name}.safetensors")[1]["step"] == best


def test_a_run_without_validation_waits_for_nothing(tmp_path):
    data = domains(tmp_path / "d", [(32, 32, 3)] * 2, [(32, 32, 3)] * 2)
    run = played("pix2pix", tmp_path, data={"path": str(data)}, report={**EVERY, "patience": 1})
    assert len(log(run, "losses")) == 4 and not log(run, "validation")
