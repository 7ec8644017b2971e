from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from scipy.spatial.distance import cdist

from img2img.base.metrics import witnesses
from img2img.base.metrics.witnesses import witness_complex


def draw(points, landmarks, seed):
    """Distances of points from landmarks, which are the first of them."""
    rows = np.random.default_rng(seed).random((points, 2))
    return cdist(rows, rows[:landmarks])


def by_definition(distances, greatest):
    """The alpha of every simplex, from the definition, whatever it costs."""
    landmarks = set(range(distances.shape[1]))
    values = {(v,): 0.0 for v in landmarks}
    for size in (2, 3):
        for corners in combinations(sorted(landmarks), size):
            others = sorted(landmarks - set(corners))
            far = distances[:, corners].max(1)
            near = distances[:, others].min(1) if others else far
            alpha = np.maximum(far - near, 0).min()
            faces = [values.get(face, np.inf) for face in combinations(corners, size - 1)]
            values[corners] = max(alpha, *faces)
    return {corners: alpha for corners, alpha in values.items() if alpha <= greatest}


@settings(max_examples=25)
@given(st.integers(3, 8), st.integers(0, 30), st.integers(0, 999), st.floats(0, 2))
def test_a_simplex_appears_where_the_definition_says(landmarks, others, seed, greatest):
    distances = draw(landmarks + others, landmarks, seed)
    shape = witness_complex(distances, greatest)
    expected = by_definition(distances, greatest)
    for simplices, size in ((shape.edges, 2), (shape.triangles, 3)):
        found = {
            tuple(c): v for c, v in zip(simplices.corners.tolist(), simplices.values, strict=True)
        }
        assert found == approx({c: v for c, v in expected.items() if len(c) == size})
        assert (np.diff(simplices.values) >= 0).all()


def test_the_size_of_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch):
    distances = draw(60, 10, 0)
    whole = witness_complex(distances, 0.3)
    monkeypatch.setattr(witnesses, "BLOCK", 7)
    parts = witness_complex(distances, 0.3)
    assert (parts.triangles.corners == whole.triangles.corners).all()
    assert (parts.triangles.values == whole.triangles.values).all()


@pytest.mark.parametrize(("landmarks", "edges", "triangles"), [(1, 0, 0), (2, 1, 0), (3, 3, 1)])
def test_of_a_few_landmarks_everything_appears(landmarks, edges, triangles):
    shape = witness_complex(draw(5, landmarks, 0), 9.0)
    assert (len(shape.edges.values), len(shape.triangles.values)) == (edges, triangles)
