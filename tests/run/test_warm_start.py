import shutil

import numpy as np
import pytest
from tiny import contents, log, noise, played, stopped

from img2img import images, models
from img2img.base import checkpoint
from img2img.base.weights import load_weights
from img2img.config import UsageError
from img2img.options import merged

SRGAN = {
    "pretrain_steps": 3,
    "steps": 6,
    "batch_size": 2,
    "pool": 0,
    "data": {"size": 16, "scale": 2},
    "generator": {"name": "edsr", "channels": 4, "blocks": 1},
    "content": {"features": "none"},
    "discriminator": {"name": "patchgan", "norm": "none"},
    "optimization": {"lr": 1e-3, "pretrain_lr": 2e-3, "pretrain_schedule": "cosine"},
    "report": {"validate_every": 1, "save": 100, "health": 1, "samples": 3},
}


@pytest.fixture
def folder(tmp_path):
    """Twelve pictures, two of them for validation."""
    for number in range(12):
        picture = np.repeat(np.repeat(noise(16, 16, 3, seed=number), 2, 0), 2, 1)
        images.write(tmp_path / "set" / f"{number}.png", picture)
    return tmp_path / "set"


def srgan(folder, root, **changes):
    return played("srgan", root, **merged(merged(SRGAN, {"data": {"path": str(folder)}}), changes))


def test_one_counter_counts_both_stages(folder, tmp_path):
    run = srgan(folder, tmp_path)
    steps = log(run, "losses")
    assert [[*step["losses"]] for step in steps] == [["pixel"]] * 3 + [["D", "GAN"]] * 3
    assert [[*step["lr"]] for step in steps] == [["SRResNet"]] * 3 + [["D", "G"]] * 3
    assert [step["lr"].get("SRResNet") for step in steps[:3]] == [0.002, 0.0015, 0.0005]


def test_it_resumes_to_the_bit_in_either_stage_and_between(folder, tmp_path, monkeypatch):
    whole = srgan(folder, tmp_path / "whole")
    assert {p.name for p in whole.glob("*.safetensors")} == {
        "generator.safetensors", "warm-start-generator.safetensors",
    }  # fmt: skip
    for number in (2, 3, 4):
        root = tmp_path / str(number)
        data = {"path": str(folder)}
        stopped(monkeypatch, number, "srgan", root, **merged(SRGAN, {"data": data}))
        assert contents(srgan(folder, root)) == contents(whole)


def test_decibels_choose_within_the_warm_start_alone(folder, tmp_path):
    run = srgan(folder, tmp_path)
    assert not (run / "best").exists()
    assert load_weights(run / "generator.safetensors")[1]["step"] == 6
    assert load_weights(run / "warm-start-generator.safetensors")[1]["step"] <= 3
    asked = srgan(folder, tmp_path, name="asked", report={**SRGAN["report"], "best": "psnr"})
    assert (asked / "best").is_dir()


def test_the_players_of_the_second_stage_start_with_fresh_optimisers(folder, tmp_path):
    run = srgan(folder, tmp_path, pretrain_steps=3, report={**SRGAN["report"], "keep_every": 4})
    state = checkpoint.load(run / "step-00000004").state
    counts = {key.split(".")[1]: int(v) for key, v in state.items() if key.endswith(".0.step")}
    assert counts == {"D": 1, "G": 1}  # the other is over


def test_without_the_features_it_ends_with_the_warm_start_and_says_what_to_do(
    folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("IMG2IMG_WEIGHTS", str(tmp_path / "nowhere"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "nowhere"))
    content = {"features": "vgg16:relu5_3"}
    for _ in range(2):  # the second time nothing is left to do
        run = srgan(folder, tmp_path, content=content)
        said = capsys.readouterr().out
        assert "ends with the warm start, after step 3" in said and "vgg16" in said
    assert "weights get vgg16" in said
    assert load_weights(run / "generator.safetensors")[1]["step"] <= 3
    with pytest.raises(UsageError, match="or choose --content"):
        srgan(folder, tmp_path, name="other", content=content, pretrain_steps=0)


def test_every_term_is_said_when_it_first_appears(folder, tmp_path, capsys):
    srgan(folder, tmp_path)
    said = [line for line in capsys.readouterr().out.splitlines() if "losses of step" in line]
    assert len(said) == 2
    assert "step 1: pixel" in said[0] and "step 4: D" in said[1] and "GAN" in said[1]


def test_d_is_not_judged_before_it_plays(folder, tmp_path):
    looks = [line for line in log(srgan(folder, tmp_path), "health") if "D_real" in line["health"]]
    assert [look["step"] for look in looks] == [4, 5, 6]


@pytest.mark.parametrize("name", ["srresnet", "msrresnet", "edsr", "resnet", "unet"])
def test_every_generator_enlarges(folder, tmp_path, name):
    generator = {"name": name, "channels": 4, "blocks": 1, "depth": 3}
    run = srgan(folder, tmp_path, generator=generator, steps=2, pretrain_steps=1)
    made = models.load_generator(run)
    assert made.enlarges == 2
    assert made(noise(9, 13, 3)).shape == (18, 26, 3)


def test_a_layer_that_is_not_there_is_refused_before_the_first_step(folder, tmp_path):
    with pytest.raises(ValueError, match="vgg19 has no layer 'relu9_9'"):
        srgan(folder, tmp_path, content={"features": "vgg19:relu9_9"})


def test_weights_that_went_missing_in_the_second_stage_are_said(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("IMG2IMG_WEIGHTS", str(tmp_path / "nowhere"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "nowhere"))
    run = srgan(folder, tmp_path)
    text = (run / "config.yaml").read_text()
    (run / "config.yaml").write_text(text.replace("features: none", "features: vgg16:relu1_1"))
    with pytest.raises(UsageError, match=r"vgg16\.safetensors"):
        srgan(folder, tmp_path, content={"features": "vgg16:relu1_1"}, steps=8)


def test_the_schedules_of_both_stages_are_said(folder, tmp_path, capsys):
    srgan(folder, tmp_path)
    said = capsys.readouterr().out
    assert "warm start of 3 steps: lr from 0.002 to 0 by a cosine; then 3 steps: lr 0.001" in said
    srgan(folder, tmp_path, name="short", steps=2)
    assert "all 2 steps are of the warm start" in capsys.readouterr().out


def test_a_dry_run_plays_the_dearer_stage(folder, tmp_path, monkeypatch):
    from img2img.trainers import srgan as game

    judged = []
    judge = game.SRGAN.judge
    monkeypatch.setattr(game.SRGAN, "judge", lambda *it: judged.append(1) or judge(*it))
    options = merged(SRGAN, {"data": {"path": str(folder)}})
    played("srgan", tmp_path, dry_run=True, **options)
    assert judged and not (tmp_path / "srgan").exists()


def test_the_warm_start_that_is_kept_is_not_overwritten(folder, tmp_path):
    run = srgan(folder, tmp_path)
    kept = (run / "warm-start-generator.safetensors").read_bytes()
    for step in range(4, 7):
        for place in run.glob(f"step-{step:08d}"):
            shutil.rmtree(place)  # as if it were damaged: back to the warm start
    assert contents(srgan(folder, tmp_path))["warm-start-generator.safetensors"] == kept
