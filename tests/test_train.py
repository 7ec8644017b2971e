import json
import os
import random
import signal
import sys
import time
from math import nan

import pytest
import torch
from tiny import SHORT, contents, domains, finished, log, played, stopped
from torch.utils.tensorboard import SummaryWriter

from img2img import images
from img2img.base import checkpoint
from img2img.base.metrics.mean import Mean
from img2img.base.report import DivergedError
from img2img.base.weights import CheckpointError, load_weights
from img2img.cli import main
from img2img.config import UsageError
from img2img.modes import MODES
from img2img.options import merged
from img2img.run.configuring import configured
from img2img.run.folder import LockedError, locked
from img2img.scoring import score
from img2img.train import train

EVERY = {"save": 3, "health": 2, "samples": 3, "pictures": 1}
GAMES = {
    "pix2pix": {  # a U-Net drops values from 64 pixels on
        "steps": 7,
        "data": {"size": 64},
        "generator": {"depth": 6},
        "optimization": {"ema": 0.9, "clip": 1.0},
        "report": {**EVERY, "validate_every": 2},
    },
    "cyclegan": {
        "steps": 7,
        "pool": 2,
        "generator": {"dropout": 0.5},
        "report": {**EVERY, "validate_every": 4},
    },
    "progressive": {  # 8 pixels fade in from step 1, 16 from step 5
        "steps": 8,
        "generator": {"latent": 4},
        "growth": {"fade": 4, "stable": 4, "batches": (4, 2)},
        "optimization": {"ema": 0.9},
        "report": {**EVERY, "validate_every": 4},
    },
}
FADES = (2, 6)  # steps after which a progressive run stands in the middle of a fade
LR = {"optimization": {"lr": 1e30}}


def whole(mode):
    """The unbroken run."""
    return contents(finished(mode, **GAMES[mode]))


@pytest.mark.parametrize("mode", GAMES)
def test_a_run_stopped_anywhere_and_started_again_is_the_unbroken_run_bit_by_bit(
    mode, tmp_path, monkeypatch
):
    number = random.choice(FADES) if mode == "progressive" else random.randrange(2, 7)
    stopped(monkeypatch, number, mode, tmp_path, **GAMES[mode])
    again = contents(played(mode, tmp_path, **GAMES[mode]))
    assert again == whole(mode), f"stopped after step {number}"
    assert any(name.startswith("best") for name in again) == (mode != "progressive")


def test_dropout_and_the_pool_take_part_in_the_runs_above():
    for mode, changes in [("pix2pix", {"generator": {"dropout": 0.0}}), ("cyclegan", {"pool": 0})]:
        losses = log(finished(mode, **merged(GAMES[mode], changes)), "losses")
        assert losses != log(finished(mode, **GAMES[mode]), "losses")


def test_neither_workers_nor_their_change_at_a_stop_alter_a_bit(tmp_path, monkeypatch):
    options = merged(GAMES["cyclegan"], {"data": {"workers": 2}})
    stopped(monkeypatch, 3, "cyclegan", tmp_path, **GAMES["cyclegan"])
    assert contents(played("cyclegan", tmp_path, **options)) == whole("cyclegan")
    stopped(monkeypatch, 4, "cyclegan", tmp_path, name="two", **options)
    assert contents(played("cyclegan", tmp_path, name="two", **options)) == whole("cyclegan")


def test_what_a_crash_left_after_the_checkpoint_is_cut_back(tmp_path, monkeypatch):
    options = GAMES["pix2pix"]
    stopped(monkeypatch, 4, "pix2pix", tmp_path, **options)
    run = tmp_path / "pix2pix"
    with (run / "log.jsonl").open("ab") as file:
        file.write(b'{"step": 5, "losses": {"D": 1}}\n\0\0\0\xff\n{"step": 6, "losses": {"D"')
    (run / ".tmp-999999999-ab12").mkdir()
    assert contents(played("pix2pix", tmp_path, **options)) == whole("pix2pix")
    assert not list(run.glob(".tmp-*"))


@pytest.mark.filterwarnings("ignore:.*fork")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_killed_process_saves_and_exits_with_its_signals_number(number, tmp_path):
    arguments = ["train", "--checkpoints", str(tmp_path), *SHORT, "--steps", "100000"]
    child = os.fork()
    if not child:
        sys.stdout = sys.stderr = (tmp_path / "said").open("w")
        code = main(arguments)
        sys.stderr.flush()
        os._exit(code)
    while not (tmp_path / "cyclegan" / "timing.jsonl").exists():
        assert os.waitpid(child, os.WNOHANG) == (0, 0)
        time.sleep(0.05)
    os.kill(child, number)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 128 + number
    found, warnings = checkpoint.newest(tmp_path / "cyclegan")
    last = (tmp_path / "said").read_text().splitlines()[-1]
    assert last == (
        f"img2img: stopped after step {found.step}, which is saved; the same command goes on"
    )
    assert not warnings and log(tmp_path / "cyclegan", "losses")[-1]["step"] == found.step


def test_a_finished_run_says_so_and_is_left_as_it_is(tmp_path, capsys):
    run = played("cyclegan", tmp_path)
    before = contents(run)
    capsys.readouterr()
    played("cyclegan", tmp_path)
    assert f"{run} is finished: 4 steps; raise --steps to go on" in capsys.readouterr().out
    assert contents(run) == before


def test_more_steps_go_on_by_the_new_schedule_and_fewer_are_refused(tmp_path, capsys):
    played("cyclegan", tmp_path)
    capsys.readouterr()
    run = played("cyclegan", tmp_path, steps=6)
    said = capsys.readouterr().out
    assert "6 steps: lr 0.0002 for 3, then linearly towards 0" in said
    assert "resumed after step 4" in said
    assert [line["step"] for line in log(run, "losses")] == [1, 2, 3, 4, 5, 6]
    with pytest.raises(UsageError, match="has 6 steps already, more than the 5 asked for"):
        played("cyclegan", tmp_path, steps=5)


def test_a_changed_option_is_named_and_the_machines_own_may_differ(tmp_path):
    played("cyclegan", tmp_path)
    other = {"generator": {"channels": 8}, "weights": {"cycle": 2.0}, "data": {"workers": 1}}
    with pytest.raises(UsageError) as error:
        played("cyclegan", tmp_path, report={"save": 3}, **other)
    assert "(generator.channels: 4 -> 8; weights.cycle: 10.0 -> 2.0)" in str(error.value)
    played("cyclegan", tmp_path, report={"save": 3}, data={"workers": 1}, device="auto")


def test_resume_never_and_must_insist(tmp_path):
    with pytest.raises(UsageError, match=r"there is no run in .*nothing to resume"):
        played("cyclegan", tmp_path, name="nothing", resume="must")
    played("cyclegan", tmp_path, resume="never", steps=1)
    played("cyclegan", tmp_path, resume="must", steps=2)
    with pytest.raises(UsageError, match="holds a run already; choose another --name"):
        played("cyclegan", tmp_path, resume="never")


def test_a_run_is_for_one_process_at_a_time(tmp_path):
    with (
        locked(tmp_path / "cyclegan"),
        pytest.raises(LockedError, match=f"being trained by process {os.getpid()} on"),
    ):
        played("cyclegan", tmp_path)


def test_a_damaged_checkpoint_is_passed_over_with_a_warning_and_the_end_is_the_same(
    tmp_path, capsys
):
    before = played("cyclegan", tmp_path, steps=4, report={"save": 2})
    expected = contents(before)
    (before / "step-00000004" / "state.safetensors").write_bytes(b"half")
    capsys.readouterr()
    run = played("cyclegan", tmp_path, steps=4, report={"save": 2})
    said = capsys.readouterr().out
    assert "step-00000004/state.safetensors is damaged" in said
    assert "went back to step-00000002" in said
    assert contents(run) == expected


def test_a_damaged_checkpoint_does_not_push_whole_ones_out(tmp_path, monkeypatch):
    run = played("cyclegan", tmp_path, steps=8, report={"save": 4})
    (run / "step-00000008" / "weights.safetensors").unlink()
    options = {"steps": 8, "report": {"save": 8, "keep": 1}}
    stopped(monkeypatch, 6, "cyclegan", tmp_path, **options)
    assert [path.name for path in checkpoint.steps(run)] == ["step-00000008", "step-00000006"]
    found, warnings = checkpoint.newest(run)
    assert found.step == 6 and len(warnings) == 1


def test_a_run_without_a_whole_checkpoint_is_refused(tmp_path):
    run = played("cyclegan", tmp_path)
    (run / "step-00000004" / "MANIFEST.json").write_text("{")
    with pytest.raises(CheckpointError, match=r"no checkpoint of .* is whole .*restore one, or"):
        played("cyclegan", tmp_path, steps=5)


def test_a_loss_that_is_not_finite_ends_the_run_by_name_and_keeps_the_checkpoint(tmp_path):
    with pytest.raises(DivergedError) as error:
        played("cyclegan", tmp_path, report={"save": 1}, **LR)
    assert "--optimization.clip 1" in str(error.value)
    run = tmp_path / "cyclegan"
    found, _ = checkpoint.newest(run)
    assert found is None or all(t.isfinite().all() for t in found.weights.values())
    for line in (run / "log.jsonl").read_text().splitlines():
        assert "NaN" not in line and "Infinity" not in line


@pytest.mark.parametrize("report", [{"save": 1}, {"samples": 1}, {"validate_every": 1}])
@pytest.mark.parametrize("mode", ["cyclegan", "pix2pix"])
def test_whatever_is_due_first_meets_what_is_not_finite_it_is_called_diverged(
    mode, report, tmp_path, monkeypatch
):
    from img2img.run.session import Session

    def broken(self, step):
        self.networks["G"].state_dict()[key].fill_(nan)

    key = next(iter(load_weights(finished(mode) / NAMES[mode])[0]))
    monkeypatch.setattr(Session, "update_averages", broken)
    with pytest.raises(DivergedError, match="not finite"):
        played(mode, tmp_path, steps=1, report=report)
    assert not list(tmp_path.glob("*/step-*")) and not list(tmp_path.glob("*/*.safetensors"))


NAMES = {"cyclegan": "generator_AtoB.safetensors", "pix2pix": "generator.safetensors"}


def test_the_term_that_is_not_finite_is_named(tmp_path, monkeypatch):
    from img2img.trainers.cyclegan import CycleGAN

    terms = CycleGAN.generator_losses

    def broken(self, batch, fakes):
        for name, term in terms(self, batch, fakes):
            yield name, term * nan if name == "cycle_x" else term

    monkeypatch.setattr(CycleGAN, "generator_losses", broken)
    with pytest.raises(DivergedError, match=r"^step 1: the loss cycle_x is nan; what was saved"):
        played("cyclegan", tmp_path)


@pytest.mark.parametrize(
    ("best", "values", "chosen"),
    [("l1", [0.3, 0.1, 0.2, 0.1], 2), ("ssim", [0.3, 0.1, 0.5, 0.4], 3), ("psnr", [9, 8, 7, 6], 1)],
)
def test_the_best_step_by_validation_is_what_is_kept_for_translation(
    best, values, chosen, tmp_path, monkeypatch
):
    told = iter(values)
    view = MODES["pix2pix"].view._replace(figures=lambda *_: {best: Mean.of([next(told)])})
    monkeypatch.setitem(MODES, "pix2pix", MODES["pix2pix"]._replace(view=view))
    report = {"validate_every": 1, "save": 1, "best": best, "pictures": 1, "keep": 9}
    run = played("pix2pix", tmp_path, report=report)
    weights, metadata = load_weights(run / "generator.safetensors")
    assert metadata["step"] == chosen == checkpoint.load(run / "best").step
    then = checkpoint.load(run / f"step-{chosen:08d}").weights
    assert all(torch.equal(tensor, then[f"G.{name}"]) for name, tensor in weights.items())


@pytest.mark.parametrize("norm", ["batch", "instance"])
def test_validation_measures_what_evaluate_measures_with_the_averaged_weights(norm, tmp_path):
    run = played(
        "pix2pix", tmp_path, generator={"norm": norm}, report={"pictures": 32},
        optimization={"ema": 0.5},
    )  # fmt: skip
    (line,) = log(run, "validation")
    report = score(run, "builtin:town", split="val")
    for name, value in line["validation"].items():
        assert report.metrics[name]["value"] == pytest.approx(value, rel=1e-5)
    last = checkpoint.load(run / "step-00000004")
    weights, _ = load_weights(run / "generator.safetensors")
    assert all(torch.equal(last.state[f"ema.G.{name}"], weights[name]) for name in weights)
    assert any(not torch.equal(last.weights[f"G.{name}"], weights[name]) for name in weights)


def test_the_log_has_a_line_a_step_without_a_clock():
    run = finished("cyclegan", **GAMES["cyclegan"])
    lines = log(run, "losses")
    assert [line["step"] for line in lines] == [1, 2, 3, 4, 5, 6, 7]
    for line in lines:
        assert set(line) == {"step", "losses", "lr"}
        assert {"cycle_x", "cycle_y", "D_X", "D_Y", "identity_x"} < set(line["losses"])
        assert set(line["lr"]) == {"G", "D"}
    assert [line["step"] for line in log(run, "validation")] == [4, 7]
    health = log(run, "health")
    assert all(set(line) == {"step", "health", "ill"} for line in health)
    judged = [line for line in health if "D_X_real" in line["health"]]
    assert [line["step"] for line in judged] == [2, 4, 6, 7]
    assert all(0 <= value <= 1 for line in judged for value in line["health"].values())
    kinds = ("real", "fake", "certainty", "blindness")  # logits of least squares do not saturate
    assert all({f"D_{d}_{k}" for d in "XY" for k in kinds} == set(it["health"]) for it in judged)
    seen = [line for line in health if line not in judged]
    assert [line["step"] for line in seen] == [4, 7]
    kinds = ("inversion", "drift", "checkerboard")  # of a single picture there is no diversity
    assert all({f"{n}_{k}" for n in "GF" for k in kinds} == set(it["health"]) for it in seen)
    timing = [json.loads(line) for line in (run / "timing.jsonl").read_text().splitlines()]
    assert timing[-1]["step"] == 7 and all(set(line) == {"step", "seconds"} for line in timing)


def test_every_sheet_shows_the_same_inputs():
    run = finished("pix2pix", **GAMES["pix2pix"])
    sheets = [images.read(path) for path in images.find(run / "samples")]
    assert [path.name for path in images.find(run / "samples")] == [
        "00000003.png", "00000006.png", "00000007.png",
    ]  # fmt: skip
    width = sheets[0].shape[1] // 3
    for sheet in sheets[1:]:
        assert (sheet[:, :width] == sheets[0][:, :width]).all()  # input
        assert (sheet[:, -width:] == sheets[0][:, -width:]).all()  # target
    assert (sheets[0][:, width:-width] != sheets[1][:, width:-width]).any()  # output


def test_a_batch_in_parts_is_the_whole_batch(tmp_path):
    for mode, options in GAMES.items():
        options = merged(options, {"batch_size": 4, "generator": {"norm": "instance"}, "steps": 3})
        if mode == "progressive":  # its D sees four pictures together
            options = merged(options, {"growth": {"fade": 16, "batches": (8,)}})
        one = played(mode, tmp_path, **options)
        parts = {"optimization": {"accumulate": 2}}
        two = played(mode, tmp_path, name=f"{mode}-parts", **merged(options, parts))
        for a, b in zip(log(one, "losses"), log(two, "losses"), strict=True):
            assert a["losses"] == pytest.approx(b["losses"], rel=1e-5, abs=1e-5)


def test_a_batch_that_does_not_fall_into_its_parts_is_refused(tmp_path):
    with pytest.raises(UsageError, match="--batch-size 3 does not fall into 2 equal parts"):
        played("cyclegan", tmp_path, batch_size=3, optimization={"accumulate": 2})


@pytest.mark.parametrize("mode", ["pix2pix", "cyclegan"])
def test_gray_becomes_colour_and_the_identity_loss_gives_way_by_one_line(mode, tmp_path, capsys):
    data = domains(tmp_path / "data", [(40, 36, 1)] * 10, [(40, 36, 3)] * 10)
    run = played(mode, tmp_path, data={"path": str(data), "size": 32})
    said = capsys.readouterr().out
    notes = [line for line in said.splitlines() if "identity" in line]
    expected = ["note: the identity loss is off: x is image in 1 planes, y image in 3"]
    assert notes == (expected if mode == "cyclegan" else [])
    _, metadata = load_weights(run / NAMES[mode])
    assert (metadata["input"]["channels"], metadata["output"]["channels"]) == (1, 3)
    played(mode, tmp_path, data={"path": str(data), "size": 32})  # finished, and no other run
    back = played(
        mode, tmp_path, name="back", data={"path": str(data), "size": 32, "direction": "BtoA"}
    )
    assert (back / NAMES[mode].replace("AtoB", "BtoA")).is_file()


@pytest.mark.parametrize(
    "data",
    [
        {"resize": "keep", "turns": True, "jitter": 0.5},
        {"resize": "squash", "flip": False, "load": 32},
        {"resize": "none", "workers": 0},
    ],
)
def test_pictures_of_mixed_sizes_train_however_they_are_prepared(data, tmp_path):
    shapes = [(40, 60, 3), (64, 33, 3), (32, 32, 3), (100, 41, 1)]
    folder = domains(tmp_path / "data", shapes, shapes)
    run = played("pix2pix", tmp_path, batch_size=2, data={"path": str(folder), **data})
    assert (run / "generator.safetensors").is_file()


def test_wrong_data_leave_no_run_behind(tmp_path):
    with pytest.raises(ValueError, match="no such folder"):
        played("cyclegan", tmp_path / "runs", data={"path": str(tmp_path / "nowhere")})
    assert not (tmp_path / "runs").exists()


def test_what_is_due_to_tensorboard_goes_there_and_a_finished_run_leaves_no_file_open(
    tmp_path, monkeypatch
):
    closed = []
    monkeypatch.setattr(SummaryWriter, "close", lambda self, c=SummaryWriter.close: (
        closed.append(1), c(self)
    ))  # fmt: skip
    for count in (1, 2):
        run = played("cyclegan", tmp_path, steps=1, report={"tensorboard": True})
        assert len(closed) == count
    assert list((run / "tensorboard").iterdir())


def test_data_may_be_the_folder_alone(tmp_path):
    assert configured("cyclegan", {"data": tmp_path}) == configured(
        "cyclegan", {"data": {"path": str(tmp_path)}}
    )
    with pytest.raises(UsageError, match=r"^data: input should be"):
        train("cyclegan", root=tmp_path, data=3)


def test_a_start_is_where_averages_start_too(tmp_path):
    start = finished("cyclegan")
    run = played("cyclegan", tmp_path, weights_from=[start], steps=1,
                 optimization={"ema": 0.999, "lr": 1e-12})  # fmt: skip
    for folder in (start, run):
        weights, _ = load_weights(folder / NAMES["cyclegan"])
        live = checkpoint.newest(folder)[0].weights
        for name, tensor in load_weights(start / NAMES["cyclegan"])[0].items():
            torch.testing.assert_close(weights[name], tensor, rtol=0, atol=1e-6)
            torch.testing.assert_close(live[f"G.{name}"], tensor, rtol=0, atol=1e-6)


def test_options_that_nothing_reads_are_named_and_changed_pictures_too(tmp_path, capsys):
    played("pix2pix", tmp_path, weights={"cycle": 3.0}, generator={"depth": 5}, pool=9)
    said = capsys.readouterr().out
    assert "note: --weights.cycle has no effect here" in said
    assert "note: --pool has no effect here" in said
    assert "--weights.l1" not in said and "--generator" not in said


def test_a_run_on_pictures_that_changed_says_so(tmp_path, capsys):
    data = domains(tmp_path / "data", [(40, 40, 3)] * 3, [(40, 40, 3)] * 3)
    played("cyclegan", tmp_path, data={"path": str(data)})
    capsys.readouterr()
    images.write(data / "trainA" / "new.png", images.read(next((data / "trainA").iterdir())))
    played("cyclegan", tmp_path, data={"path": str(data)}, steps=5)
    assert "note: the training pictures have changed since step 4" in capsys.readouterr().out


def test_a_run_that_saved_nothing_does_not_keep_its_name(tmp_path):
    with pytest.raises(DivergedError, match="what was saved before is kept"):
        played("cyclegan", tmp_path, **LR)
    assert log(played("cyclegan", tmp_path), "losses")[-1]["step"] == 4


@pytest.mark.parametrize("name", ["", "../x", "a/b"])
def test_a_runs_name_is_a_folders(name, tmp_path):
    with pytest.raises(UsageError, match="is no folder's name"):
        played("cyclegan", tmp_path, name=name)
