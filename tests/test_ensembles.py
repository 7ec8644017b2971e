from functools import partial
from math import nan

import numpy as np
import pytest
from projected import FACTS, projected

from img2img import ensembles
from img2img.base.metrics.collection import Observer
from img2img.base.metrics.features import Features
from img2img.base.metrics.identity import Identity, told
from img2img.base.metrics.moments import Moments
from img2img.base.metrics.set_table import SETS
from img2img.base.metrics.sets import SetMetric
from img2img.base.metrics.span import Span
from img2img.base.metrics.statistics import save
from img2img.gathering import Look
from img2img.material import VERSION, Ensembles
from img2img.weights import MissingWeightsError

LOOK = Look(Span(0, 255), "uint8", seed=3)


@pytest.fixture(autouse=True)
def looked(monkeypatch):
    return projected(monkeypatch)


def noise(seed, *shape):
    return np.random.default_rng(seed).integers(0, 256, shape or (32, 32, 3), np.uint8)


def made(count, first=0, *shape):
    """Pictures of noise."""
    return [partial(noise, first + i, *shape) for i in range(count)]


def given(fakes=6, reals=7, **more):
    return Ensembles(made(fakes), made(reals, first=100), **more)


def compare(names, ensemble=None, look=LOOK, **options):
    return ensembles.compare(names, ensemble or given(), look, {"split": "test"}, **options)


def values(found):
    return {name: entry["value"] for name, entry in found.entries.items()}


def test_a_protocol_holds_all_that_a_figure_depends_on():
    entry = compare(["c2st", "swd"]).entries["c2st"]
    reals = Identity.of([told(each()) for each in given().reals])
    assert entry["protocol"] == {
        "name": "pytorch-fid", **FACTS, "resize": "pytorch-fid", "range": [0, 255],
        "fakes": 6, "reals": 7, "resolutions": {"fakes": "32 x 32", "reals": "32 x 32"},
        "reals_sha256": reals.sha256, "split": "test", "seed": 3, "version": VERSION,
        "definition": SETS["c2st"].definition,
    }  # fmt: skip
    assert "p_value" in entry["beside"]
    assert compare(["kid"]).entries["kid"]["protocol"]["seed"] is None  # it draws nothing
    plain = compare(["swd"]).entries["swd"]["protocol"]
    assert plain["name"] == "pictures" and not {"extractor", "sha256", "resize"} & plain.keys()


def test_classifiers_stand_in_a_protocol_under_names_of_their_own(monkeypatch):
    monkeypatch.setattr("img2img.base.metrics.set_figures.OFTEN", 1)
    protocol = compare(["boundary"], given(24, 24)).entries["boundary"]["protocol"]
    assert {"classifier": "projected", "extractor": "projected"}.items() <= protocol.items()


def test_ranges_of_channels_stand_as_json_has_them():
    look = LOOK._replace(span=Span((0, 0, 0), (255, 255, 128)))
    assert compare(["swd"], look=look).entries["swd"]["protocol"]["range"] == [
        [0, 0, 0], [255, 255, 128]
    ]  # fmt: skip


def test_few_pictures_bias_fid_and_this_is_said(monkeypatch):
    found = compare(["fid", "kid"]).entries
    assert "fid of 6 pictures, fewer than the 2048 dimensions" in found["fid"]["warning"]
    assert "warning" not in found["kid"]
    monkeypatch.setattr("img2img.disclosure.DIMENSIONS", 6)
    assert "warning" not in compare(["fid"]).entries["fid"]


def test_each_set_is_looked_at_once_for_all_figures(looked):
    names = ["fid", "kid", "precision", "density", "c2st", "retrieval"]
    compare(names)
    alone = len(looked)
    looked.clear()
    compare(["kid"])
    assert len(looked) == alone


def test_sets_of_many_sizes_and_of_gray_and_colour_have_all_figures():
    fakes = [*made(4), *made(4, 20, 40, 36, 3), *made(4, 40, 33, 50, 1)]
    names = [name for name in SETS if name != "geometry"]  # which is slow
    found = compare(names, Ensembles(fakes, made(12, 100, 48, 48, 1), made(5, 70)), asked=set())
    assert {*found.skipped} == {"boundary", "ndb", "ndb-jsd"}  # which take more pictures
    sizes = found.entries["swd"]["protocol"]["resolutions"]
    assert sizes == {"fakes": "32 x 32, 36 x 40, 50 x 33", "reals": "48 x 48"}


@pytest.mark.parametrize("side", ["fake", "real"])
def test_an_empty_set_is_one_sentence(side):
    none = given(0) if side == "fake" else given(reals=0)
    with pytest.raises(ValueError, match=f"there are no {side} pictures to compare; give some"):
        compare(["swd"], none, asked=set())


def test_one_picture_has_what_can_be_known_of_it_and_reasons_for_the_rest():
    names = [name for name in SETS if name != "geometry"]
    found = compare(names, given(1, 1), asked=set())
    assert {*found.entries} | {*found.skipped} == {*names}
    assert {"swd", "colour-shift"} <= found.entries.keys()
    assert "1 fake pictures are too few; give 2 or more" in found.skipped["kid"]
    with pytest.raises(ValueError, match=r"^kid: 1 fake pictures are too few"):
        compare(["swd", "kid"], given(1, 1))


def test_what_was_asked_for_is_told_by_name_and_the_rest_left_out(monkeypatch):
    def missing(**_):
        raise MissingWeightsError("there is no inception-fid.safetensors")

    monkeypatch.setattr("img2img.gathering.features_observer", missing)
    found = compare(["kid", "swd", "fid"], asked={"swd"})
    assert [*found.entries] == ["swd"]
    assert found.skipped == dict.fromkeys(("kid", "fid"), "there is no inception-fid.safetensors")
    with pytest.raises(ValueError, match=r"^fid: there is no inception-fid"):
        compare(["kid", "swd", "fid"], asked={"fid"})
    assert compare(["kid"], asked=set()).sets is None


def test_a_later_picture_that_one_figure_refuses_ends_no_other():
    fakes = [*made(40), *made(1, 60, 32, 32, 5)]
    ensemble = Ensembles(fakes, made(5, 100))
    names = ["checkerboard", "kid", "colour-shift", "colour-histogram", "swd"]
    found = compare(names, ensemble, asked={"checkerboard"})
    assert [*found.entries] == ["checkerboard"]
    assert "not 5" in found.skipped["kid"] and "5 channels" in found.skipped["colour-shift"]
    with pytest.raises(ValueError, match="not 5"):
        compare(["kid"], ensemble)


def test_what_is_undefined_is_left_out_unless_it_was_asked_for():
    undefined = {"none": SetMetric(("grid",), lambda sets: nan, "none", rises=None)}
    found = compare(["none"], table=undefined, asked=set())
    assert found.skipped == {"none": ensembles.UNDEFINED} and not found.entries
    assert np.isnan(values(compare(["none"], table=undefined))["none"])


def test_training_pictures_are_looked_at_where_features_are():
    said = []
    found = compare(["memorisation"], given(train=made(6)), tell=said.append)
    assert values(found) == {"memorisation": 1.0}
    assert said == ["looking at 6 fakes and 7 reals", "looking at 6 training pictures"]


@pytest.fixture
def kept(tmp_path):
    """A file of the statistics of the reals, and what their pictures were compared to."""
    found = compare(["fid", "kid", "precision"])
    facts = {**found.looked["features"], "resolutions": "32 x 32", "reals_sha256": "abc"}
    features = found.sets.real.states["features"]
    save(tmp_path / "a.npz", found.sets.moments[1], facts, features=features)
    return tmp_path / "a.npz", found


def test_kept_statistics_take_the_place_of_the_reals(kept):
    path, found = kept
    again = compare(["fid", "kid", "precision"], Ensembles(made(6), path))
    assert values(again) == pytest.approx(values(found), rel=1e-9)
    protocol = again.entries["fid"]["protocol"]
    assert (protocol["reals"], protocol["reals_sha256"]) == (7, "abc")
    assert protocol["resolutions"]["reals"] == "32 x 32"
    left = compare(["fid", "swd", "mode-score"], Ensembles(made(6), path), asked={"fid"})
    assert left.skipped["swd"] == "the real pictures' patches are not known; give the pictures"


@pytest.mark.parametrize(
    "look", [LOOK._replace(protocol="clean"), LOOK._replace(span=Span(0, 128))]
)
def test_statistics_of_another_protocol_are_refused(kept, look):
    with pytest.raises(ValueError, match=r"a\.npz was made with (resize|range|name) .* not "):
        compare(["fid"], Ensembles(made(6), kept[0]), look)


def test_statistics_of_pytorch_fid_give_fid_alone(tmp_path):
    rows = np.random.default_rng(0).standard_normal((9, 8))
    moments = Moments.of(rows)
    np.savez(tmp_path / "a.npz", mu=moments.mean, sigma=moments.covariance)
    found = compare(["fid", "kid"], Ensembles(made(6), tmp_path / "a.npz"), asked={"fid"})
    assert [*found.entries] == ["fid"] and found.entries["fid"]["protocol"]["reals"] is None
    assert "features are not known" in found.skipped["kid"]
    assert "fid of 6 pictures" in found.entries["fid"]["warning"]


def test_neither_depth_nor_batches_change_features():
    deep = [lambda make=make: make().astype(np.uint16) * 257 for make in made(5, 100)]
    look = LOOK._replace(span=Span(0, 65535), dtype="uint16")
    found = compare(["kid"], Ensembles(deep, deep[:3]), look)
    assert values(found) == values(compare(["kid"], Ensembles(made(5, 100), made(3, 100))))


def test_a_classifier_on_the_network_of_the_features_is_not_run_again(monkeypatch, looked):
    def observer(**_):
        def refused(*_):
            raise AssertionError("the network ran twice")

        facts = FACTS | {"extractor": "inception-fid:logits_unbiased", "resize": "pytorch-fid"}
        return Observer(refused, refused), facts

    def judged(features, name, folder):
        rows = np.exp(features.rows - features.rows.max(1, keepdims=True))
        return Features.of(rows / rows.sum(1, keepdims=True))

    monkeypatch.setattr("img2img.gathering.probabilities_observer", observer)
    monkeypatch.setattr("img2img.gathering.probabilities", judged)
    found = compare(["kid", "is"])
    assert 1 <= found.entries["is"]["value"] <= 8 and "warning" not in found.entries["is"]
    assert found.entries["is"]["protocol"]["classifier"] == "inception-fid:logits_unbiased"
