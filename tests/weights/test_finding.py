import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from img2img import weights
from img2img.weights import finding
from img2img.weights.catalogue import KNOWN


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folder named, the environment's and the cache, in their order."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("IMG2IMG_WEIGHTS", str(tmp_path / "environment"))
    return [tmp_path / "named", tmp_path / "environment", tmp_path / "xdg" / "img2img" / "weights"]


def put(folder: Path, name: str = "vgg16") -> Path:
    folder.mkdir(parents=True)
    save_file({"features.0.bias": torch.arange(3.0)}, folder / f"{name}.safetensors")
    return folder / f"{name}.safetensors"


def test_the_nearest_folder_wins(places: list[Path]) -> None:
    for folder in reversed(places):  # the farthest is filled first
        path = put(folder)
        assert weights.find("vgg16", places[0]) == path
    assert weights.find("vgg16") == places[1] / "vgg16.safetensors"


def test_an_empty_variable_and_a_relative_cache_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMG2IMG_WEIGHTS", "")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/somebody"))
    for system, cache in {
        "linux": "/home/somebody/.cache",
        "darwin": "/home/somebody/Library/Caches",
    }.items():
        monkeypatch.setattr(sys, "platform", system)
        assert finding.folders() == [Path(cache, "img2img/weights")]


def test_windows_keeps_caches_in_its_local_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert finding.cache() == tmp_path / "img2img" / "weights"


@pytest.mark.parametrize("name", KNOWN)
def test_a_missing_file_is_one_sentence_with_the_ways_out(name: str, places: list[Path]) -> None:
    with pytest.raises(weights.MissingWeightsError) as caught:
        weights.find(name, places[0])
    text = str(caught.value)
    assert text.startswith(f"there is no {name}.safetensors in ")
    assert all(str(place) in text for place in places)
    assert f"`img2img weights get {name}`" in text and "put the file there" in text
    assert ("--from packages" in text) == (name != "vgg19")
    assert "\n" not in text and ". " not in text


def test_an_unknown_name_is_answered_with_the_known() -> None:
    with pytest.raises(ValueError, match=r"unknown weights 'vgg20'; choose from vgg19, vgg16, "):
        weights.find("vgg20")


def test_tensors_come_as_they_were_written(places: list[Path]) -> None:
    put(places[2])
    assert weights.load("vgg16")["features.0.bias"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("kept", [0, 7, 40, -1])
def test_a_damaged_file_is_one_sentence(kept: int, places: list[Path]) -> None:
    path = put(places[1])
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ValueError, match=r"is damaged \(.*remove it and run `img2img weights get"):
        weights.load("vgg16")


def test_importing_the_weights_imports_no_torch() -> None:
    modules = "img2img.weights, img2img.weights.getting, img2img.commands.weights"
    code = f"import sys, {modules}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_all_that_are_missing_are_named_at_once(tmp_path: Path) -> None:
    put(tmp_path / "named", "alexnet")
    with pytest.raises(weights.MissingWeightsError) as told:
        weights.find_all(("vgg16", "alexnet", "dists"), tmp_path / "named")
    assert "there is no vgg16.safetensors and dists.safetensors in" in str(told.value)
    assert "`img2img weights get vgg16 dists`" in str(told.value)
    with pytest.raises(weights.MissingWeightsError, match="there is no vgg16"):
        weights.find_all(("vgg16", "alexnet"), tmp_path / "named")
    found = weights.find_all(("alexnet",), tmp_path / "named")
    assert found == [tmp_path / "named" / "alexnet.safetensors"]
