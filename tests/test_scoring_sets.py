import numpy as np
import pytest
from projected import projected
from tiny import domains, finished, played, written

from img2img import images
from img2img.evaluate import evaluate
from img2img.measuring import OF_SETS
from img2img.scoring import score
from img2img.translate import translate

SHAPES = [(32, 36, 3)] * 24


@pytest.fixture(autouse=True)
def looked(monkeypatch, tmp_path):
    monkeypatch.setenv("IMG2IMG_WEIGHTS", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    return projected(monkeypatch)


def split(root, a, b):
    """testA and testB of a, b pictures beside training pictures."""
    domains(root, SHAPES, SHAPES)
    written(root, *[(32, 36, 3)] * a, folder="testA")
    for i in range(b):
        draw = np.random.default_rng(100 + i)
        images.write(root / f"testB/b{i}.png", draw.integers(0, 256, (36, 32, 3), np.uint8))
    return root


def values(report):
    return {name: entry["value"] for name, entry in report.metrics.items()}


def test_a_run_of_two_generators_is_scored_on_pictures_that_are_no_pairs(tmp_path):
    run, data = finished("cyclegan"), split(tmp_path / "data", 5, 7)
    report = score(run, data, html=tmp_path / "a.html")
    assert {"cycle", "identity", "kid", "swd"} <= report.metrics.keys()
    assert "memorisation" in report.skipped  # the run was trained on other pictures
    assert all(f">{title}<" in (tmp_path / "a.html").read_text() for title in ("input", "output"))
    assert not {"l1", "psnr", "reconstruction"} & report.metrics.keys()
    assert {*report.metrics, *report.skipped} == {*OF_SETS, "cycle", "identity"}
    cycle = report.metrics["cycle"]
    assert cycle["value"] == np.mean([row["cycle"] for row in report.rows])
    assert [row["name"] for row in report.rows] == [str(i) for i in range(5)]
    facts = {"split": "test", "direction": "AtoB", "run": str(run), "seed": 0}
    for name, count in (("cycle", 5), ("identity", 7)):
        assert facts.items() <= report.metrics[name]["protocol"].items()
        assert report.metrics[name]["protocol"]["files"] == count
    assert (cycle["interval"][0] <= cycle["value"] <= cycle["interval"][1]) is True
    kid = report.metrics["kid"]["protocol"]
    assert (kid["fakes"], kid["reals"], kid["split"]) == (5, 7, "test")
    assert "cyclegan and real pictures" in (tmp_path / "a.html").read_text()


def test_cycle_and_identity_are_what_translations_say(tmp_path):
    run, data = finished("cyclegan"), split(tmp_path / "data", 3, 4)
    found = score(run, data, metrics=["cycle", "identity"])
    assert [*found.metrics] == ["cycle", "identity"]
    translate(run, data / "testA", tmp_path / "there", device="cpu")
    translate(run, tmp_path / "there", tmp_path / "back", direction="BtoA", device="cpu")
    again = evaluate(tmp_path / "back", data / "testA", metrics=["l1"])
    assert found.metrics["cycle"]["value"] == pytest.approx(values(again)["l1"], abs=2e-3)
    translate(run, data / "testB", tmp_path / "same", device="cpu")
    same = evaluate(tmp_path / "same", data / "testB", metrics=["l1"])
    assert found.metrics["identity"]["value"] == pytest.approx(values(same)["l1"], abs=1e-6)
    other = score(run, data, metrics=["cycle"], direction="BtoA")
    assert other.metrics["cycle"]["protocol"]["files"] == 4


def test_on_pairs_it_is_scored_by_pairs_unless_they_are_taken_apart(tmp_path):
    run, data = finished("cyclegan"), domains(tmp_path / "data", SHAPES, SHAPES)
    for side in "AB":
        written(data, *SHAPES[:4], folder=f"test{side}")
    assert {"l1", "kid"} <= score(run, data).metrics.keys()
    apart = score(run, data, unpaired=True, metrics=["swd", "cycle"])
    assert {*apart.metrics} == {"swd", "cycle"}
    with pytest.raises(ValueError, match="cycle is of a run that has it: two generators"):
        score(finished("pix2pix"), data, metrics=["cycle"])
    one = score(finished("pix2pix"), data, unpaired=True)
    assert "kid" in one.metrics and not {"cycle", "l1"} & one.metrics.keys()


def test_hidden_pixels_are_counted_by_no_set(tmp_path):
    rows = ["x,y,mask,split"]
    written(tmp_path, *SHAPES[:12], folder="x")
    written(tmp_path, *SHAPES[:12], folder="y")
    images.write(tmp_path / "m.png", np.eye(32, 36, dtype=np.uint8)[..., None])
    rows += [f"x/{i}.png,y/{i}.png,m.png,{'val' if i > 8 else 'train'}" for i in range(12)]
    (tmp_path / "data.csv").write_text("\n".join(rows))
    run = finished("cyclegan")
    assert not {"kid", "swd"} & score(run, tmp_path).metrics.keys()
    for options in (
        {"unpaired": True},
        {"unpaired": True, "nodata": 0},
        {"metrics": ["l1", "kid"]},
    ):
        with pytest.raises(ValueError, match="of whole pictures"):
            score(run, tmp_path, **options)


@pytest.fixture(scope="module")
def noise(tmp_path_factory):
    """A run from noise, and its data."""
    root = tmp_path_factory.mktemp("noise")
    data = written(root / "data", *[(40, 36, 3)] * 24)
    options = {"data": {"path": str(data), "size": 32}, "optimization": {"schedule": "constant"}}
    return played("dcgan", root, steps=1, **options), data


def test_a_run_from_noise_is_scored_against_pictures_as_it_saw_them(noise, tmp_path):
    run, data = noise
    report = score(run, data, samples=8, split="train", metrics=["kid", "swd", "mode-score"])
    protocol = report.metrics["kid"]["protocol"]
    assert (protocol["fakes"], protocol["reals"]) == (8, 22)
    assert protocol["resolutions"] == {"fakes": "32 x 32", "reals": "32 x 32"}
    again = score(run, data, samples=8, split="train", metrics=["kid", "swd"])
    assert values(again).items() <= values(report).items()
    other = score(run, data, samples=8, split="train", metrics=["swd"], seed=1)
    assert values(other)["swd"] != values(report)["swd"]
    whole = score(run, data, html=tmp_path / "a.html")  # val: 2 pictures
    assert "swd" in whole.metrics and "reconstruction" not in whole.metrics
    assert "dcgan from noise" in (tmp_path / "a.html").read_text()
    with pytest.raises(ValueError, match="0 pictures"):
        score(run, data, samples=0)


def test_noise_is_sought_for_real_pictures_where_that_is_asked_for(noise, monkeypatch):
    from img2img import samplings

    few = samplings.reconstruction_error
    monkeypatch.setattr(
        samplings, "reconstruction_error", lambda *parts, **rest: few(*parts, **rest, steps=2)
    )
    report = score(*noise, metrics=["reconstruction"])
    entry = report.metrics["reconstruction"]
    assert entry["value"] > 0 and entry["protocol"]["files"] == 2
    assert {"seed": 0, "split": "val"}.items() <= entry["protocol"].items()
    with pytest.raises(ValueError, match="l1: it is of fakes and their targets"):
        score(*noise, metrics=["l1"])


def test_what_a_run_was_trained_on_is_remembered_by_it_alone(noise, tmp_path):
    run, data = noise
    told = score(run, data, metrics=["memorisation"]).metrics["memorisation"]["protocol"]
    assert (told["trained"], told["split"]) == (22, "val")
    other = written(tmp_path / "other", *[(40, 36, 3)] * 21)
    with pytest.raises(ValueError, match="give the training pictures by --train"):
        score(run, other, metrics=["memorisation"])
    report = score(run, other, metrics=["kid"])
    protocol = report.metrics["kid"]["protocol"]
    assert (protocol["reals"], protocol["split"]) == (21, "all")  # it has seen none of them


def test_a_run_from_noise_is_scored_against_statistics(noise, tmp_path):
    run, data = noise
    of_pictures = score(run, data, split="train", metrics=["kid"], save_stats=tmp_path / "a.npz")
    of_file = score(run, tmp_path / "a.npz", metrics=["kid"])
    assert values(of_file) == values(of_pictures)
    assert score(run, tmp_path / "a.npz", metrics=["kid"], samples=5).metrics["kid"]
    with pytest.raises(ValueError, match=r"a\.npz is for runs that draw from noise"):
        score(finished("cyclegan"), tmp_path / "a.npz", metrics=["kid"])
    with pytest.raises(ValueError, match="--samples is for runs that draw from noise"):
        score(finished("cyclegan"), data, metrics=["swd"], samples=3)


def test_the_protocol_tells_how_outputs_were_made(tmp_path):
    report = score(finished("cyclegan"), split(tmp_path / "data", 3, 4), metrics=["swd"])
    told = report.metrics["swd"]["protocol"]
    assert {"scale_of_input", "batch_norm", "dropout"} <= told.keys()


def test_a_test_set_alone_is_scored(noise, tmp_path):
    for side in "AB":
        written(tmp_path / "domains", *SHAPES[:4], folder=f"test{side}")
    report = score(finished("cyclegan"), tmp_path / "domains", metrics=["l1", "kid"])
    assert report.metrics["l1"]["protocol"]["split"] == "test"
    apart = score(finished("cyclegan"), tmp_path / "domains", unpaired=True, metrics=["cycle"])
    assert apart.metrics["cycle"]["protocol"]["split"] == "test"
    written(tmp_path / "one", *[(40, 36, 3)] * 5, folder="val")
    told = score(noise[0], tmp_path / "one", metrics=["kid"]).metrics["kid"]["protocol"]
    assert (told["split"], told["reals"]) == ("val", 5)
