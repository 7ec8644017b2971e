import numpy as np

from img2img.base.metrics.collection import Collection
from img2img.base.metrics.features import Features
from img2img.base.metrics.mean import Mean


def kept(rows, first):
    return Collection(len(rows), {"rows": Features.of(rows, first=first), "mean": Mean.of(rows[0])})


def test_collections_add_state_by_state():
    rows = np.arange(6.0).reshape(3, 2)
    both = kept(rows[2:], 2) + kept(rows[:2], 0)
    assert both.count == 3 and [*both.states] == ["rows", "mean"]
    assert np.array_equal(both.states["rows"].rows, rows)
    assert both.states["mean"] == Mean.of([*rows[0], *rows[2]])


def test_an_empty_collection_adds_nothing():
    some = kept(np.ones((1, 2)), 0)
    assert Collection() + some is some and some + Collection() is some
    assert (Collection() + Collection()).states == {}
