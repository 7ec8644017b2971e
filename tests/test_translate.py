import errno
import json
import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from tiny import finished, noise, played, written

from img2img import images
from img2img.models import load_generator
from img2img.translate import translate


@pytest.fixture
def model():
    return finished("pix2pix")


def png(path, width, height, depth, colour, rows=b""):
    """A PNG that says so of itself."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + parts)


def tree(root):
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_the_tree_is_mirrored_and_every_file_reported(model, tmp_path):
    source = written(written(tmp_path / "in", (20, 30, 3), (33, 17, 1)), (5, 5, 3), folder="b")
    images.write(source / "0.jpg", noise(9, 8, 3))
    rows = translate(model, source, tmp_path / "out", device="cpu")
    twins = sorted(name for name in tree(tmp_path / "out") if name.startswith("0~"))
    assert tree(tmp_path / "out") == sorted([*twins, "1.png", "b/0.png", "report.json"])
    assert len(twins) == 2
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert [row["input"] for row in report["files"]] == ["0.jpg", "0.png", "1.png", "b/0.png"]
    assert [row["status"] for row in report["files"]] == ["done"] * 4 == [r.status for r in rows]
    assert report["generator"]["mode"] == "pix2pix" and report["batch_norm"] == "image"
    for row in rows:
        width, height, _ = images.size(source / row.input)
        assert row.size == (width, height) == images.size(tmp_path / "out" / row.outputs[0])[:2]


def test_an_output_is_what_the_generator_makes_whatever_stands_beside_it(model, tmp_path):
    source = written(tmp_path / "in", (20, 30, 3), (33, 17, 3))
    translate(model, source, tmp_path / "out", device="cpu")
    expected = load_generator(model, device="cpu")(images.read(source / "1.png"), key="1.png")
    assert np.array_equal(images.read(tmp_path / "out" / "1.png"), expected)
    translate(model, source / "1.png", tmp_path / "alone", device="cpu")
    assert np.array_equal(images.read(tmp_path / "alone" / "1.png"), expected)


def test_bad_pictures_are_rejected_by_name_and_the_rest_is_done(model, tmp_path):
    source = written(tmp_path / "in", (20, 30, 3))
    (source / "cut.png").write_bytes((source / "0.png").read_bytes()[:-60])
    (source / "empty.jpg").write_bytes(b"")
    (source / "text.png").write_text("hello")
    png(source / "deep.png", 4, 4, 16, 2, b"\0" * 100)
    png(source / "huge.png", 2**30, 2**30, 8, 2)
    images.write(source / "many.tif", noise(8, 8, 5))
    images.write(source / "gray16.png", noise(8, 8, 1).astype("u2"))
    images.write(source / "bad\nname.png", noise(8, 8, 3))
    (source / "bad\nname.png").write_text("x")
    told = []
    rows = {r.input: r for r in translate(model, source, tmp_path / "out", tell=told.append)}
    assert rows.pop("0.png").status == "done"
    assert tree(tmp_path / "out") == ["0.png", "report.json"]
    assert len(rows) == 8
    for name, row in rows.items():
        assert (row.status, row.outputs) == ("rejected", [])
        shown = name.replace("\n", "\\n")
        (line,) = [line for line in told if line.startswith(f"rejected: {shown}: ")]
        assert line == f"rejected: {shown}: {row.error}" and "\n" not in line
        assert row.error.count(shown) == 0 and "; " in row.error
    assert all("uint8 was expected" in rows[name].error for name in ("gray16.png", "deep.png"))


def test_outputs_are_kept_unless_they_are_to_be_overwritten(model, tmp_path):
    source, out = written(tmp_path / "in", (20, 30, 3)), tmp_path / "out"
    translate(model, source, out)
    expected = (out / "0.png").read_bytes()
    (out / "0.png").write_bytes(b"mine")
    assert [row.status for row in translate(model, source, out)] == ["kept"]
    assert (out / "0.png").read_bytes() == b"mine"
    assert [row.status for row in translate(model, source, out, overwrite=True)] == ["done"]
    assert (out / "0.png").read_bytes() == expected


def test_one_picture_goes_to_a_file_or_into_a_folder(model, tmp_path):
    source = written(tmp_path, (20, 30, 3)) / "0.png"
    translate(model, source, tmp_path / "made.webp")
    assert images.size(tmp_path / "made.webp") == (30, 20, 3)
    translate(model, source, tmp_path / "out")
    assert tree(tmp_path / "out") == ["0.png"]


@pytest.mark.parametrize("format", ["png", "jpg", "webp", "tiff", "npy"])
def test_every_format_is_written(format, model, tmp_path):
    source = written(tmp_path / "in", (20, 30, 3))
    translate(model, source, tmp_path / "out", format=format)
    assert images.size(tmp_path / "out" / f"0.{format}") == (30, 20, 3)


def test_samples_differ_by_dropout_and_come_out_the_same_again(tmp_path):
    model = finished("pix2pix", generator={"name": "resnet", "dropout": 0.5})
    source, told = written(tmp_path / "in", (32, 32, 3)), []
    for name in "ab":
        translate(model, source, tmp_path / name, samples=3, tell=told.append)
    assert tree(tmp_path / "a") == ["0_0.png", "0_1.png", "0_2.png", "report.json"]
    files = [(tmp_path / "a" / f"0_{i}.png").read_bytes() for i in range(3)]
    assert len(set(files)) == 3
    assert [(tmp_path / "b" / f"0_{i}.png").read_bytes() for i in range(3)] == files
    assert "dropout on" in told[0] and not any("note" in line for line in told)


def test_samples_of_a_network_without_dropout_are_said_to_be_one(tmp_path):
    told = []
    source = written(tmp_path / "in", (32, 32, 3))
    translate(finished("cyclegan"), source, tmp_path / "out", samples=2, tell=told.append)
    assert "this network has no dropout" in told[1]


def test_how_pictures_are_scaled_is_said(model, tmp_path):
    squashed = played(
        "pix2pix", tmp_path, steps=1, data={"path": str(written(tmp_path / "d", (40, 80, 3)))}
    )
    source, told = written(tmp_path / "in", (20, 30, 3)), []
    for run, scale in [(model, None), (model, "train"), (squashed, None), (squashed, "native"),
                       (squashed, 0.5)]:  # fmt: skip
        translate(run, source, tmp_path / "out", scale=scale, tell=told.append, device="cpu")
    assert [line.split(", ")[2].split(";")[0] for line in told] == [
        "at their own size", "at their own size", "resized to the 32 pixels trained at",
        "at their own size", "resized by 0.5",
    ]  # fmt: skip
    assert told[0] == ("1 picture, AtoB, at their own size; batch norm image, dropout off; cpu")


def test_a_full_disk_is_an_error_that_names_the_file_and_leaves_no_half(
    model, tmp_path, monkeypatch
):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    source = written(tmp_path / "in", (20, 30, 3), (20, 30, 3))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left") as error:
            translate(model, source, tmp_path / "out")
    assert error.value.filename == str(tmp_path / "out" / "0.png")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_output_that_cannot_be_written_is_found_before_the_work(model, tmp_path):
    source = written(tmp_path / "in", (20, 30, 3))
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"file"):
        translate(model, source, tmp_path / "file" / "out", track=lambda jobs: 1 / 0)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only_is_found_before_the_work(model, tmp_path):
    source = written(tmp_path / "in", (20, 30, 3))
    (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(PermissionError):
        translate(model, source, tmp_path / "out", track=lambda jobs: 1 / 0)


def test_pictures_are_upright_and_transparency_is_white(model, tmp_path):
    (tmp_path / "in").mkdir()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(noise(20, 30, 3)).save(tmp_path / "in" / "turned.jpg", exif=exif)
    Image.fromarray(noise(20, 30, 4)).save(tmp_path / "in" / "clear.png")
    rows = {row.input: row for row in translate(model, tmp_path / "in", tmp_path / "out")}
    assert rows["turned.jpg"].size == (20, 30) and rows["clear.png"].size == (30, 20)
