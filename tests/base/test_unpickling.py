import ast
import io
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import img2img
from img2img.base.unpickling import arrays, saved, scripted

PACKAGE = Path(img2img.__file__).parent


class Hostile:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def script(pickled: bytes, *storages: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("net/data.pkl", pickled)
        for number, storage in enumerate(storages):
            archive.writestr(f"net/data/{number}", storage)
    return file.getvalue()


@pytest.mark.parametrize("protocol", [3, 4])
def test_nested_arrays_come_back_bit_by_bit(protocol: int) -> None:
    draw = np.random.default_rng(protocol)
    tree = {"a": {"kernel": draw.normal(size=(3, 2)).astype(np.float32), "n": 3}, "b": [None, 0.5]}
    data = pickle.dumps(tree, protocol)
    for content in (data, data.replace(b"numpy._core", b"numpy.core")):
        if protocol == 4 and content != data:
            continue  # its lengths would be wrong
        found = arrays(content)
        assert found["a"]["kernel"].tobytes() == tree["a"]["kernel"].tobytes()
        assert found["b"] == tree["b"]


def test_a_hostile_pickle_is_refused_and_nothing_of_it_runs(tmp_path: Path) -> None:
    target = tmp_path / "ran"
    data = pickle.dumps({"kernel": Hostile(target)})
    with pytest.raises(pickle.UnpicklingError, match=r"mkdir is refused"):
        arrays(data)
    with pytest.raises(pickle.UnpicklingError, match=r"mkdir is refused"):
        scripted(script(data))
    torch.save({"weight": Hostile(target)}, tmp_path / "file.pth")
    with pytest.raises(pickle.UnpicklingError):
        saved(tmp_path / "file.pth")
    assert not target.exists()
    pickle.loads(data)  # so it does run where anyone lets it
    assert target.exists()


@pytest.mark.parametrize("name", ["load", "fromfile", "lib.format.read_array", "ndarray.tofile"])
def test_of_numpy_itself_only_arrays_are_let_through(name: str) -> None:
    data = b"\x80\x04\x8c\x05numpy" + b"\x8c" + bytes([len(name)]) + name.encode() + b"\x93."
    with pytest.raises(pickle.UnpicklingError, match=f"numpy.{name} is refused"):
        arrays(data)


class Norm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.beta = nn.Parameter(torch.randn(3))
        self.register_buffer("mean", torch.randn(4).expand(3, 4))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.beta


@pytest.mark.filterwarnings("ignore")
def test_a_script_gives_the_tensors_that_torch_finds_in_it() -> None:
    network = nn.Sequential(nn.Conv2d(2, 3, 3), nn.Sequential(Norm(), nn.ReLU()))
    file = io.BytesIO()
    torch.jit.save(torch.jit.script(network), file)
    expected = torch.jit.load(io.BytesIO(file.getvalue())).state_dict()
    found = scripted(file.getvalue())
    assert found.keys() == expected.keys() == network.state_dict().keys()
    assert all(torch.equal(found[key], expected[key]) for key in expected)


def tensor(elements: int, size: int) -> bytes:
    """A pickle of {"w": a float32 tensor of `size`} over storage 0 of `elements`, written out."""
    return (
        b"\x80\x02c__torch__\nNet\n)\x81}X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n"
        b"((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK"
        + bytes([elements])
        + b"tQK\x00(K"
        + bytes([size])
        + b"t(K\x01t\x89ccollections\nOrderedDict\n)RtRsb."
    )


def test_a_tensor_of_a_script_ends_where_its_storage_ends() -> None:
    storage = np.arange(3, dtype=np.float32).tobytes()
    assert scripted(script(tensor(3, 3), storage))["w"].tolist() == [0, 1, 2]
    with pytest.raises(RuntimeError, match="out of bounds"):
        scripted(script(tensor(3, 4), storage))
    with pytest.raises(pickle.UnpicklingError, match="storage 0 is not of 4 float32"):
        scripted(script(tensor(4, 4), storage))


def unpickles(node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        return bool({"pickle", "dill", "joblib", "cloudpickle"} & {n.split(".")[0] for n in names})
    if not isinstance(node, ast.Call):
        return False
    if any(k.arg == "allow_pickle" and ast.unparse(k.value) != "False" for k in node.keywords):
        return True
    return ast.unparse(node.func) in ("torch.load", "torch.jit.load", "jit.load")


def test_one_file_of_the_package_unpickles() -> None:
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if any(unpickles(node) for node in ast.walk(ast.parse(path.read_text())))
    }
    assert found == {"base/unpickling.py"}
