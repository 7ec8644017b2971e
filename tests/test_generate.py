import json
import re
from hashlib import sha256

import numpy as np
import pytest
from drawing import drawing, growing
from PIL import Image
from tiny import noise

from img2img import images
from img2img.cli import main
from img2img.config import UsageError
from img2img.generate import generate
from img2img.images import Levels
from img2img.models import load_sampler


@pytest.fixture
def run(tmp_path):
    return drawing(tmp_path / "run")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def names(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def report(out):
    return json.loads((out / "report.json").read_text())


def test_the_same_seed_is_the_same_bytes_whatever_the_count(run, out, tmp_path) -> None:
    generate(run, out, count=5, seed=2, device="cpu")
    generate(run, tmp_path / "one", count=1, seed=4, device="cpu")
    pictures = [f"{seed:06d}.png" for seed in range(2, 7)]
    assert names(out) == [*pictures, "grid.png", "report.json"]
    assert (out / "000004.png").read_bytes() == (tmp_path / "one/000004.png").read_bytes()
    assert len({(out / name).read_bytes() for name in pictures}) == 5
    expected = load_sampler(run, device="cpu").sample(1, 4)[0]
    assert np.array_equal(images.read(out / "000004.png"), expected)


def test_the_report_says_what_was_drawn_and_by_what(run, out) -> None:
    rows = generate(run, out, count=2, truncation=1.5, device="cpu")
    found = report(out)
    assert found["files"] == [row._asdict() for row in rows]
    assert [(row.seed, row.status) for row in rows] == [(0, "done"), (1, "done")]
    assert (found["size"], found["grown"]) == (8, True)
    assert found["truncation"] == 1.5 and found["generator"]["mode"] == "dcgan"
    assert found["sha256"] == sha256((run / "generator.safetensors").read_bytes()).hexdigest()
    assert found["interpolation"] is None and found["arithmetic"] is None


def test_pictures_that_stand_are_kept_unless_they_are_to_be_replaced(run, out) -> None:
    generate(run, out, count=3, device="cpu")
    drawn = (out / "000001.png").read_bytes()
    images.write(out / "000001.png", noise(8, 8, 3))
    rows = generate(run, out, count=4, device="cpu")
    assert [row.status for row in rows] == ["kept", "kept", "kept", "done"]
    assert np.array_equal(images.read(out / "000001.png"), noise(8, 8, 3))
    rows = generate(run, out, count=4, device="cpu", overwrite=True)
    assert {row.status for row in rows} == {"done"}
    assert (out / "000001.png").read_bytes() == drawn


def test_pictures_of_other_weights_or_truncation_are_not_mixed(run, out, tmp_path) -> None:
    generate(run, out, count=1, device="cpu")
    before = {name: (out / name).read_bytes() for name in names(out)}
    with pytest.raises(ValueError, match="holds pictures of another truncation; name another fold"):
        generate(run, out, truncation=1.0, device="cpu")
    with pytest.raises(ValueError, match="holds pictures of other weights; name another folder"):
        generate(drawing(tmp_path / "other", seed=1), out, device="cpu")
    assert {name: (out / name).read_bytes() for name in names(out)} == before
    assert len(generate(run, out, truncation=1.0, device="cpu", overwrite=True)) == 16


def test_what_earlier_weights_drew_is_never_taken_for_the_work_of_later_ones(
    run, out, tmp_path
) -> None:
    later = drawing(tmp_path / "later", seed=1)
    generate(run, out, count=4, device="cpu")
    generate(later, out, count=2, device="cpu", overwrite=True)
    assert [row["seed"] for row in report(out)["files"]] == [0, 1]
    with pytest.raises(
        ValueError, match=r"000002\.png is of another origin; name another folder, "
    ):
        generate(later, out, count=4, device="cpu")
    rows = generate(later, out, count=4, device="cpu", overwrite=True)
    assert {row.status for row in rows} == {"done"}
    expected = load_sampler(later, device="cpu").sample(1, 3)[0]
    assert np.array_equal(images.read(out / "000003.png"), expected)


@pytest.mark.parametrize(
    "name", ["000001.png", "result.png", "arithmetic.png", "interpolation.gif"]
)
def test_a_picture_of_another_origin_is_refused_before_anything_is_drawn(run, out, name) -> None:
    images.write(out / "mine.png", noise(8, 8, 3))
    (out / "mine.png").rename(out / name)
    asked = {"count": 2, "interpolate": (1, 2), "frames": 2, "arithmetic": "1", "device": "cpu"}
    before = (out / name).read_bytes()
    with pytest.raises(
        ValueError, match=f"{name} is of another origin; name another folder, or gi"
    ):
        generate(run, out, **asked)
    assert names(out) == [name] and (out / name).read_bytes() == before
    generate(run, out, **asked, overwrite=True)
    assert (out / name).read_bytes() != before


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_a_report_that_speaks_of_no_weights_is_refused(run, out, text) -> None:
    out.mkdir()
    (out / "report.json").write_text(text)
    with pytest.raises(ValueError, match="holds pictures of other weights; name another folder"):
        generate(run, out, count=1, device="cpu")
    assert generate(run, out, count=1, device="cpu", overwrite=True)[0].status == "done"


def test_the_report_lists_what_earlier_calls_drew(run, out) -> None:
    generate(run, out, count=2, seed=5, arithmetic="1", device="cpu")
    generate(run, out, count=2, seed=4, device="cpu")
    generate(run, out, count=1, seed=0, device="cpu", overwrite=True)
    found = report(out)
    rows = [(row["seed"], row["status"]) for row in found["files"]]
    assert rows == [(0, "done"), (4, "done"), (5, "kept"), (6, "done")]
    assert found["arithmetic"]["terms"] == [{"sign": 1, "seeds": [1]}]


def stop(seeds):
    """Two of them, and then a signal."""
    yield from seeds[:2]
    raise KeyboardInterrupt


def test_a_stopped_call_goes_on_where_it_was(run, out) -> None:
    with pytest.raises(KeyboardInterrupt):
        generate(run, out, count=4, device="cpu", track=stop)
    statuses = [row.status for row in generate(run, out, count=4, device="cpu")]
    assert statuses == ["kept", "kept", "done", "done"]


def test_what_a_stopped_call_was_to_replace_does_not_pass_for_its_own(run, out, tmp_path) -> None:
    later = drawing(tmp_path / "later", seed=1)
    asked = {"count": 4, "interpolate": (1, 2), "frames": 2, "arithmetic": "1", "device": "cpu"}
    generate(run, out, **asked)
    with pytest.raises(KeyboardInterrupt):
        generate(later, out, **asked, track=stop, overwrite=True)
    for part in ({"seed": 3}, {"interpolate": (1, 2), "frames": 2}, {"arithmetic": "1"}):
        with pytest.raises(ValueError, match="is of another origin"):
            generate(later, out, **{"count": int("seed" in part), "device": "cpu"} | part)


def test_the_sheet_shows_every_picture(run, out) -> None:
    generate(run, out, count=5, device="cpu")
    sheet = images.read(out / "grid.png")
    cell, gap = 128, 4
    assert sheet.shape == (gap + 2 * (cell + gap), gap + 3 * (cell + gap), 3)
    fourth = sheet[gap + cell + gap :, gap:][:cell:16, :cell:16]
    assert np.array_equal(fourth, images.read(out / "000003.png"))
    assert (sheet[gap + cell + gap :, -(cell + gap) :] == 255).all()


@pytest.mark.parametrize("kind", ["gif", "webp"])
@pytest.mark.parametrize(("loop", "count"), [(False, 2 * 3 + 1), (True, 3 * 3)])
def test_an_animation_has_the_frames_of_its_folder(run, out, kind, loop, count) -> None:
    generate(
        run, out, count=0, interpolate=(5, 1, 3), frames=4, loop=loop, animation=kind, device="cpu"
    )
    frames = [f"frames/{i:04d}.png" for i in range(count)]
    assert names(out) == [*frames, f"interpolation.{kind}", "report.json"]
    with Image.open(out / f"interpolation.{kind}") as film:
        assert film.n_frames == count and film.size == (8, 8)
        film.seek(1)
        film.load()
        assert film.info["duration"] == 40 and film.info["loop"] == 0
    sampler = load_sampler(run, device="cpu")
    for place, seed in ((0, 5), (3, 1), (6, 3)):
        shown = images.read(out / f"frames/{place:04d}.png")
        assert np.array_equal(shown, sampler.sample(1, seed)[0])
    facts = {"seeds": [5, 1, 3], "frames": 4, "path": "spherical", "closed": loop, "count": count}
    facts |= {"animation": f"interpolation.{kind}", "output": f"{out}/frames", "status": "done"}
    assert report(out)["interpolation"] == facts


def test_the_two_ways_part_between_their_ends(run, tmp_path) -> None:
    for path in ("linear", "spherical"):
        generate(
            run, tmp_path / path, count=0, interpolate=(1, 2), frames=3, path=path, device="cpu"
        )
    same = [
        (tmp_path / "linear/frames" / name).read_bytes()
        == (tmp_path / "spherical/frames" / name).read_bytes()
        for name in ("0000.png", "0001.png", "0002.png")
    ]
    assert same == [True, False, True]


def test_a_shorter_way_leaves_no_frames_of_the_longer_one(run, out) -> None:
    generate(run, out, count=0, interpolate=(1, 2), frames=5, device="cpu")
    generate(run, out, count=1, device="cpu")
    assert report(out)["interpolation"]["seeds"] == [1, 2]
    generate(run, out, count=0, interpolate=(3, 4), frames=2, device="cpu", overwrite=True)
    assert [path.name for path in sorted((out / "frames").iterdir())] == ["0000.png", "0001.png"]


@pytest.mark.parametrize(
    ("first", "second", "standing"),
    [
        ({"interpolate": (1, 2)}, {"interpolate": (3, 4)}, "frames"),
        ({"interpolate": (1, 2)}, {"interpolate": (1, 2), "loop": True}, "frames"),
        ({"arithmetic": "1 - 2"}, {"arithmetic": "1 + 2"}, "result.png"),
    ],
)
def test_the_same_way_and_sum_are_kept_and_others_refused(
    run, out, first, second, standing
) -> None:
    common = {"count": 0, "frames": 3, "device": "cpu"}
    generate(run, out, **common, **first)
    before = {name: (out / name).stat().st_mtime_ns for name in names(out) if name[0] != "r"}
    said = []
    generate(run, out, **common, **first, tell=said.append)
    with pytest.raises(ValueError, match=f"{standing} is of another origin; name another folder"):
        generate(run, out, **common, **second)
    assert said[-1] == f"{out / standing}: kept"
    assert {name: (out / name).stat().st_mtime_ns for name in before} == before
    generate(run, out, **common, **second, overwrite=True)
    assert all((out / name).stat().st_mtime_ns > before[name] for name in before)


@pytest.mark.parametrize("name", ["frames/0001.png", "interpolation.gif", "result.png"])
def test_what_is_missing_is_drawn_again(run, out, name) -> None:
    asked = {"count": 0, "interpolate": (1, 2), "frames": 3, "arithmetic": "1", "device": "cpu"}
    generate(run, out, **asked)
    drawn = (out / name).read_bytes()
    (out / name).unlink()
    generate(run, out, **asked)
    assert (out / name).read_bytes() == drawn


def test_a_folder_frames_of_another_origin_is_not_touched(run, out) -> None:
    images.write(out / "frames/mine.png", noise(8, 8, 3))
    with pytest.raises(
        ValueError, match="frames is of another origin; name another folder, or give --over"
    ):
        generate(run, out, interpolate=(1, 2), device="cpu")
    assert names(out) == ["frames/mine.png"]


@pytest.mark.parametrize(("dtype", "high", "suffix"), [("uint16", 65535, "png"),
                                                       ("float32", 1, "tiff")])  # fmt: skip
def test_deep_pictures_are_written_and_not_animated(dtype, high, suffix, tmp_path, out) -> None:
    deep = Levels(channels=3, dtype=dtype, high=high).model_dump()
    said = []
    generate(
        drawing(tmp_path / "deep", output=deep), out, count=1, interpolate=(1, 2), frames=2,
        device="cpu", tell=said.append,
    )  # fmt: skip
    expected = [f"000000.{suffix}", f"frames/0000.{suffix}", f"frames/0001.{suffix}"]
    assert names(out) == [*expected, "grid.png", "report.json"]
    assert images.read(out / expected[0]).dtype == dtype
    note = f"note: {dtype} in 3 channels cannot be animated; {out / 'frames'} has 2 pictures"
    assert said[-1] == note and report(out)["interpolation"]["animation"] is None


@pytest.mark.parametrize(
    ("level", "side", "grown"),
    [(0.0, 4, False), (0.5, 8, False), (1.5, 16, False), (2.0, 16, True)],
)
def test_a_run_that_still_grows_says_what_size_it_draws(level, side, grown, tmp_path, out) -> None:
    said = []
    generate(growing(tmp_path / "run", level), out, count=1, device="cpu", tell=said.append)
    assert images.read(out / "000000.png").shape == (side, side, 3)
    assert said[0].startswith(f"1 picture of {side}x{side} from 6 numbers of noise, ")
    note = "note: this run has not grown to its full 16x16 yet; train it on"
    assert said[1:] == ([] if grown else [note])
    assert (report(out)["size"], report(out)["grown"]) == (side, grown)


def test_arithmetic_has_a_strip_and_a_result(run, out) -> None:
    generate(run, out, count=0, arithmetic="1,2 - 1 + 1", device="cpu")
    assert names(out) == ["arithmetic.png", "report.json", "result.png"]
    assert images.read(out / "arithmetic.png").shape == (4 + 18 + 128 + 4, 4 + 4 * 132, 3)
    sampler = load_sampler(run, device="cpu")
    mean = sampler.latents([1, 2]).mean(0, keepdim=True)
    difference = images.read(out / "result.png") - sampler.draw(mean)[0].astype(float)
    assert abs(difference).max() <= 1
    terms = [{"sign": 1, "seeds": [1, 2]}, {"sign": -1, "seeds": [1]}, {"sign": 1, "seeds": [1]}]
    assert report(out)["arithmetic"]["terms"] == terms


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"count": 0}, "0 pictures cannot be drawn; choose 1 or more"),
        ({"count": -1, "arithmetic": "1"}, "-1 pictures cannot be drawn; choose 0 or more"),
        ({"seed": -1}, "-1 is no seed; choose 0 or more"),
        ({"interpolate": (1, -2)}, "-2 is no seed; choose 0 or more"),
        ({"interpolate": (1,)}, "30 frames between 1 points are no way; give 2 or more of"),
        ({"interpolate": (1, 2), "frames": 1}, "1 frames between 2 points are no"),
        ({"interpolate": (1, 2), "path": "x"}, "unknown path 'x'; choose from spherical, linear"),
        ({"animation": "png"}, "unknown animation 'png'; choose from gif, webp"),
        ({"truncation": 0.0}, "a truncation of 0 leaves no noise; choose 0.01 or more"),
        ({"format": "gif"}, "unknown format 'gif'; choose from png, jpg, webp, tiff, npy"),
        ({"arithmetic": "king - man"}, "'king - man' is no arithmetic of seeds; write it as"),
    ],
)
def test_what_is_wrong_is_one_sentence_before_the_work(options, message, run, out) -> None:
    with pytest.raises(UsageError, match=f"^{re.escape(message)}"):
        generate(run, out, **options, device="cpu", track=lambda seeds: 1 / 0)
    assert not out.exists()


def test_a_format_that_cannot_hold_the_pictures_is_refused(tmp_path, out) -> None:
    deep = Levels(channels=3, dtype="float32", high=1).model_dump()
    with pytest.raises(
        UsageError, match=r"^\.png does not hold float32 in 3 channels, as this net"
    ):
        generate(drawing(tmp_path / "deep", output=deep), out, format="png", device="cpu")


def test_the_command_line(run, out, capsys) -> None:
    line = ["generate", run, out, "--count", 2, "--interpolate", 1, 2, "--frames", 2, "--loop"]
    line += ["--arithmetic", "1 - 2", "--device", "cpu"]
    assert main([str(word) for word in line]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "2 pictures of 8x8 from 6 numbers of noise, truncation off; batch norm running; cpu",
        f"{out / 'interpolation.gif'}: 2 frames",
        f"{out / 'result.png'}: 1 - 2",
        f"{out}: 2 done",
    ]


@pytest.mark.parametrize(
    ("model", "code", "message"),
    [
        ("builtin:bicubic-x2", 1, "draws nothing from noise; use `img2img translate` with it"),
        ("nowhere", 1, "there is no model nowhere; give a run or a generator's file"),
        ("text", 5, "text is damaged or no safetensors file"),
    ],
)
def test_other_models_are_one_sentence_and_leave_nothing(
    model, code, message, tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text").write_text("hello")
    assert main(["generate", model, "out"]) == code
    error = capsys.readouterr().err
    assert error.startswith("img2img: ") and error.count("\n") == 1 and message in error
    assert not (tmp_path / "out").exists()
