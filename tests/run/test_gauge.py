import numpy as np
import pytest
import torch
from projected import projected
from tiny import domains, log, played

from img2img import images
from img2img.base import checkpoint
from img2img.base.metrics.set_table import SETS
from img2img.config import Config, UsageError
from img2img.images import Labels, Levels
from img2img.modes import MODES
from img2img.run import gauge, validation
from img2img.run.gauge import Gauge, choices, falls
from img2img.views import Outputs

RGB = Levels(channels=3)


@pytest.fixture(autouse=True)
def looked(monkeypatch, tmp_path):
    monkeypatch.setenv("IMG2IMG_WEIGHTS", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    return projected(monkeypatch)


@pytest.fixture
def data(tmp_path):
    """24 pictures in each of trainA and trainB, of which 2 are for validation."""
    return str(domains(tmp_path / "data", [(32, 32, 3)] * 24, [(32, 32, 3)] * 24))


def run(mode, root, data, best, *, steps=4, pictures=2, **options):
    report = {"best": best, "validate_every": 2, "pictures": pictures, "tensorboard": False}
    optimization = {"schedule": "constant"} if mode == "dcgan" else {}
    size = {"path": data, "size": 32}
    return played(
        mode, root, steps=steps, data=size | options.pop("more", {}), report=report,
        optimization=optimization, **options,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "best"),
    [("dcgan", "kid"), ("dcgan", "swd"), ("pix2pix", "edges"), ("pix2pix", "swd"),
     ("cyclegan", "fid")],
)  # fmt: skip
def test_any_metric_chooses_the_best_step(mode, best, tmp_path, data):
    folder = run(mode, tmp_path, data, best)
    found = {line["step"]: line["validation"][best] for line in log(folder, "validation")}
    assert [*found] == [2, 4] and all(np.isfinite(value) for value in found.values())
    better = min if falls(best) else max
    assert checkpoint.load(folder / "best").step == better(found, key=found.__getitem__)


def test_real_pictures_are_looked_at_once_and_fakes_at_every_validation(tmp_path, data, looked):
    run("dcgan", tmp_path, data, "kid", steps=6)
    rehearsed, fakes = 2 + 2, 3 * 2
    assert len(looked) == rehearsed + fakes  # the rehearsal of few pictures keeps the reals


def test_networks_are_loaded_once(tmp_path, data, monkeypatch):
    loaded, watches = [], gauge.watches
    monkeypatch.setattr(gauge, "watches", lambda *those: loaded.append(1) or watches(*those))
    run("cyclegan", tmp_path, data, "kid", steps=6)
    assert len(loaded) <= 2


def test_the_subset_is_drawn_by_the_seed_and_the_same_at_every_validation(
    tmp_path, data, monkeypatch
):
    seen, still = [], validation.still

    def noted(samples, **options):
        for number, batch in enumerate(still(samples, **options)):
            seen.append((number, batch.index.item()))
            yield batch

    monkeypatch.setattr(validation, "still", noted)
    run("dcgan", tmp_path, data, "swd", steps=6, pictures=1)
    assert len(seen) == 4 and len({*seen}) == 1  # a rehearsal and three validations


def test_missing_weights_are_told_before_the_first_step(tmp_path, data, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("IMG2IMG_WEIGHTS", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    for mode, best in (("dcgan", "fid"), ("pix2pix", "lpips-alex")):
        for dry_run in (False, True):
            with pytest.raises(ValueError, match="img2img weights get"):
                run(mode, tmp_path, data, best, dry_run=dry_run)
        assert not (tmp_path / mode / "log.jsonl").exists()


@pytest.mark.parametrize(
    ("mode", "best", "pictures", "message"),
    [
        ("pix2pix", "ms-ssim", 2, "ms-ssim needs"),
        ("dcgan", "kid", 1, "kid: 1 fake pictures are too few; give 2 or more"),
        ("dcgan", "precision", 2, "precision: 2 fake pictures are too few"),
    ],
)
def test_what_such_pictures_do_not_allow_is_told_before_the_first_step(
    mode, best, pictures, message, tmp_path, data
):
    with pytest.raises(ValueError, match=message):
        run(mode, tmp_path, data, best, pictures=pictures)
    assert not (tmp_path / mode / "log.jsonl").exists()


def test_hidden_pixels_are_counted_by_no_figure(tmp_path):
    """A paired one leaves them out, one of sets is refused."""
    rows = []
    for i in range(12):
        for side in "xy":
            draw = np.random.default_rng([i, ord(side)])
            images.write(tmp_path / f"{side}{i}.png", draw.integers(0, 256, (32, 32, 3), np.uint8))
        rows.append(f"x{i}.png,y{i}.png,mask.png,{'val' if i > 9 else 'train'}\n")
    mask = np.zeros((32, 32, 1), np.uint8)
    mask[:, 16:] = 255
    images.write(tmp_path / "mask.png", mask)
    (tmp_path / "data.csv").write_text("x,y,mask,split\n" + "".join(rows))
    with pytest.raises(ValueError, match="swd is of whole pictures, but some pixels of val do not"):
        run("pix2pix", tmp_path, str(tmp_path), "swd")
    before = log(run("pix2pix", tmp_path / "one", str(tmp_path), "mse"), "validation")
    for i in range(12):
        picture = images.read(tmp_path / f"y{i}.png")
        picture[:, :16] ^= 255
        images.write(tmp_path / f"y{i}.png", picture)
    after = log(run("pix2pix", tmp_path / "two", str(tmp_path), "mse"), "validation")
    assert [line["validation"] for line in before] == [line["validation"] for line in after]


def outputs(count, seed):
    draw = torch.Generator().manual_seed(seed)
    fakes, reals = torch.rand((2, count, 3, 16, 16), generator=draw) * 2 - 1
    return {"G": Outputs(fakes, reals, domain=0)}


def test_a_figure_of_couples_is_of_the_pixels_that_count():
    made = outputs(2, 0)["G"]
    mask = torch.ones(2, 1, 16, 16)
    mask[..., :5] = 0
    half = made._replace(fakes=torch.where(mask > 0, made.reals, made.fakes), paired=True)
    for given, right in ((half, False), (half._replace(mask=mask), True)):
        measuring = Gauge("mse", Config(), (RGB, RGB))
        measuring.add({"G": given}, 0)
        assert (measuring.finish() == 0) is right


@pytest.mark.parametrize("name", ["kid", "swd", "colour-shift"])
def test_a_gauge_measures_as_evaluate_does_whatever_the_batches(name):
    wholes = [outputs(8, 0)["G"]]
    figures = set()
    for batch in (8, 3, 1):
        measuring = Gauge(name, Config(), (RGB, RGB))
        for first in range(0, 8, batch):
            part = wholes[0]._replace(
                fakes=wholes[0].fakes[first : first + batch],
                reals=wholes[0].reals[first : first + batch],
            )
            measuring.add({"G": part}, first)
        figures.add(round(measuring.finish(), 6))
    assert len(figures) == 1


def test_choices_are_what_has_a_better_side_and_suits_the_pictures():
    own = MODES["pix2pix"].view
    found = choices(own, (RGB, RGB))
    assert {"kid", "mse", "lpips-alex", "swd"} <= {*found}
    assert not {"l1", "iou", "memorisation", "spectrum-slope", "c2st"} & {*found}
    assert not {"mse", "lpips-alex"} & {*choices(MODES["dcgan"].view, (RGB, RGB))}
    assert choices(own, (RGB, Labels(names=("a", "b")))) == ()
    config = Config().model_copy(
        update={"report": Config().report.model_copy(update={"best": "c2st"})}
    )
    with pytest.raises(UsageError, match="c2st is not measured here; choose from l1, psnr, ssim"):
        validation.chosen(config, own, (RGB, RGB))


def test_lower_is_better_where_the_tables_say_so():
    assert all(falls(name) == (metric.rises is False) for name, metric in SETS.items())
    assert falls("l1") and falls("dists") and not falls("psnr") and not falls("edges")
