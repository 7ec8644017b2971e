import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from tiny import SHORT, domains, finished, log, noise, written

from img2img import __version__, images
from img2img.base.report import DivergedError
from img2img.cli import explained, main
from img2img.config import Config
from img2img.options import flat
from img2img.run.folder import locked, read_config


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
    """Runs P and C, folders and files to fail upon, all below the working folder."""
    monkeypatch.chdir(tmp_path)
    Path("P").symlink_to(finished("pix2pix"))
    Path("C").symlink_to(finished("cyclegan"))
    Path("empty").mkdir()
    written(Path("pics"), (20, 20, 3), (20, 20, 3))
    written(Path("taller"), (21, 20, 3), (20, 20, 3))
    domains(Path("unpaired"), [(40, 40, 3)] * 2, [(40, 40, 3)] * 3)
    Path("wrong.yaml").write_text("data:\n  sise: 3\n")
    Path("text.safetensors").write_text("hello")


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("nonsense", 2, 'Unknown command "nonsense"'),
        ("train --mode pixpix", 2, "unknown mode 'pixpix'; choose from cyclegan, dcgan, pix2pix"),
        ("train --data nowhere", 1, "no such folder: nowhere; give one with pictures in it"),
        ("train --data empty", 1, "no pictures in empty; their suffixes are"),
        ("train --data unpaired --mode pix2pix", 1, "are not pairs: none in the first alone, 1"),
        ("train --sise 3", 2, "Unknown option: --sise. Did you mean --size?"),
        ("train --lr 3", 2, "unknown option lr, did you mean --optimization.lr?; see"),
        ("train --jitter 1", 2, "did you mean --data.jitter?"),
        ("train --generator.block 3", 2, "Did you mean --generator.blocks?"),
        ("train --size 3", 2, "data.size: input should be greater than or equal to 8, not 3"),
        ("train --optimization.beta1 1", 2, "optimization.beta1: input should be less than 1"),
        ("train --generator.name resent", 2, "generator.name: input should be 'unet', 'resnet'"),
        ("train --steps abc", 2, "steps: input should be a valid integer"),
        ("train --epochs two", 2, "epochs: 'two' is not understood; give 200 or 100+100"),
        ("train --direction AB", 2, 'Invalid value "AB" for --direction'),
        ("train --config none.yaml", 2, "there is no configuration file none.yaml"),
        ("train --config wrong.yaml", 2, "unknown option data.sise, did you mean data.size?"),
        ("train --resume must", 2, "there is no run in checkpoints/cyclegan to resume"),
        ("train --from nowhere", 5, "there is no weights file nowhere; give a .safetensors"),
        ("train --from text.safetensors", 5, "is damaged or no safetensors file"),
        ("train --mode pix2pix --size 20", 2, "--size 20 is no multiple of 16"),
        ("train --batch-size 3 --optimization.accumulate 2", 2, "choose a multiple of 2"),
        ("train --device tpu", 1, "device 'tpu' is not there; choose auto, cpu"),
        ("train extra", 2, "extra"),
        ("translate P", 2, "SOURCE requires an argument; see img2img --help"),
        ("translate nowhere pics out", 1, "there is no model nowhere; give a run"),
        ("translate P nowhere out", 1, "there is no nowhere; give a picture or a folder"),
        ("translate P empty out", 1, "no pictures in empty; their suffixes are"),
        ("translate empty pics out", 1, "empty holds no generator; give a run that has been"),
        ("translate text.safetensors pics out", 5, "is damaged or no safetensors file"),
        ("translate P pics out --direction BtoA", 1, "goes AtoB, not BtoA; leave --direction out"),
        ("translate P pics out --scale big", 2, "unknown scale big; give train, native or a"),
        ("translate P pics out --scale 0", 2, "unknown scale 0.0; give train, native or a"),
        ("translate P pics out --format gif", 2, "unknown format 'gif'; choose from png, jpg"),
        ("translate P pics out --samples 0", 2, "0 samples cannot be drawn; choose 1 or more"),
        ("translate P pics pics", 1, "pics is the input folder too; give another output folder"),
        ("translate P pics text.safetensors", 1, "is a file, but pics a folder"),
        ("translate P pics/0.png text.safetensors/out", 1, "not a directory"),
        ("evaluate pics", 1, "holds no *_fake_B and *_real_B; give a folder of real pictures"),
        ("evaluate nowhere pics", 1, "nowhere is not a folder; give a folder of pictures"),
        ("evaluate pics empty", 1, "no pictures in empty; their suffixes are"),
        ("evaluate pics taller", 1, "0.png is 20 x 20 but taller/0.png is 20 x 21 pixels"),
        (
            "evaluate pics pics --metrics lpips",
            1,
            "unknown metric 'lpips', did you mean lpips-vgg?; choose from pairs, sets, all, l1",
        ),
        ("evaluate pics pics --protocol sr", 1, "unknown protocol 'sr'; choose from rgb"),
        ("evaluate pics pics --protocol sr-y", 1, "sr-y shaves off as many pixels as pictures"),
        ("evaluate pics pics --scale 2", 1, "--scale 2 has no effect on the protocol auto; leave"),
        ("evaluate P builtin:town --protocol sr-rgb", 1, "sr-rgb shaves off as many pixels as"),
        ("evaluate P --all-steps --weights-dir w", 2, "--weights-dir has no effect with --all-st"),
        ("evaluate P", 2, "P is a run; give a data set to score it on, as builtin:town"),
        ("evaluate P builtin:town --protocol x", 1, "unknown protocol 'x'; choose from rgb"),
        ("evaluate P builtin:town --split tset", 1, "no tset pictures; choose from train, val"),
        ("import nowhere out.safetensors", 1, "there is no file nowhere"),
        ("import text.safetensors out.safetensors", 1, "is not a weights file"),
        ("data split nowhere out", 1, "no such folder: nowhere"),
        ("data preview s.png --lr 3", 2, "unknown option lr, did you mean --optimization.lr?"),
        ("data preview s.png --data nowhere", 1, "no such folder: nowhere"),
        ("data town pics", 1, "pics is not an empty folder; give one that is empty or new"),
    ],
)
def test_what_is_wrong_is_one_line_and_leaves_nothing(line, code, message, said, tmp_path):
    before = sorted(tmp_path.rglob("*.*"))
    found, out, error = said(*line.split())
    assert (found, out) == (code, "") or line.startswith("translate")
    assert found == code
    assert error.startswith("img2img: ") and error.count("\n") == 1
    assert message in error
    assert sorted(tmp_path.rglob("*.*")) == before


def test_a_folder_of_no_known_layout_shows_what_was_expected_and_found(said):
    code, _, error = said("train", "--data", "pics")
    assert code == 1
    assert error.startswith("img2img: no known layout in pics\nexpected:\n  trainA/ trainB/")
    assert error.endswith("found:\n  0.png\n  1.png\n")


def test_a_run_of_another_mode_is_named(said):
    assert said("train", *SHORT, "--steps", 1, "--name", "a", "--mode", "pix2pix")[0] == 0
    code, _, error = said("train", *SHORT, "--steps", 1, "--name", "a")
    assert code == 2 and "(mode: pix2pix -> cyclegan; " in error and error.count("\n") == 1


def test_a_locked_run_is_exit_4_and_a_damaged_one_5(said):
    train = ("train", *SHORT, "--steps", 1)
    with locked(Path("checkpoints/cyclegan")):
        code, _, error = said(*train)
    assert code == 4 and f"is being trained by process {os.getpid()}" in error
    assert said(*train)[0] == 0
    Path("checkpoints/cyclegan/step-00000001/MANIFEST.json").unlink()
    code, _, error = said(*train)
    assert code == 5 and "no checkpoint of checkpoints/cyclegan is whole" in error


def test_a_diverged_run_is_exit_6(said):
    code, _, error = said("train", *SHORT, "--steps", 9, "--optimization.lr", "1e38")
    assert code == 6 and error.startswith("img2img: ") and error.count("\n") == 1
    assert "not finite" in error or " is nan; " in error or " is inf; " in error


def test_short_options_and_dotted_ones_of_the_same_group_work_together(said):
    domains(Path("pairs"), [(40, 40, 3)] * 2, [(40, 40, 3)] * 2)
    more = ("--data.no-flip", "--data.turns", "--direction", "BtoA", "--data.jitter", 0.1)
    assert said("train", *SHORT, "--steps", 1, "--data", "pairs", *more)[0] == 0
    data = read_config(Path("checkpoints/cyclegan")).data
    assert (data.path, data.flip, data.turns, data.jitter) == ("pairs", False, True, 0.1)
    assert (data.direction, data.size) == ("BtoA", 32)
    assert (Path("checkpoints/cyclegan") / "generator_BtoA.safetensors").is_file()


def test_the_command_line_wins_over_the_file(said):
    config = {"mode": "pix2pix", "steps": 5, "seed": 7, "data": {"flip": False}}
    config |= {"generator": {"channels": 4}, "report": {"tensorboard": False}}
    Path("run.yaml").write_text(yaml.safe_dump(config))
    line = ("train", "--config", "run.yaml", "--name", "a", *SHORT[2:], "--steps", 1)
    assert said(*line, "--seed", 8)[0] == 0
    found = read_config(Path("checkpoints/a"))
    assert (found.mode, found.steps, found.seed, found.data.flip) == ("pix2pix", 1, 8, False)


def test_a_runs_own_configuration_repeats_it_and_epochs_win_over_its_steps(said):
    line = ("train", "--config", "C/config.yaml", "--name", "again")
    assert said(*line, "--checkpoints", "runs", "--steps", 1)[0] == 0
    assert read_config(Path("runs/again")) == read_config(Path("C")).model_copy(update={"steps": 1})
    config = read_config(Path("C")).model_copy(update={"batch_size": 500})
    Path("run.yaml").write_text(config.yaml())
    domains(Path("few"), [(40, 40, 3)], [(40, 40, 3)])
    said("train", "--config", "run.yaml", "--data", "few", "--epochs", "2+1", "--name", "b",
         "--batch-size", 1)  # fmt: skip
    assert [line["step"] for line in log(Path("checkpoints/b"), "losses")] == [1, 2, 3]


def test_translate_says_what_was_done_and_exits_with_3_if_something_was_rejected(said):
    code, out, error = said("translate", "P", "pics", "out", "--device", "cpu")
    assert (code, error) == (0, "")
    assert out == (
        "2 pictures, AtoB, at their own size; batch norm image, dropout off; cpu\nout: 2 done\n"
    )
    Path("pics/2.png").write_text("hello")
    code, out, error = said("translate", "P", "pics", "out")
    assert (code, error) == (3, "")
    assert "rejected: 2.png: it is none of JPEG" in out
    assert out.endswith("out: 2 kept, 1 rejected\n")
    assert len(json.loads(Path("out/report.json").read_text())["files"]) == 3


def test_evaluate_prints_values_beside_their_protocol_and_names_the_unmatched(said):
    images.write(Path("less/1.png"), noise(20, 20, 3))
    code, out, error = said(
        "evaluate", "pics", "less", "--json", "a.json", "--sheet", "a.png",
        "--metrics", "l1,psnr,ssim",
    )  # fmt: skip
    assert (code, error) == (3, "")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines] == ["l1", "psnr", "ssim", "protocol", "1"]
    assert lines[-1] == "1 unmatched: pics/0.png"
    assert set(json.loads(Path("a.json").read_text())["metrics"]) == {"l1", "psnr", "ssim"}
    code, out, _ = said("evaluate", "C", "builtin:town", "--palette", "builtin:town")
    assert code == 0 and "accuracy" in out and "run C, direction AtoB, split test" in out


def test_evaluate_takes_a_range_masks_and_nodata_and_says_what_counted(said):
    for level, folder in enumerate(("fakes", "reals")):
        picture = np.full((20, 20, 2), level, np.float32)
        picture[:5] = -9
        images.write(Path(folder) / "0.tif", picture)
        images.write(Path(folder) / "1.tif", picture)
    images.write(Path("masks/0.png"), np.tile([[[0], [255]]], (20, 10, 1)).astype(np.uint8))
    options = ("--range", -1, 3, "--nodata", -9, "--mask", "masks", "--metrics", "ssim,l1")
    code, out, error = said("evaluate", "fakes", "reals", *options)
    assert (code, error) == (3, "")
    lines = out.splitlines()
    assert lines[0].split()[:2] == ["ssim", "nan"] and lines[0].endswith("; 1 without a figure")
    assert lines[1].split()[:2] == ["l1", "0.2500"]
    told = ("name raw, dtype float32, channels 2, range [-1.0, 3.0]", "nodata -9", "mask masks")
    assert all(fact in lines[2] for fact in (*told, "counted 0.375"))
    assert lines[3] == "1 unmatched: 1 (no mask)"
    code, _, error = said("evaluate", "fakes", "reals")
    assert code == 1 and "give --range LOW HIGH (the first real picture holds -9 to 1)" in error


def test_the_town_can_be_written_down(said):
    assert said("data", "town", "t", "--count", 2, "--size", 32)[:2] == (0, "t: 2 pairs\n")
    assert images.size(Path("t/B/00001.png")) == (32, 32, 3)


def test_a_full_disk_is_one_sentence(said, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, _, error = said("translate", "P", "pics", "out")
    assert (code, error) == (
        1, "img2img: no space left on the disk for out/0.png; free some and start again\n"
    )  # fmt: skip
    code, _, error = said("train", *SHORT, "--steps", 1)
    assert (code, error) == (1, "img2img: no space left on the disk for checkpoints/cyclegan/"
                                "config.yaml; free some and start again\n")  # fmt: skip
    assert not Path("checkpoints/cyclegan").exists()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (PermissionError(13, "Permission denied", "/Root"), ("/Root: permission denied", 1)),
        (FileExistsError("out exists already; remove it"), ("out exists already; remove it", 1)),
        (DivergedError("step 3: the loss D is nan"), ("step 3: the loss D is nan", 6)),
    ],
)
def test_an_error_is_its_sentence_and_its_exit_code(error, expected):
    assert explained(error) == expected


def test_memory_that_ends_is_one_sentence_and_our_own_faults_are_not_hidden():
    class OutOfMemoryError(RuntimeError):
        pass

    text, code = explained(OutOfMemoryError("CUDA out of memory. Tried to allocate"))
    assert code == 1 and "too little memory; choose a smaller --size" in text
    with pytest.raises(KeyError):
        explained(KeyError("a fault of ours"))


def test_help_needs_no_torch_and_tells_every_option_and_its_meaning():
    code = (
        "import sys; from img2img.cli import main\n"
        "for line in (['--help'], ['train', '--help'], ['translate', '--help'], ['--version']):\n"
        "    assert main(line) == 0\n"
        "print([m for m in ('torch', 'kornia', 'albumentations', 'scipy') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=os.environ | {"COLUMNS": "200"},
    )  # fmt: skip
    assert run.stdout.splitlines()[-2:] == [__version__, "[]"]
    for key in flat(Config().model_dump()):
        assert f"--{key.replace('_', '-')}" in run.stdout, key
    assert "Strength of colour jitter" in run.stdout
    for short in ("--data", "--size", "--direction", "--name", "--resume", "--from", "--config"):
        assert f"{short} " in run.stdout


def test_the_package_can_be_run():
    run = subprocess.run(
        [sys.executable, "-m", "img2img", "nonsense"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 2 and run.stderr.startswith("img2img: Unknown command")


def test_an_option_of_several_values_takes_them_all(tmp_path):
    out = tmp_path / "seen.png"
    line = "--mode pix2pix --size 32 --rows 1 --discriminator.augment color cutout"
    ends = "--data.input.low 0 0 9 --data.input.high 255 200 255"
    assert main(["data", "preview", str(out), *line.split(), *ends.split()]) == 0
    assert out.is_file()
