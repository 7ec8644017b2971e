import numpy as np
import pytest
from pytest import approx

from img2img.base.metrics.features import Features
from img2img.base.metrics.frechet import Moments, frechet_distance
from img2img.base.metrics.statistics import load, load_features, save


def draw(count, d=6, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d)) + seed


@pytest.mark.parametrize("count", [2, 5, 40])
def test_what_is_saved_is_loaded(tmp_path, count):
    path, moments = tmp_path / "new" / "real.npz", Moments.of(draw(count))
    save(path, moments, {"extractor": "inception-fid:pool3", "count": count})
    found, facts = load(path)
    assert facts == {"extractor": "inception-fid:pool3", "count": count}
    assert found.count == count
    assert found.mean == approx(moments.mean, rel=1e-15)
    assert found.scatter == approx(moments.scatter, rel=1e-12, abs=1e-12)
    other = Moments.of(draw(30, seed=1))
    assert frechet_distance(found, other) == approx(frechet_distance(moments, other), rel=1e-6)
    assert (found + other).covariance == approx((moments + other).covariance, rel=1e-9, abs=1e-9)


def test_features_may_be_kept_beside(tmp_path):
    rows = draw(9).astype(np.float32)
    save(tmp_path / "a.npz", Moments.of(rows), {}, features=Features.of(rows))
    save(tmp_path / "b.npz", Moments.of(rows), {})
    assert np.array_equal(load_features(tmp_path / "a.npz").rows, rows)
    assert load_features(tmp_path / "b.npz") is None


def test_pytorch_fids_file_is_read_and_ours_is_read_by_it(tmp_path):
    rows, path = draw(40), str(tmp_path / "theirs.npz")
    np.savez_compressed(path, mu=rows.mean(0), sigma=np.cov(rows, rowvar=False))
    found, facts = load(path)
    assert (found.count, facts) == (None, {})
    other = Moments.of(draw(30, seed=1))
    expected = frechet_distance(Moments.of(rows), other)
    assert frechet_distance(found, other) == approx(expected, rel=1e-9)
    score = pytest.importorskip("pytorch_fid.fid_score")
    ours = str(tmp_path / "ours.npz")
    save(ours, Moments.of(rows), {"seed": 0})
    mean, covariance = score.compute_statistics_of_path(ours, None, 50, 6, "cpu")
    assert mean == approx(found.mean)
    assert covariance == approx(found.covariance)
    save(ours, found, facts)  # again, of unknown count
    assert load(ours)[0].count is None


def test_what_holds_no_statistics_is_one_sentence(tmp_path):
    path = tmp_path / "wrong.npz"
    path.write_bytes(b"PK\x03\x04")
    for arrays, sentence in (
        ({}, r"holds mu \(0,\) and sigma \(0,\), not \(d,\) and \(d, d\)"),
        ({"mu": np.ones(3), "sigma": np.ones((2, 2))}, r"holds mu \(3,\) and sigma \(2, 2\), not"),
        (
            {"mu": np.full(1, np.nan), "sigma": np.ones((1, 1))},
            "are not all finite; make them anew",
        ),
        ({"mu": np.array([{}]), "sigma": np.ones((1, 1))}, r"is no \.npz of statistics .*pickle"),
    ):
        np.savez(path, **arrays)
        with pytest.raises(ValueError, match=sentence):
            load(path)
    for damaged in (b"", b"PK\x03\x04", b"words"):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"is no \.npz of statistics"):
            load(path)
    np.save(tmp_path / "array.npy", np.ones(3))
    with pytest.raises(ValueError, match=r"is no \.npz of statistics"):
        load(tmp_path / "array.npy")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        load(tmp_path / "nowhere.npz")
    with pytest.raises(ValueError, match="1 feature has no covariance"):
        save(path, Moments.of(draw(1)), {})


def test_moments_of_a_file_add_to_others_however_few_they_are(tmp_path):
    rows = np.random.default_rng(0).standard_normal((20, 64))
    save(tmp_path / "s.npz", Moments.of(rows[:12]), {})
    read, _ = load(tmp_path / "s.npz")
    for total in (read + Moments.of(rows[12:]), Moments.of(rows[12:]) + read):
        assert total.count == 20
        assert total.covariance == approx(np.cov(rows, rowvar=False), abs=1e-10)
        assert total.variance == approx(np.trace(np.cov(rows, rowvar=False)))
