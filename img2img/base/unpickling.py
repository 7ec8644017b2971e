"""Unpickling, in this file alone: tensors and arrays are let through, and nothing is executed."""

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import numpy as np
import torch
from torch import Tensor

RECONSTRUCT = np.zeros(0).__reduce__()[0]  # its module is called otherwise in numpy 1 and 2
ARRAYS = {
    "numpy.core.multiarray._reconstruct": RECONSTRUCT,
    "numpy._core.multiarray._reconstruct": RECONSTRUCT,
    "numpy.ndarray": np.ndarray,
    "numpy.dtype": np.dtype,
}


def saved(file: Path | BinaryIO) -> Any:
    """What `torch.save` wrote, of tensors, numbers and containers alone.

    Raises:
        Exception: a damaged or hostile file fails in ways without a common type.
    """
    return torch.load(file, map_location="cpu", weights_only=True)


def arrays(data: bytes) -> Any:
    """What `pickle.dump` wrote, of numpy arrays, numbers and containers alone.

    Raises:
        pickle.UnpicklingError: it asks for anything else.
    """
    return _Allowing(data, ARRAYS).load()


def scripted(data: bytes) -> dict[str, Tensor]:
    """The tensors of a TorchScript archive by their dotted names; its code is not even read.

    `torch.jit.load`, which would compile it, is deprecated.

    Raises:
        pickle.UnpicklingError: it asks for more than modules and float32 tensors.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        [table] = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        root = table.removesuffix(".pkl")

        def storage(key: str) -> Tensor:
            return torch.frombuffer(bytearray(archive.read(f"{root}/{key}")), dtype=torch.float32)

        module = _Scripted(archive.read(table), SCRIPT, storage).load()
    return dict(_tensors(module))


class _Allowing(pickle.Unpickler):
    """An unpickler that knows a few names and refuses all others."""

    def __init__(self, data: bytes, names: Mapping[str, Any]) -> None:
        super().__init__(io.BytesIO(data))
        self.names = names

    def find_class(self, module: str, name: str) -> Any:
        """What the pickle means by a name."""
        if f"{module}.{name}" not in self.names:
            raise pickle.UnpicklingError(f"{module}.{name} is refused: it is no array")
        return self.names[f"{module}.{name}"]


class _Scripted(_Allowing):
    """Modules become plain namespaces, and their storages are read beside the pickle."""

    def __init__(self, data: bytes, names: Mapping[str, Any], storage: Any) -> None:
        super().__init__(data, names)
        self.storage = storage

    def find_class(self, module: str, name: str) -> Any:
        """A namespace for every class of the script."""
        if module.split(".")[0] == "__torch__":
            return SimpleNamespace
        return super().find_class(module, name)

    def persistent_load(self, pid: Any) -> Tensor:
        """A storage: ("storage", its type, the entry's name, device, elements)."""
        _, kind, key, _, elements = pid
        values: Tensor = self.storage(key)
        if kind is not torch.float32 or len(values) != elements:
            raise pickle.UnpicklingError(f"storage {key} is not of {elements} float32")
        return values


def _rebuilt(values: Tensor, offset: int, size: Any, stride: Any, *_: Any) -> Tensor:
    """A tensor over a storage, bounds checked; what follows concerns gradients."""
    return values.as_strided(size, stride, offset)


SCRIPT = {
    "collections.OrderedDict": OrderedDict,
    "torch.FloatStorage": torch.float32,
    "torch._utils._rebuild_tensor_v2": _rebuilt,
    "torch.jit._pickle.build_intlist": list,
}


def _tensors(module: SimpleNamespace, prefix: str = "") -> Iterator[tuple[str, Tensor]]:
    for name, value in vars(module).items():
        if isinstance(value, SimpleNamespace):
            yield from _tensors(value, f"{prefix}{name}.")
        elif isinstance(value, Tensor):
            yield f"{prefix}{name}", value
