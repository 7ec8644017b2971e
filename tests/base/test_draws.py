import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from img2img.base import draws
from img2img.base.draws import Dropout, Position, name_modules, normal, seeded, uniform

PLACE = Position(seed=1, step=2, turn="G")


def drawn(place: Position, name: str = "z", call: int = 0) -> Tensor:
    draws.begin(place)
    for _ in range(call):
        uniform(name, (1,))
    return uniform(name, (8,))


def test_the_same_place_gives_the_same_numbers() -> None:
    assert torch.equal(drawn(PLACE), drawn(PLACE))
    assert torch.equal(drawn(PLACE, call=3), drawn(PLACE, call=3))


@pytest.mark.parametrize("other", [{"seed": 2}, {"step": 1}, {"turn": "D"}, {"turn": "fakes"}])
def test_another_place_gives_other_numbers(other: dict[str, int]) -> None:
    assert not (drawn(PLACE) == drawn(PLACE._replace(**other))).any()


def test_another_name_or_call_gives_other_numbers() -> None:
    first = drawn(PLACE)
    assert not (first == drawn(PLACE, name="pool")).any()
    assert not (first == drawn(PLACE, call=1)).any()


def test_a_draw_does_not_depend_on_what_other_names_drew_before() -> None:
    draws.begin(PLACE)
    uniform("other", (5,))
    assert torch.equal(uniform("z", (8,)), drawn(PLACE))


def test_no_draw_touches_torchs_own_generator() -> None:
    before = torch.get_rng_state()
    draws.begin(PLACE)
    Dropout(0.5)(torch.ones(2, 3))
    normal("z", (2,))
    assert torch.equal(before, torch.get_rng_state())


@given(
    rows=st.integers(1, 5),
    tail=st.lists(st.integers(1, 3), max_size=3),
    shares=st.sampled_from([1, 2, 4]),
    seed=st.integers(0, 2**40),
    draw=st.sampled_from([uniform, normal]),
)
def test_the_shares_are_the_rows_of_the_whole(rows, tail, shares, seed, draw) -> None:
    def share(index: int, of: int, count: int) -> Tensor:
        draws.begin(Position(seed, 3, "G", index, of))
        return draw("z", (count, *tail))

    whole = share(0, 1, rows * shares)
    parts = [share(index, shares, rows) for index in range(shares)]
    assert torch.equal(torch.cat(parts), whole)


def test_uniform_and_normal_have_their_moments() -> None:
    draws.begin(PLACE)
    flat, bell = uniform("u", (100, 1000)), normal("n", (100, 1000))
    assert flat.min() >= 0 and flat.max() < 1
    assert flat.mean().item() == pytest.approx(1 / 2, abs=0.005)
    assert flat.var().item() == pytest.approx(1 / 12, abs=0.002)
    assert bell.mean().item() == pytest.approx(0, abs=0.01)
    assert bell.var().item() == pytest.approx(1, abs=0.02)


def test_keys_that_look_alike_are_different() -> None:
    keys = [("1", 2), (1, "2"), (1, 2), (12,), ("1, 2",), ((1, 2),)]
    first = [torch.rand(1, generator=seeded(*key)).item() for key in keys]
    assert len(set(first)) == len(keys)


@given(probability=st.floats(0.05, 0.95))
def test_dropout_keeps_the_mean_and_zeroes_its_share(probability: float) -> None:
    draws.begin(PLACE)
    made = Dropout(probability)(torch.ones(20, 1000))
    share = (made == 0).double().mean().item()
    assert share == pytest.approx(probability, abs=0.02)
    assert made.unique().tolist() == pytest.approx([0, 1 / (1 - probability)], rel=1e-5)
    assert made.mean().item() == pytest.approx((1 - share) / (1 - probability), rel=1e-4)


def test_dropout_is_off_in_evaluation() -> None:
    x = torch.randn(4, 5)
    assert torch.equal(Dropout(0.5).eval()(x), x)


def test_the_gradient_passes_where_dropout_let_the_value_pass() -> None:
    draws.begin(PLACE)
    x = torch.ones(6, 7, dtype=torch.float64, requires_grad=True)
    made = Dropout(0.25)(x)
    made.sum().backward()
    assert made.dtype == torch.float64
    assert torch.equal(x.grad, made.detach())


def test_drawing_modules_are_named_after_their_place() -> None:
    two = nn.Sequential(Dropout(0.5), nn.Sequential(nn.ReLU(), Dropout(0.5)))
    name_modules(two)
    assert [two[0].name, two[1][1].name] == ["0", "1.1"]
    draws.begin(PLACE)
    first, second = two[0](torch.ones(50)), two[1][1](torch.ones(50))
    assert not torch.equal(first, second)
