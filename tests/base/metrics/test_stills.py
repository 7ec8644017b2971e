import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from img2img.base.metrics.stills import LIMIT, Stills

PICTURES = [np.full((1, 1, 1), i % 256, np.uint8) for i in range(LIMIT + 20)]


@given(st.integers(1, LIMIT + 20), st.booleans())
def test_the_first_numbers_are_kept_whatever_the_batches(batch, backwards):
    parts = [Stills.of(PICTURES[i : i + batch], i) for i in range(0, len(PICTURES), batch)]
    whole = sum(parts[::-1] if backwards else parts, Stills())
    assert sorted(whole.pictures) == [*range(LIMIT)]
    assert all(whole.pictures[i] is PICTURES[i] for i in range(LIMIT))
