import numpy as np
import pytest
import torch
from handed import halves
from tiny import noise

from img2img import images, preview
from img2img.base import draws
from img2img.cli import main
from img2img.config import UsageError
from img2img.data.keys import Key
from img2img.data.loading import batches
from img2img.data.samples import Pair
from img2img.preview import cells, together
from img2img.run.configuring import configured
from img2img.run.sources import open_source

SMALL = ["--size", "32"]


@pytest.fixture
def shown(monkeypatch):
    """The sheet as rows and titles."""
    sheets = []
    grid = images.grid

    def kept(rows, titles=None, notes=None):
        sheets.append((rows, titles))
        return grid(rows, titles, notes)

    monkeypatch.setattr(images, "grid", kept)
    return sheets


def masked(root, mask=True):
    """Three pairs whose right half is hidden."""
    lines = ["x,y,mask\n"]
    for index in range(3):
        for side in "xy":
            picture = noise(40, 40, 1, seed=10 * index + (side == "y"))
            images.write(root / f"{side}{index}.png", picture)
        lines.append(f"x{index}.png,y{index}.png,{'mask.png' if mask else ''}\n")
    images.write(root / "mask.png", halves(40, 40))
    (root / "data.csv").write_text("".join(lines))
    return root


def previewed(tmp_path, *arguments):
    out = tmp_path / "sheet.png"
    assert main(["data", "preview", str(out), *SMALL, *map(str, arguments)]) == 0
    return images.read(out)


def test_a_sheet_is_drawn_with_a_row_a_sample_and_a_title_a_column(tmp_path, shown, capsys):
    sheet = previewed(tmp_path, "--mode", "pix2pix", "--rows", 3)
    ((rows, titles),) = shown
    assert titles == ["input, still", "input", "target"]
    assert [len(row) for row in rows] == [3] * 3
    assert np.array_equal(sheet, images.grid(rows, titles))
    assert capsys.readouterr().out == f"{tmp_path / 'sheet.png'}: 3 samples\n"


@pytest.mark.parametrize("mode", ["pix2pix", "cyclegan", "dcgan"])
def test_what_is_shown_is_what_a_run_trains_on(mode):
    data = {"size": 32, "resize": "squash", "jitter": 0.5, "turns": True}
    config = configured(mode, {"data": data, "discriminator": {"augment": ()}})
    paired = {"pix2pix": True, "cyclegan": False, "dcgan": None}[mode]
    source = open_source(config, paired)
    stream = batches(source.splits["train"], batch_size=1, seed=config.seed)
    for number, batch in zip(range(3), stream, strict=False):
        found = dict(cells(config, source, number))
        titles = {"pix2pix": ["input", "target"], "cyclegan": ["x", "y"], "dcgan": ["x"]}[mode]
        assert [*found] == [f"{titles[0]}, still", *titles]
        for title, values in zip(titles, (batch.x, getattr(batch, "y", None)), strict=False):
            assert (found[title] == source.encodings[0].decode(values[0].numpy())).all()


def test_a_still_is_the_input_without_chance():
    config = configured("pix2pix", {"data": {"size": 32, "jitter": 1.0, "turns": True}})
    source = open_source(config, True)
    train = source.splits["train"]
    for number in range(3):
        (title, still), (_, moved), *_ = cells(config, source, number)
        index = train.sample(Key(config.seed, 0, number)).index
        values = train.still(index).x.numpy()
        assert title == "input, still" and (still != moved).any()
        assert np.array_equal(still, source.encodings[0].decode(values))


@pytest.mark.parametrize(("mode", "titles"), [
    ("pix2pix", ["input, still", "input", "target", "mask"]),
    ("cyclegan", ["x, still", "x", "y", "mask of x", "mask of y"]),
])  # fmt: skip
def test_masks_are_shown_where_something_is_hidden(mode, titles, tmp_path, shown):
    flat = ["--data.no-flip", "--data.resize", "squash", "--data.load", 32]
    data = masked(tmp_path / "d")
    previewed(tmp_path, "--mode", mode, "--data", data, "--rows", 2, *flat)
    ((rows, found),) = shown
    assert found == titles
    for row in rows:
        for mask in row[3:]:
            assert (mask == images.resize(halves(40, 40), 32, 32, nearest=True)).all()
    previewed(tmp_path, "--mode", mode, "--data", masked(tmp_path / "e", mask=False), "--rows", 2)
    assert shown[1][1] == titles[:3]


@pytest.mark.parametrize("mode", ["pix2pix", "cyclegan"])
def test_what_d_sees_is_shown_where_that_is_augmented(mode, tmp_path, shown):
    previewed(tmp_path, "--mode", mode, "--rows", 2, "--discriminator.augment", "cutout")
    ((rows, titles),) = shown
    names = {"pix2pix": ["input", "target"], "cyclegan": ["x", "y"]}[mode]
    assert titles[-2:] == [f"D: {name}" for name in names]
    for row in rows:
        *_, x, y, seen_x, seen_y = (picture.astype(int) for picture in row)
        holes = [(seen == 128).all(2) & (plain != 128).any(2)
                 for plain, seen in ((x, seen_x), (y, seen_y))]  # fmt: skip
        assert all(hole.any() for hole in holes)
        for plain, seen, hole in ((x, seen_x, holes[0]), (y, seen_y, holes[1])):
            assert np.abs(plain - seen)[~hole].max() <= 1
        if mode == "pix2pix":  # D sees both as one picture
            assert (holes[0] == holes[1]).mean() > 0.9


def test_ds_of_two_domains_see_pictures_augmented_apart(tmp_path, shown):
    arguments = ("--mode", "cyclegan", "--rows", 6, "--discriminator.augment", "cutout")
    previewed(tmp_path, *arguments)
    ((rows, _),) = shown
    apart = [((a == 128).all(2) != (b == 128).all(2)).mean() for *_, a, b in rows]
    assert max(apart) > 0.1


def test_d_of_pairs_sees_nothing_of_what_is_hidden():
    mask = torch.ones(1, 8, 8)
    mask[..., 4:] = 0
    x, y = torch.full((1, 8, 8), 0.5), torch.full((3, 8, 8), 0.25)
    draws.begin(draws.Position(0, 0, "D"))
    seen_x, seen_y = together(Pair(x, y, "a", 0, mask), ())
    assert torch.equal(seen_x, x) and torch.equal(seen_y, y * mask)


def test_a_preview_leaves_no_run_and_its_mistakes_are_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for line, code, message in [
        ("s.png --rows 0", 2, "--rows 0: a sheet has a row at least; choose 1 or more"),
        ("s.png --size 20 --mode pix2pix", 2, "--size 20 is no multiple of 16"),
        ("s.gif --size 32", 2, "s.gif is no picture's name; end it in one of .png"),
        ("s.png --mode pixpix", 2, "unknown mode 'pixpix'; choose from"),
        ("s.png --data nowhere", 1, "no such folder: nowhere"),
        ("s.png --lr 3", 2, "unknown option lr, did you mean --optimization.lr?"),
    ]:
        assert main(["data", "preview", *line.split()]) == code
        error = capsys.readouterr().err
        assert message in error and error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UsageError):
        preview.preview("s.png", "cyclegan", rows=-1)


def test_a_preview_takes_the_options_of_a_runs_file(tmp_path, shown):
    (tmp_path / "run.yaml").write_text("mode: pix2pix\ndata: {size: 48, resize: none}\n")
    previewed(tmp_path, "--config", tmp_path / "run.yaml", "--rows", 1)
    ((rows, titles),) = shown
    assert titles[1] == "input" and rows[0][0].shape == (32, 32, 3)  # the command line wins


def test_both_resolutions_are_shown_where_there_are_two(tmp_path, shown):
    previewed(
        tmp_path, "--mode", "srgan", "--data", "builtin:photos", "--data.scale", 4, "--rows", 2,
        "--data.shrink", 0.8, 0.5, "--discriminator.augment", "cutout",
    )  # fmt: skip
    ((rows, titles),) = shown
    assert titles == ["input, still", "input", "target", "D: target"]
    sizes = [[cell.shape[:2] for cell in row] for row in rows]
    assert sizes == [[(32, 32), (8, 8), (32, 32), (32, 32)]] * 2
