import numpy as np
import pytest

from img2img.data.joined import Joined
from img2img.data.town import Scenes

PARTS = Scenes(0, 0, 2, 32, "map"), Scenes(0, 1, 3, 32, "map")


def test_pictures_of_the_parts_follow_each_other():
    joined = Joined(PARTS)
    assert len(joined) == 5 and not joined.masked and not joined.weights
    for i, (part, place) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]):
        assert np.array_equal(joined[i], PARTS[part][place])
        assert joined.stem(i) == PARTS[part].stem(place) and joined.mask(i) is None


def test_there_is_none_beyond_the_last():
    with pytest.raises(IndexError, match="no picture"):
        Joined(PARTS)[5]
