import json
import shutil
from math import nan
from pathlib import Path

import pytest
from tiny import domains, finished, log, played, written

from img2img import images, modes
from img2img.base import checkpoint
from img2img.base.weights import CheckpointError
from img2img.cli import main
from img2img.curve import Point, best_step, curve, measure, opened
from img2img.options import overridden
from img2img.run.folder import read_config
from img2img.scoring import score

REPORT = {"keep_every": 2, "keep": 1, "validate_every": 2, "pictures": 32}


def run_of(mode, **options):
    return finished(mode, steps=6, report=REPORT, **options)


def validated(run):
    return {line["step"]: pytest.approx(line["validation"], rel=1e-5)
            for line in log(run, "validation")}  # fmt: skip


@pytest.mark.parametrize("ema", [0.0, 0.8])
def test_every_step_measures_what_validation_did_averages_where_there_are_such(ema, tmp_path):
    run = run_of("pix2pix", optimization={"ema": ema, "lr": 2e-3})
    made = curve(run, json=tmp_path / "a.json", sheet=tmp_path / "a.png")
    assert {point.step: point.metrics for point in made.points} == validated(run)
    assert [point.step for point in made.points] == [2, 4, 6]
    read = json.loads((tmp_path / "a.json").read_text())
    assert read["steps"] == [{"step": step, "metrics": it} for step, it in made.points]
    assert read["best"] == {"step": made.best, "metric": "l1"}
    assert images.read(tmp_path / "a.png").shape[2] == 3
    chosen = next(point for point in made.points if point.step == made.best)
    told = score(run, "builtin:town", split="val", metrics=[*chosen.metrics]).metrics
    assert {name: entry["value"] for name, entry in told.items()} == pytest.approx(chosen.metrics)


def test_without_averages_other_figures_would_come_out():
    run = run_of("pix2pix", optimization={"ema": 0.8, "lr": 2e-3})
    session = opened(run, read_config(run), "val")
    averaged, _ = measure(session, "val", lambda line: None)
    session.averages.clear()
    assert measure(session, "val", lambda line: None)[0][6] != averaged[6]


def test_the_best_is_the_least_or_the_greatest_as_the_figure_goes():
    points = [Point(step, {"l1": value, "swd": value, "psnr": value, "none": nan})
              for step, value in ((1, nan), (2, 3.0), (3, 1.0), (4, 3.0), (5, 1.0))]  # fmt: skip
    found = {name: best_step(points, name) for name in ("l1", "swd", "psnr", "none")}
    assert found == {"l1": 3, "swd": 3, "psnr": 2, "none": None}


def test_an_unpaired_run_has_a_curve_without_pairs(tmp_path):
    data = domains(tmp_path / "d", [(40, 40, 3)] * 10, [(40, 40, 3)] * 12)
    run = run_of("cyclegan")
    made = curve(run, data, split="train", sheet=tmp_path / "a.png")
    swd = {point.step: point.metrics["swd"] for point in made.points}
    assert (made.metric, made.facts["pictures"]) == ("swd", 11)
    assert swd[made.best] == min(swd.values()) < max(swd.values())
    lowest = min(line["validation"]["swd"] for line in log(run, "validation"))
    assert checkpoint.load(run / "best").facts["best"]["value"] == pytest.approx(lowest, rel=1e-5)


def test_damaged_steps_are_named_and_passed_over(tmp_path, capsys):
    run = tmp_path / "run"
    shutil.copytree(run_of("pix2pix", optimization={"ema": 0.8, "lr": 2e-3}), run)
    capsys.readouterr()
    best = checkpoint.load(run / "best").step
    for step in {2, best}:
        (run / f"step-{step:08d}/state.json").write_text("{}")
    assert main(["evaluate", str(run), "--all-steps"]) == 3
    out = capsys.readouterr().out.splitlines()
    assert out[0] == (
        f"passed over: {run}/step-00000002/state.json is damaged: it differs from its manifest"
    )
    assert any(line.startswith(f"step {best}: l1 ") for line in out)  # which best/ holds, too
    assert out[-2].startswith(f"best l1 after step {best}; ")
    assert out[-1].endswith("data builtin:town, split val, pictures 32")
    assert (run / "curve.png").is_file()
    for path in run.glob("*/MANIFEST.json"):
        path.unlink()
    with pytest.raises(CheckpointError, match=r"no checkpoint of .* is whole; restore one"):
        curve(run)


def test_what_has_no_curve_is_one_sentence(tmp_path, capsys):
    run = run_of("pix2pix")
    for line, code, message in [
        (f"{run} --all-steps --metrics l1", 2, "--metrics has no effect with --all-steps"),
        (f"{run} --all-steps --direction BtoA", 2, "--direction has no effect with --all-steps"),
        (f"{run} --all-steps --split tset", 1, "builtin:town has no tset pictures; choose from"),
        (f"{finished('dcgan')} --all-steps", 1, "draws from noise and translates nothing"),
        (f"{tmp_path} --all-steps", 1, "is no run: it has no config.yaml"),
    ]:
        assert main(["evaluate", *line.split()]) == code
        assert message in capsys.readouterr().err
    assert not (Path(run) / "curve.png").exists()


def test_the_curve_of_a_run_that_enlarges_needs_its_split_and_no_features(tmp_path, monkeypatch):
    data = written(tmp_path / "d", *[(32, 32, 3)] * 4)
    run = played(
        "srgan", tmp_path, steps=2, pretrain_steps=2, report={"validate_every": 2},
        data={"path": str(data), "size": 16, "scale": 2}, content={"features": "none"},
        discriminator={"name": "patchgan", "norm": "none"}, optimization={"schedule": "constant"},
        generator={"name": "edsr", "channels": 4, "blocks": 1}, pool=0,
    )  # fmt: skip
    config = read_config(run)
    asked = overridden(config, {"content": {"features": "vgg19:relu5_4"}})
    monkeypatch.setattr(modes, "lacks_features", lambda _: None)
    monkeypatch.setattr(modes, "content", lambda *_: pytest.fail("features were loaded"))
    assert opened(run, asked, "train").trainer.features is None
    with pytest.raises(ValueError, match="has no val pictures; choose from train"):
        curve(run)
    assert curve(run, split="train").metric == "psnr"
