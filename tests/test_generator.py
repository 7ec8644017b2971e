import json
import re
from shutil import copy

import numpy as np
import pytest
import torch
from PIL import Image
from tiny import finished, noise, played
from torch import Tensor

from img2img.base.initialise import initialise
from img2img.base.weights import CheckpointError, load_weights, save_weights
from img2img.generator import Generator, mirrored, pad
from img2img.images import Levels
from img2img.models import find_weights, load_generator, load_translator
from img2img.networks import build


def generator(
    *, channels=(3, 3), name="resnet", norm="instance", size=32, resize="squash", drop=0.0,
    **options,
):  # fmt: skip
    """A generator whose weights are large enough to tell inputs apart."""
    sizes = {"blocks": 1} if name == "resnet" else {"depth": 6}
    inputs, outputs = channels
    given = {"in_channels": inputs, "out_channels": outputs, "channels": 4, "norm": norm} | sizes
    network = build(name, given | {"dropout": drop})
    initialise(network, "normal", seed=0, name="G", gain=0.3)
    metadata = {
        "role": "generator", "mode": "cyclegan", "direction": "AtoB", "size": size,
        "resize": resize, "batch_norm": "image", "name": "G",
        "network": {"name": name, "options": given | {"dropout": drop}},
        "input": Levels(channels=inputs).model_dump(),
        "output": Levels(channels=outputs).model_dump(),
    }  # fmt: skip
    return Generator(network, metadata, **options)


@pytest.mark.parametrize(("inputs", "outputs"), [(1, 3), (3, 1), (3, 3), (1, 1)])
def test_each_kind_of_picture_gives_its_own_kind(inputs, outputs):
    made = generator(channels=(inputs, outputs), resize="none")
    array = noise(20, 28, inputs)
    result = made(array)
    assert (result.dtype, result.shape) == (np.uint8, (20, 28, outputs))
    image = made(Image.fromarray(array if inputs == 3 else array[..., 0]))
    assert image.mode == {1: "L", 3: "RGB"}[outputs]
    assert np.array_equal(np.atleast_3d(np.asarray(image)), result)
    values = torch.from_numpy(array.astype("f4") / 127.5 - 1).permute(2, 0, 1)[None]
    tensor = made(values)
    assert isinstance(tensor, Tensor) and tensor.shape == (1, outputs, 20, 28)
    levels = (tensor[0].permute(1, 2, 0) + 1) * 127.5
    assert np.abs(levels.numpy() - result).max() < 0.51


@pytest.mark.parametrize("name", ["resnet", "unet"])
def test_the_output_has_the_inputs_size_down_to_a_pixel(name):
    made = generator(name=name, resize="none")
    for side in range(1, 41):
        other = 1 + (7 * side) % 40
        assert made(noise(side, other, 3)).shape == (side, other, 3)
    assert made(noise(131, 67, 3)).shape == (131, 67, 3)


@pytest.mark.parametrize(
    ("resize", "scale", "seen"),
    [
        ("squash", None, (32, 32)),
        ("keep", None, (32, 56)),
        ("none", None, (40, 70)),
        ("none", "train", (40, 70)),
        ("squash", "native", (40, 70)),
        ("squash", 0.5, (20, 35)),
        ("none", 2, (80, 140)),
    ],
)
def test_a_scale_decides_what_the_network_sees(resize, scale, seen):
    made = generator(resize=resize, scale=scale)
    sizes = []
    run = made._run
    made._run = lambda values, *rest: (sizes.append(tuple(values.shape[2:])), run(values, *rest))[1]
    assert made(noise(40, 70, 3)).shape == (40, 70, 3)
    assert sizes == [seen]


@pytest.mark.parametrize("scale", [0, -1, 17, "big", float("nan")])
def test_a_scale_that_is_none_is_refused(scale):
    with pytest.raises(ValueError, match=r"unknown scale .*; give train, native or a factor up to"):
        generator(scale=scale)


@pytest.mark.parametrize("norm", ["batch", "instance", "group"])
def test_a_picture_alone_is_the_picture_in_a_batch(norm):
    made = generator(norm=norm, drop=0.5, dropout=True)
    batch = torch.rand(3, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1
    together = made(batch, key="a")
    for one, expected in zip(batch, together, strict=True):
        assert torch.equal(made(one[None], key="a")[0], expected)


def test_dropout_is_off_unless_asked_for_and_follows_from_seed_and_key():
    picture = noise(32, 32, 3)
    off, on = generator(drop=0.5), generator(drop=0.5, dropout=True)
    assert off.draws and not off.dropout and not generator(dropout=True).draws
    assert (off(picture, seed=1) == off(picture, seed=2)).all()
    assert (on(picture, seed=1, key="a") == on(picture, seed=1, key="a")).all()
    results = [on(picture, seed=1, key="a"), on(picture, seed=2, key="a")]
    results.append(on(picture, seed=1, key="b"))
    for i in range(3):
        assert (results[i] != results[i - 1]).any()
        assert (results[i] != off(picture)).any()


def test_batch_norm_uses_the_pictures_own_statistics_or_the_running_ones():
    picture = noise(32, 32, 3)
    image, running = (generator(norm="batch", batch_norm=kind) for kind in ("image", "running"))
    assert generator(norm="batch").batch_norm == "image"
    assert (image(picture) != running(picture)).any()
    assert np.array_equal(image(picture), generator(norm="batch")(picture))


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        (noise(8, 8), r"\(8, 8\) is no picture's shape; give \(H, W, C\)"),
        (noise(8, 8, 4), "the picture has 4 channels, but 3 were expected"),
        (noise(8, 8, 3).astype("u2"), "the picture is uint16, but uint8 was expected"),
        (torch.zeros(1, 1, 8, 8), "the tensor has 1 channels, but the network takes 3"),
        (torch.zeros(3, 8, 8), r"cannot translate torch.float32 of \(3, 8, 8\); give floats"),
        (torch.zeros(1, 3, 8, 8, dtype=torch.uint8), "cannot translate torch.uint8"),
        (torch.zeros(0, 3, 8, 8), r"of \(0, 3, 8, 8\)"),
        ("a.png", "cannot translate a str; give a PIL image, an array"),
    ],
)
def test_what_is_no_picture_of_the_inputs_kind_is_one_sentence(picture, message):
    with pytest.raises(ValueError, match=message):
        generator()(picture)


def test_gray_is_taken_for_colour_and_any_pil_mode_is_converted():
    made = generator()
    gray = noise(20, 20, 1)
    assert np.array_equal(made(gray), made(np.repeat(gray, 3, 2)))
    image = Image.fromarray(gray[..., 0])
    assert np.array_equal(np.asarray(made(image)), made(gray))
    assert made(image.convert("P")).size == (20, 20)


def test_a_tensor_of_doubles_is_translated_too():
    made = generator()
    values = torch.zeros(1, 3, 8, 8, dtype=torch.float64)
    assert torch.equal(made(values), made(values.float()))


def test_padding_mirrors_as_often_as_it_takes():
    assert mirrored(3, 8).tolist() == [0, 1, 2, 1, 0, 1, 2, 1]
    assert mirrored(1, 4).tolist() == [0, 0, 0, 0]
    assert pad(torch.zeros(1, 1, 9, 16), 4).shape == (1, 1, 12, 16)
    assert pad(torch.zeros(1, 1, 1, 1), 4).shape == (1, 1, 8, 8)


def test_weights_that_make_no_numbers_are_no_picture():
    made = generator()
    next(made.network.parameters()).data.fill_(float("nan"))
    with pytest.raises(ValueError, match="output is not finite; its weights are damaged"):
        made(noise(16, 16, 3))


def test_a_run_is_asked_for_a_direction_or_gives_a_to_b():
    run = finished("cyclegan")
    for asked, goes in ((None, "AtoB"), ("AtoB", "AtoB"), ("BtoA", "BtoA")):
        assert load_generator(run, direction=asked, device="cpu").metadata["direction"] == goes
    with pytest.raises(ValueError, match="goes AtoB, not BtoA; leave --direction out"):
        load_generator(finished("pix2pix"), direction="BtoA")
    with pytest.raises(ValueError, match="unknown direction 'AB'; choose from AtoB, BtoA"):
        load_generator(run, direction="AB")


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(ValueError, match=f"there is no model {tmp_path}/none; give a run"):
        find_weights(tmp_path / "none")
    with pytest.raises(ValueError, match="holds no generator; give a run that has been saved"):
        find_weights(tmp_path)
    with pytest.raises(ValueError, match="no generator builtin:horse is built in"):
        find_weights("builtin:horse")
    with pytest.raises(ValueError, match="device 'tpu' is not there"):
        load_generator(finished("pix2pix"), device="tpu")


def test_no_other_files_are_taken_for_generators(tmp_path):
    run = finished("cyclegan")
    weights = run / "step-00000004" / "weights.safetensors"
    whole = run / "generator_AtoB.safetensors"
    tensors, metadata = load_weights(whole)
    cases = {"text": b"hello", "empty": b"", "half": whole.read_bytes()[:-9]}
    for name, content in cases.items():
        (tmp_path / name).write_bytes(content)
    save_weights(tmp_path / "judge", tensors, metadata | {"role": "discriminator"})
    save_weights(tmp_path / "lacking", tensors, {"role": "generator", "name": "G"})
    wider = json.loads(json.dumps(metadata))
    wider["network"]["options"]["channels"] = 8
    save_weights(tmp_path / "wider", tensors, wider)
    save_weights(tmp_path / "kind", tensors, metadata | {"input": {"channels": 0}})
    save_weights(tmp_path / "unknown", tensors, metadata | {"network": {"name": "resent"}})
    copy(weights, tmp_path / "weights")
    for name, message in [
        ("text", "is damaged or no safetensors file"),
        ("empty", "is damaged or no safetensors file"),
        ("half", "is damaged"),
        ("judge", "holds a discriminator; give a run or a generator's file"),
        ("lacking", "lacks batch_norm, direction, input, mode, network, output, resize, size"),
        ("wider", "does not fit its own description"),
        ("kind", "does not fit its own description"),
        ("unknown", "does not fit its own description"),
        ("weights", "holds a checkpoint; give a run or a generator's file"),
    ]:
        with pytest.raises(CheckpointError, match=re.escape(message)) as error:
            load_generator(tmp_path / name)
        assert str(tmp_path / name) in str(error.value) and "\n" not in str(error.value), name


def test_what_draws_from_noise_translates_nothing(tmp_path):
    options = {"generator": {"channels": 4, "blocks": None}, "batch_size": 2, "steps": 1}
    discriminator = {"channels": 4, "name": "dcgan-discriminator"}
    run = played("dcgan", tmp_path, discriminator=discriminator, **options)
    with pytest.raises(ValueError, match="draws from noise and translates nothing"):
        load_translator(run)
