import json

import numpy as np
import pytest
from projected import projected
from tiny import domains, finished

from img2img import images
from img2img.cli import main


@pytest.fixture
def said(capsys):
    """Runs a command line: (exit code, output, error stream)."""

    def run(*arguments):
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return run


@pytest.fixture(autouse=True)
def scene(tmp_path, monkeypatch):
    """Folders a and b of 6 pictures each, below the working folder; no weights."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IMG2IMG_WEIGHTS", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    projected(monkeypatch)
    for i in range(6):
        for side in "ab":
            draw = np.random.default_rng([i, ord(side)])
            images.write(tmp_path / side / f"{i}.png", draw.integers(0, 256, (32, 32, 3), np.uint8))


def test_figures_are_printed_with_their_protocols_and_what_is_left_out(said):
    code, out, err = said("evaluate", "a", "b")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    (l1,) = [line for line in lines if line.startswith("l1 ")]
    assert " to " in l1 and l1.endswith("mean over pictures")
    (fid,) = [line for line in lines if line.startswith("fid ")]
    assert fid.endswith("(Heusel et al. 2017)")
    assert any(line.startswith("protocol   range [0, 255]") for line in lines)
    assert any(line.startswith("  l1, psnr, ") and ": name rgb" in line for line in lines)
    assert any("name pytorch-fid" in line and "000000000000..." in line for line in lines)
    (left,) = [line for line in lines if line.startswith("left out   memorisation")]
    assert left.endswith("give the training pictures by --train")
    assert any(line.startswith("warning: fid of 6 pictures") for line in lines)


def test_two_sets_are_compared_by_a_switch_and_by_names(said):
    code, out, _ = said("evaluate", "a", "b", "--unpaired", "--metrics", "kid,swd")
    names = [line.split()[0] for line in out.splitlines()]
    assert code == 0 and names == ["looking", "kid", "swd", "protocol", "kid:", "swd:"]
    assert "(error" in out or "error " in out


def test_pictures_without_a_partner_are_told_by_the_exit_code(said, tmp_path):
    (tmp_path / "a/5.png").unlink()
    code, out, _ = said("evaluate", "a", "b", "--metrics", "l1")
    assert code == 3 and out.splitlines()[-1] == "1 unmatched: b/5.png"
    assert said("evaluate", "a", "b", "--unpaired", "--metrics", "swd")[0] == 0


def test_two_reports_are_compared_line_by_line(said, tmp_path):
    for name, metrics in (("one", "l1,swd"), ("two", "l1,psnr,swd")):
        assert said("evaluate", "a", "b", "--metrics", metrics, "--json", f"{name}.json")[0] == 0
    code, out, err = said("compare", "one.json", "two.json", "--json", "both.json")
    head, first, second, third = out.splitlines()
    assert head.split() == ["first", "second", "difference"]
    assert (code, err) == (0, "") and third == "only in two.json: psnr"
    assert first.split()[0] == "l1" and first.split()[-1] == "+0"
    assert first.split()[1] == first.split()[2] and second.split()[0] == "swd"
    assert json.loads((tmp_path / "both.json").read_text())["metrics"]["l1"]["difference"] == 0
    assert len(said("compare", "one.json", "two.json", "--metrics", "l1")[1].splitlines()) == 3
    old = (tmp_path / "one.json").read_text().replace('"version": "', '"version": "0')
    (tmp_path / "old.json").write_text(old)
    assert "note: made by the versions" in said("compare", "old.json", "two.json")[1]
    other = "evaluate", "a", "b", "--metrics", "swd", "--seed", "1", "--json", "seed.json"
    assert said(*other)[0] == 0
    code, out, err = said("compare", "one.json", "seed.json")
    assert (code, out) == (1, "") and "swd was measured by two protocols (seed 0 and 1)" in err


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        (
            "evaluate a b --metrics fidd",
            1,
            "unknown metric 'fidd', did you mean fid?; choose from",
        ),
        ("evaluate a b --metrics ,", 1, "no metric is named; choose from l1"),
        ("evaluate a b --protocol rgb,raw", 1, "rgb and raw are protocols of one kind; choose one"),
        ("evaluate a --unpaired", 1, "a is compared with nothing; give a folder of real pictures"),
        ("evaluate a b --metrics l1 --unpaired", 1, "l1: it is of fakes and their targets"),
        ("evaluate a b --samples 3", 2, "--samples is for a run; two folders are compared as"),
        ("evaluate a b --direction AtoB", 2, "--direction is for a run"),
        ("evaluate a b --metrics memorisation", 1, "give the training pictures by --train"),
        ("evaluate a b --metrics diversity", 1, "img2img weights get"),
        ("evaluate a b --precision half", 2, "precision"),
        ("evaluate a none.npz", 1, "none.npz"),
        ("evaluate a b --metrics cycle", 1, "cycle is of a run that has it"),
        ("evaluate run", 2, "run is a run; give a data set to score it on"),
        ("evaluate run data --inputs a", 2, "--inputs is for a folder"),
        ("evaluate run --all-steps --html a.html", 2, "--html has no effect with --all-steps"),
        ("evaluate run --all-steps --unpaired", 2, "--unpaired has no effect with --all-steps"),
        ("evaluate run --all-steps --seed 1", 2, "--seed has no effect with --all-steps"),
        ("compare a.json b.json", 1, "there is no report a.json; give a file that `evaluate"),
        ("compare a/0.png b/0.png", 1, "a/0.png is no report of evaluate; write one by --json"),
        ("compare a.json", 2, "second"),
    ],
)
def test_what_cannot_be_done_is_one_line(line, code, message, said, tmp_path):
    (tmp_path / "run").symlink_to(finished("cyclegan"))
    domains(tmp_path / "data", [(32, 32, 3)] * 2, [(32, 32, 3)] * 2)
    found, _, err = said(*line.split())
    assert found == code and message.lower() in err.lower()
    assert err.startswith("img2img: ") and err.count("\n") == 1
