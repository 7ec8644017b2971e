import gc
import weakref
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import torch
import toys
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks

from img2img.base import draws
from img2img.base.penalties import gradient_penalty
from img2img.base.runtime import Runtime
from img2img.base.trainer import Optimizer, Player, Step, Trainer, fit
from img2img.base.trainer import every as every_

CPU = Runtime("cpu")


def gradients(trainer: nn.Module) -> dict[str, Tensor | None]:
    return {
        key: None if weight.grad is None else weight.grad.clone()
        for key, weight in trainer.named_parameters()
    }


def summed(trainer: Trainer[Any, Any], batch: Any) -> None:
    """What `fit` does, the plain way: each player's terms added up, one backward, one descent."""
    draws.name_modules(trainer)
    trainer.train()
    optimizers = toys.descending(trainer)
    draws.begin(draws.Position(0, 0, "fakes"))
    made = trainer(batch)
    for name, player in trainer.players.items():
        fakes = made if player.generates else type(made)(*(fake.detach() for fake in made))
        draws.begin(draws.Position(0, 0, name))
        objective = sum(term for _, term in player.losses(batch, fakes))
        weights = player.weights()
        found = torch.autograd.grad(objective, weights, allow_unused=True)
        for weight, gradient in zip(weights, found, strict=True):
            weight.grad = gradient
        optimizers[name].algorithm.step()


@pytest.mark.parametrize("penalty", [None, gradient_penalty()])
@pytest.mark.parametrize("game", toys.GAMES)
def test_terms_played_one_by_one_equal_their_sum(game: str, penalty: Any) -> None:
    ours, plain = toys.GAMES[game](penalty=penalty), toys.GAMES[game](penalty=penalty)
    before = deepcopy(ours)
    batch = toys.pictures_of(ours)
    list(fit(ours, [batch], toys.descending(ours), CPU))
    summed(plain, batch)
    worst = toys.difference(ours, plain)
    print(f"{game}: largest difference {worst:.1e}")
    assert toys.difference(ours, before) > 1e-3
    assert worst <= 1e-12


class Recorder:
    """Notes every network's weights and gradients as each player's turn ends."""

    def __init__(self, trainer: Trainer[Any, Any], optimizers: dict[str, Optimizer]) -> None:
        self.seen: list[tuple[str, dict[str, Tensor], dict[str, Tensor | None]]] = []
        for name, optimizer in optimizers.items():
            algorithm = optimizer.algorithm

            def step(name: str = name, inner: Any = algorithm.step) -> None:
                found = gradients(trainer)
                inner()
                state = {key: value.clone() for key, value in trainer.state_dict().items()
                         if isinstance(value, Tensor)}  # fmt: skip
                self.seen.append((name, state, found))

            algorithm.step = step  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize("accumulate", [1, 2])
@pytest.mark.parametrize("game", ["pix2pix", "cyclegan"])
def test_a_players_turn_moves_only_its_own_networks(game: str, accumulate: int) -> None:
    trainer = toys.GAMES[game]()
    optimizers = toys.descending(trainer)
    recorder = Recorder(trainer, optimizers)
    before = {key: value.clone() for key, value in trainer.named_parameters()}
    batch = toys.pictures_of(trainer)
    list(fit(trainer, [batch] * 2, optimizers, Runtime("cpu", accumulate=accumulate)))
    assert [name for name, *_ in recorder.seen] == [*trainer.players] * 2
    for name, state, found in recorder.seen:
        own = {id(weight) for weight in trainer.players[name].weights()}
        for key, weight in trainer.named_parameters():
            if id(weight) in own:
                assert not torch.equal(state[key], before[key])
                assert found[key] is not None
            else:
                assert torch.equal(state[key], before[key])
                assert found[key] is None
        before = {key: state[key] for key in before}


@pytest.mark.parametrize("game", ["pix2pix", "cyclegan"])
@pytest.mark.parametrize("parts", [2, 4])
def test_accumulation_equals_the_whole_batch(game: str, parts: int) -> None:
    whole, split = toys.GAMES[game](), toys.GAMES[game]()
    first = toys.played(whole, 4, rows=4)
    second = toys.played(split, 4, rows=4, runtime=Runtime("cpu", accumulate=parts))
    worst = toys.difference(whole, split)
    print(f"{game} in {parts} parts: largest difference {worst:.1e}")
    assert worst < 1e-9
    assert torch.allclose(*(torch.tensor([[*s.values()] for s in it]) for it in (first, second)))


class Scale(nn.Module):
    def __init__(self, by: float) -> None:
        super().__init__()
        self.by = nn.Parameter(torch.tensor(by))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.by


class Tug(Trainer[Any, Any]):
    """Two numbers: `a` makes a fake and pulls it to 1, `b` only watches it, or helps to make it."""

    def __init__(self, *, every: tuple[int, int] = (1, 1), helps: bool = False) -> None:
        super().__init__()
        self.helps = helps
        self.a, self.b = Scale(3.0), Scale(2.0)
        self.made: list[bool] = []
        self.players = {
            "a": Player((self.a,), self.pull, generates=True, steps=every_(every[0])),
            "b": Player((self.b,), self.watch, steps=every_(every[1])),
        }

    def forward(self, batch: Any) -> Any:
        self.made.append(torch.is_grad_enabled())
        made = self.a(batch.x)
        return type(batch)(self.b(made) if self.helps else made, batch.y)

    def pull(self, batch: Any, fake: Any) -> Iterator[tuple[str, Tensor]]:
        yield "near", (fake.x - 1).square().mean()
        yield "small", 0.5 * self.a(batch.y).mean()  # reaches its weights past the fakes

    def watch(self, batch: Any, fake: Any) -> Iterator[tuple[str, Tensor]]:
        yield "same", (self.b(fake.x) - fake.x).square().mean()


ONES = toys.Pictures(torch.ones(2, 1), torch.ones(2, 1))


def moves(trainer: Trainer[Any, Any], steps: int, lr: float = 0.1, **options: Any) -> list[Step]:
    optimizers = {
        name: Optimizer(torch.optim.SGD(player.weights(), lr=9.0), lambda _: lr, **options)
        for name, player in trainer.players.items()
    }
    return list(fit(trainer, [ONES] * steps, optimizers, CPU))


def test_the_gradient_reaches_the_generator_through_the_fakes_and_beside_them() -> None:
    trainer = Tug()
    [step] = moves(trainer, 1)
    assert trainer.a.by.item() == pytest.approx(3 - 0.1 * (2 * (3 - 1) + 0.5))
    assert trainer.b.by.item() == pytest.approx(2 - 0.1 * (2 * (2 - 1) * 3 * 3))
    assert {name: value.item() for name, value in step.losses.items()} == pytest.approx(
        {"near": 4.0, "small": 1.5, "same": 9.0}
    )


def test_anothers_network_on_the_way_to_the_fakes_receives_no_gradient() -> None:
    trainer = Tug(helps=True)
    optimizers = toys.descending(trainer, 0.1)
    recorder = Recorder(trainer, optimizers)
    list(fit(trainer, [ONES], optimizers, CPU))
    name, state, found = recorder.seen[0]
    assert name == "a" and found["b.by"] is None and state["b.by"].item() == 2.0
    assert found["a.by"] is not None and found["a.by"].item() == pytest.approx(
        2 * (6 - 1) * 2 + 0.5
    )


def test_a_player_plays_on_every_nth_step() -> None:
    trainer = Tug(every=(3, 1))
    steps = moves(trainer, 6, lr=0.0)
    assert ["near" in step.losses for step in steps] == [False, False, True] * 2
    assert all("same" in step.losses for step in steps)


def test_fakes_are_made_once_and_without_a_graph_where_nobody_needs_it() -> None:
    trainer = Tug(every=(3, 1))
    moves(trainer, 3, lr=0.0)
    assert trainer.made == [False, False, True]


def test_a_step_on_which_nobody_plays_moves_nothing() -> None:
    trainer = Tug(every=(2, 2))
    first, second = moves(trainer, 2, lr=0.0)
    assert first.losses == {} and first.fakes is None
    assert second.losses.keys() == {"near", "small", "same"}


def test_clipping_bounds_the_norm_of_a_players_whole_gradient() -> None:
    trainer = Tug()
    moves(trainer, 1, lr=1.0, clip=0.25)
    assert trainer.a.by.item() == pytest.approx(2.75)
    assert trainer.b.by.item() == pytest.approx(1.75)


def test_a_bound_holds_every_weight_of_its_player_and_no_others() -> None:
    trainer, free = toys.pix2pix(), toys.pix2pix()
    games = toys.optimizers(trainer), toys.optimizers(free)
    games[0]["D"] = games[0]["D"]._replace(bound=0.1)
    for game, optimizers in zip((trainer, free), games, strict=True):
        list(fit(game, [toys.pictures_of(game)], optimizers, CPU))
    for ours, plain in zip(trainer.D.parameters(), free.D.parameters(), strict=True):
        assert torch.equal(ours, plain.clamp(-0.1, 0.1))
    assert any((weight.abs() > 0.1).any() for weight in free.D.parameters())
    assert any((weight.abs() > 0.1).any() for weight in trainer.G.parameters())


def test_the_learning_rate_is_a_function_of_the_step() -> None:
    asked: list[int] = []
    trainer = Tug()
    optimizers = {
        name: Optimizer(
            torch.optim.SGD(player.weights()), lambda step: float(asked.append(step) or 0)
        )
        for name, player in trainer.players.items()
    }
    steps = fit(trainer, [ONES] * 2, optimizers, CPU, first=7)
    assert [step.number for step in steps] == [7, 8]
    assert asked == [7, 7, 8, 8]


@pytest.mark.parametrize("game", toys.GAMES)
def test_fit_never_waits_for_the_device(game: str, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = toys.GAMES[game](**({"pool": 0} if game == "cyclegan" else {}))

    def refuse(*_: Any) -> None:
        raise AssertionError("a value was fetched")

    optimizers = toys.descending(trainer)
    for name in ("item", "tolist", "__bool__", "__float__", "__int__", "numpy"):
        monkeypatch.setattr(Tensor, name, refuse)
    steps = list(fit(trainer, [toys.pictures_of(trainer)] * 2, optimizers, CPU))
    assert all(isinstance(value, Tensor) for step in steps for value in step.losses.values())
    assert not any(value.requires_grad for step in steps for value in step.losses.values())


class Saved:
    """Counts the tensors that are kept for backward, and the most that ever were at once."""

    def __init__(self) -> None:
        self.alive = self.peak = 0

    def pack(self, tensor: Tensor) -> "Kept":
        self.alive += 1
        self.peak = max(self.peak, self.alive)
        kept = Kept(tensor)
        weakref.finalize(kept, self.freed)
        return kept

    def freed(self) -> None:
        self.alive -= 1

    def __enter__(self) -> "Saved":
        self.hooks = saved_tensors_hooks(self.pack, lambda kept: kept.tensor)
        self.hooks.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.hooks.__exit__(*error)


class Kept:
    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor


def test_a_terms_graph_is_freed_before_the_next_is_built() -> None:
    trainer, plain = toys.cyclegan(), toys.cyclegan()
    batch = toys.pictures_of(trainer)
    alive: list[int] = []
    player = trainer.players["G"]

    def losses(*both: Any) -> Iterator[tuple[str, Tensor]]:
        for named in player.losses(*both):
            yield named
            alive.append(saved.alive)

    trainer.players = {"G": player._replace(losses=losses), "D": trainer.players["D"]}
    gc.collect()
    with Saved() as saved:
        list(fit(trainer, [batch], toys.descending(trainer), CPU))
    assert saved.alive == 0
    assert len(set(alive)) == 1  # the fakes' own graph waits; nothing is added to it
    with Saved() as all_at_once:
        fakes = plain(batch)
        sum(term for _, term in plain.players["G"].losses(batch, fakes)).backward()
    print(f"kept for backward: {saved.peak} tensors one by one, {all_at_once.peak} summed")
    assert saved.peak < 0.6 * all_at_once.peak


@pytest.mark.parametrize("game", toys.GAMES)
def test_bfloat16_goes_where_float32_goes(game: str) -> None:
    single, half = (toys.GAMES[game]().float() for _ in range(2))
    runtime = Runtime("cpu", "bf16")
    expected = toys.played(single, 2, dtype=torch.float32)
    found = toys.played(half, 2, runtime=runtime, dtype=torch.float32)
    assert all(weight.dtype == torch.float32 for weight in half.parameters())
    for one, other in zip(expected, found, strict=True):
        assert other == pytest.approx(one, rel=0.1, abs=0.05)
        assert other != one


def test_a_resumed_game_ends_bit_equal() -> None:
    whole, resumed = toys.cyclegan(), toys.cyclegan()
    batches = [toys.pictures_of(whole, step=step) for step in range(5)]
    list(fit(whole, batches, toys.optimizers(whole), CPU, seed=3))
    before = toys.optimizers(resumed)
    list(fit(resumed, batches[:3], before, CPU, seed=3))
    again, after = toys.cyclegan(), {}
    again.load_state_dict(resumed.state_dict())
    after = toys.optimizers(again)
    for name, optimizer in after.items():
        optimizer.algorithm.load_state_dict(before[name].algorithm.state_dict())
    list(fit(again, batches[3:], after, CPU, seed=3, first=3))
    assert toys.difference(whole, again) == 0
