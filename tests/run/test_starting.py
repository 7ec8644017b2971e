import re

import pytest
import torch
from tiny import finished, log, played

from img2img.base.checkpoint import newest
from img2img.base.weights import CheckpointError, load_weights, save_weights
from img2img.config import UsageError
from img2img.run.starting import adopted, start_from
from img2img.train import train

STILL = {"optimization": {"lr": 1e-12}, "steps": 1}
BARE = {"device": "cpu", "data": {"size": 32}, "report": {"tensorboard": False, "pictures": 1}}


def same(run, name, tensors):
    found = newest(run)[0].weights
    assert {key for key in found if key.startswith(f"{name}.")} == {f"{name}.{k}" for k in tensors}
    for key, tensor in tensors.items():
        torch.testing.assert_close(found[f"{name}.{key}"], tensor, rtol=0, atol=1e-6)


def split(run):
    networks = {}
    for key, tensor in newest(run)[0].weights.items():
        name, _, rest = key.partition(".")
        networks.setdefault(name, {})[rest] = tensor
    return networks


@pytest.mark.parametrize("mode", ["pix2pix", "cyclegan"])
def test_a_run_gives_its_weights_and_its_architecture(mode, tmp_path, capsys):
    options = {"generator": {"upsampling": "bilinear"}} if mode == "cyclegan" else {}
    start = finished(mode, **options)
    capsys.readouterr()
    run = train(mode, root=tmp_path, weights_from=[start], **STILL, **BARE)
    said = capsys.readouterr().out
    for name, tensors in split(start).items():
        same(run, name, tensors)
        assert f"note: {name} from {start}" in said
    again = train(mode, root=tmp_path, weights_from=[start], **STILL, **BARE)
    assert f"{again} is finished" in capsys.readouterr().out


def test_the_best_of_a_run_is_what_another_starts_from(tmp_path):
    start = played("pix2pix", tmp_path, report={"validate_every": 1})
    assert (start / "best").is_dir()
    run = train("pix2pix", root=tmp_path, name="next", weights_from=[start], **STILL, **BARE)
    same(run, "G", load_weights(start / "generator.safetensors")[0])


def test_single_generators_start_a_cyclegan(tmp_path):
    start = finished("cyclegan", generator={"blocks": 2, "upsampling": "nearest"})
    files = [start / f"generator_{goes}.safetensors" for goes in ("AtoB", "BtoA")]
    options = {"discriminator": {"channels": 4, "layers": 1}, **STILL, **BARE}
    run = train("cyclegan", root=tmp_path, weights_from=files, **options)
    for name, file in zip("GF", files, strict=True):
        same(run, name, load_weights(file)[0])


def test_a_generator_may_change_the_game(tmp_path):
    start = finished("cyclegan") / "generator_AtoB.safetensors"
    run = train("pix2pix", root=tmp_path, weights_from=[start], **STILL, **BARE)
    same(run, "G", load_weights(start)[0])
    assert log(run, "losses")[0]["losses"]["L1"] > 0


def test_options_win_over_what_is_adopted_and_what_does_not_fit_is_said(tmp_path):
    start = finished("pix2pix")
    with pytest.raises(
        CheckpointError, match=r"G does not fit: down.0.0?.*is \(4, .* there and \(8,"
    ) as error:
        train("pix2pix", root=tmp_path, weights_from=[start], generator={"channels": 8}, **BARE)
    assert "leave out options of the network" in str(error.value)
    with pytest.raises(UsageError, match="--size 48 is no multiple of 32, as this unet needs"):
        train("pix2pix", root=tmp_path, weights_from=[start], device="cpu", data={"size": 48})


def test_what_holds_nothing_to_start_from_is_one_sentence(tmp_path):
    run = finished("cyclegan")
    F = run / "generator_BtoA.safetensors"
    tensors, metadata = load_weights(F)
    save_weights(tmp_path / "nameless", tensors, {"role": "generator", "network": 3})
    (tmp_path / "text").write_text("hello")
    for mode, source, message in [
        ("pix2pix", F, "holds F, but G, D are to be trained; give weights of one of those"),
        ("cyclegan", tmp_path / "nameless", "holds no single network; give a generator's file"),
        ("cyclegan", tmp_path / "text", "is damaged or no safetensors file"),
        ("cyclegan", tmp_path / "none", "there is no weights file"),
        ("cyclegan", run / "step-00000004" / "weights.safetensors", "holds no single network"),
        ("cyclegan", tmp_path, "is no run: it has no config.yaml"),
    ]:
        with pytest.raises(ValueError, match=re.escape(message)) as error:
            train(mode, root=tmp_path / "runs", weights_from=[source], **BARE)
        assert str(source) in str(error.value) and "\n" not in str(error.value)
    assert metadata["name"] == "F"


def test_nothing_is_adopted_of_nothing():
    assert adopted([]) == {} and start_from([], {}) == []


def test_a_generator_is_adopted_option_by_option():
    start = finished("pix2pix") / "generator.safetensors"
    assert adopted([start]) == {
        "generator": {
            "name": "unet", "channels": 4, "depth": 5, "norm": "instance", "dropout": 0.5,
            "upsampling": "nearest",
        }
    }  # fmt: skip
