import os
import pickle
from pathlib import Path
from struct import pack

import pytest
import torch
from torch import Tensor

from img2img.base.draws import seeded
from img2img.base.weights import CheckpointError, load_weights, save_weights

WEIGHTS = {
    "G.weight": torch.randn(3, 4, generator=seeded(0)),
    "G.half": torch.randn(5, generator=seeded(1)).bfloat16(),
    "D.running": torch.randn(2, 2, generator=seeded(2), dtype=torch.float64),
}
STATE = {"optimizer.G.0.step": torch.tensor(7.0), "pool_x._extra_state": torch.empty(0)}


def same(found: dict[str, Tensor], expected: dict[str, Tensor]) -> bool:
    return found.keys() == expected.keys() and all(
        found[key].dtype == value.dtype and torch.equal(found[key], value)
        for key, value in expected.items()
    )


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    facts = {"z": 1, "a": {"y": [1.5], "b": None}}
    save_weights(first, WEIGHTS, facts)
    turned = {key: value.t().contiguous().t() if value.ndim == 2 else value
              for key, value in reversed(WEIGHTS.items())}  # fmt: skip
    save_weights(second, turned, dict(reversed(facts.items())))
    assert first.read_bytes() == second.read_bytes()
    tensors, metadata = load_weights(second)
    assert same(tensors, WEIGHTS) and metadata == {**facts, "format": 1}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_values_that_are_not_finite_are_refused_both_ways(
    value: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "G.safetensors"
    sick = {"G.weight": torch.tensor([0.0, value])}
    with pytest.raises(CheckpointError, match=r"G\.weight holds values that are not finite"):
        save_weights(path, sick, {})
    assert os.listdir(tmp_path) == []
    with monkeypatch.context() as patched:
        patched.setattr(Tensor, "isfinite", lambda tensor: torch.ones_like(tensor).bool())
        save_weights(path, sick, {})
    with pytest.raises(CheckpointError, match=r"values of G\.weight are not finite"):
        load_weights(path)


def header(text: str | bytes, tail: bytes = b"\0" * 4) -> bytes:
    content = text.encode() if isinstance(text, str) else text
    return pack("<Q", len(content)) + content + tail


ONE = '"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}'
OURS = r'"__metadata__": {"img2img": "{\"format\": 1}"}'

HOSTILE = {
    "a key twice": (header(f"{{{OURS}, {ONE}, {ONE}}}"), "a key stands twice"),
    "a huge header": (pack("<Q", 1 << 40) + b"{}", "is damaged or no safetensors file"),
    "a header over the limit": (header(" " * (1 << 20) + "{}"), "is damaged or no safetensors"),
    "an empty file": (b"", "is damaged or no safetensors file"),
    "an empty header": (header(""), "is damaged or no safetensors file"),
    "too many tensors": (
        header(
            "{" + OURS + ", " + ", ".join(ONE.replace('"w"', f'"{i}"') for i in range(5000)) + "}"
        ),
        "lists 5001 tensors; 4096 are allowed",
    ),
    "not ours": (header(f"{{{ONE}}}"), "was not written by img2img"),
    "another's metadata": (header(f'{{"__metadata__": {{"format": "pt"}}, {ONE}}}'), "not written"),
    "another format": (header(f"{{{OURS.replace('1', '2', 9)}, {ONE}}}"), "of another format"),
    "a list": (header("[]"), "damaged header"),
    "a number": (header("7"), "damaged header"),
    "metadata that are a list": (header('{"__metadata__": []}'), "damaged header"),
    "metadata that are no text": (header('{"__metadata__": {"img2img": 1}}'), "damaged header"),
    "metadata that are no JSON": (header('{"__metadata__": {"img2img": "{"}}'), "damaged header"),
    "metadata of a list": (header('{"__metadata__": {"img2img": "[]"}}'), "another format"),
    "no JSON": (header("{"), "damaged header"),
    "broken text": (header(b'{"\xff": 1}'), "damaged header"),
    "a well without a floor": (header("[" * 100_000), "damaged header"),
    "a well in the metadata": (
        header('{"__metadata__": {"img2img": "' + "[" * 100_000 + '"}}'),
        "damaged header",
    ),
    "offsets past the end": (header(f"{{{OURS}, {ONE}}}", b""), "is damaged"),
    "bytes left over": (header(f"{{{OURS}, {ONE}}}", b"\0" * 9), "is damaged"),
    "a dtype that is none": (header(f"{{{OURS}, {ONE.replace('F32', 'X1')}}}"), "is damaged"),
    "a negative shape": (header(f"{{{OURS}, {ONE.replace('[1]', '[-1]')}}}"), "is damaged"),
    "a pickle": (pickle.dumps({"weight": [1.0]}), "must be converted by `img2img import` first"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    content, complaint = HOSTILE[name]
    path = tmp_path / "G.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError) as caught:
        load_weights(path)
    message = str(caught.value)
    assert complaint in message and str(path) in message
    assert "\n" not in message and len(message) < 600


def test_a_pth_file_is_sent_to_import(tmp_path: Path) -> None:
    path = tmp_path / "latest_net_G.pth"
    torch.save(WEIGHTS, path)
    with pytest.raises(CheckpointError, match="must be converted by `img2img import` first"):
        load_weights(path)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"there is no weights file .*x\.safetensors"):
        load_weights(tmp_path / "x.safetensors")
