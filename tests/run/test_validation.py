from types import SimpleNamespace

import pytest

from img2img.config import Config
from img2img.run.validation import improved


@pytest.mark.parametrize(
    ("name", "expected"),
    [("l1", [True, True, False, False]), ("swd", [True, True, False, False]),
     ("psnr", [True, False, False, True])],
)  # fmt: skip
def test_a_figure_is_better_as_it_goes_and_equals_are_not(name, expected):
    session = SimpleNamespace(
        config=Config(), view=SimpleNamespace(chooses=lambda _: (name,)), best=None,
        source=SimpleNamespace(encodings=None), plays_on=lambda step: False,
    )  # fmt: skip
    found = [improved(session, {name: value}, step) for step, value in enumerate((2, 1, 1, 3))]
    assert found == expected
