import json

import pytest
import torch
from tiny import finished, noise, played

from img2img.base import checkpoint
from img2img.base.runtime import Runtime
from img2img.base.weights import load_weights
from img2img.models import load_generator
from img2img.modes import find_mode
from img2img.run.folder import read_config
from img2img.run.schedules import length
from img2img.run.session import Session
from img2img.run.sources import open_source


def opened(run):
    config = read_config(run)
    source = open_source(config, find_mode(config.mode).paired)
    return Session(run, config, source, length(config, 1000), Runtime("cpu"))


@pytest.mark.parametrize("mode", ["pix2pix", "cyclegan"])
def test_what_is_restored_is_what_was_saved(mode, tmp_path):
    run = played(mode, tmp_path, pool=2, optimization={"ema": 0.5})
    found, _ = checkpoint.newest(run)
    session = opened(run)
    session.restore(found)
    session.run = tmp_path / "again"
    session.save(found.step)
    again = checkpoint.load(tmp_path / "again" / "step-00000004")
    assert again.facts == found.facts
    for one, other in ((found.weights, again.weights), (found.state, again.state)):
        assert one.keys() == other.keys()
        assert all(torch.equal(one[key], other[key]) for key in one)
    assert any(key.startswith("ema.G.") for key in found.state)
    assert any(key.startswith("optimizer.") for key in found.state)
    if mode == "cyclegan":
        assert [len(v) for k, v in found.state.items() if k.endswith("extra_state")] == [2, 2]


def test_the_same_step_gives_the_same_bytes(tmp_path):
    runs = [played("pix2pix", tmp_path / name) for name in "ab"]
    files = [(run / "step-00000004" / "MANIFEST.json").read_bytes() for run in runs]
    assert files[0] == files[1]


@pytest.mark.parametrize("direction", ["AtoB", "BtoA"])
def test_the_files_of_a_cyclegan_go_where_their_names_say(direction, tmp_path):
    run = played("cyclegan", tmp_path, steps=1, data={"direction": direction})
    back = "BtoA" if direction == "AtoB" else "AtoB"
    found = checkpoint.load(run / "step-00000001").weights
    for name, goes in (("G", direction), ("F", back)):
        tensors, metadata = load_weights(run / f"generator_{goes}.safetensors")
        assert (metadata["name"], metadata["direction"]) == (name, goes)
        assert all(torch.equal(tensor, found[f"{name}.{key}"]) for key, tensor in tensors.items())


def test_a_generators_file_says_all_that_is_needed_to_use_it():
    _, metadata = load_weights(finished("pix2pix") / "generator.safetensors")
    assert metadata["trained_on"] == "builtin:town"
    assert metadata["network"]["name"] == "unet"
    assert metadata["network"]["options"]["depth"] == 5
    facts = {key: metadata[key] for key in ("format", "role", "mode", "size", "resize", "step")}
    assert facts == {
        "format": 1, "role": "generator", "mode": "pix2pix", "size": 32, "resize": "none", "step": 4
    }  # fmt: skip
    json.dumps(metadata)


def test_a_run_needs_nothing_but_a_generators_file_to_translate(tmp_path):
    run = played("pix2pix", tmp_path, steps=1)
    expected = load_generator(run, device="cpu")(noise(20, 24, 3))
    for path in run.rglob("*"):
        if path.is_file() and path.name != "generator.safetensors":
            path.unlink()
    assert (load_generator(run, device="cpu")(noise(20, 24, 3)) == expected).all()


def test_the_last_checkpoints_alone_are_kept(tmp_path):
    run = played("cyclegan", tmp_path, steps=5, report={"save": 1, "keep": 3})
    assert [path.name[-1] for path in checkpoint.steps(run)] == ["5", "4", "3"]
