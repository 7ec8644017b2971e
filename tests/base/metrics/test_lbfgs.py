from itertools import pairwise

import torch

from img2img.base.draws import seeded
from img2img.base.metrics.lbfgs import minimise


def draw(*size, seed=0):
    return torch.randn(*size, generator=seeded("lbfgs", seed), dtype=torch.float64)


def test_of_quadratics_it_finds_every_minimum():
    factors = draw(5, 12, 8)
    targets = draw(5, 12, seed=1)

    def objective(x):
        return (torch.einsum("nij,nj->ni", factors, x) - targets).square().sum(1)

    found = minimise(objective, draw(5, 8, seed=2), steps=60)
    exact = torch.linalg.lstsq(factors, targets[..., None]).solution[..., 0]
    torch.testing.assert_close(found.points, exact, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(found.values, objective(exact))


def rosenbrock(x):
    return 100 * (x[:, 1] - x[:, 0] ** 2) ** 2 + (1 - x[:, 0]) ** 2


def test_it_follows_a_bent_valley():
    found = minimise(rosenbrock, torch.tensor([[-1.2, 1.0], [0.0, 0.0]]).double(), steps=80)
    torch.testing.assert_close(found.points, torch.ones(2, 2).double(), rtol=0, atol=1e-6)


def test_no_problem_feels_the_others():
    starts = draw(6, 2) * 2
    together = minimise(rosenbrock, starts, steps=15)
    for n in range(6):
        alone = minimise(rosenbrock, starts[n : n + 1], steps=15)
        torch.testing.assert_close(alone.points[0], together.points[n], rtol=1e-9, atol=1e-9)


def test_no_step_makes_anything_worse():
    def rough(x):
        return x.abs().sum(1) + (5 * x).cos().sum(1)

    starts = draw(20, 3) * 3
    values = [minimise(rough, starts, steps=steps).values for steps in range(8)]
    assert all((after <= before).all() for before, after in pairwise(values))


def test_where_a_value_is_infinite_it_steps_back():
    found = minimise(lambda x: x[:, 0] - x[:, 0].log(), torch.tensor([[5.0]]).double(), steps=20)
    torch.testing.assert_close(found.points, torch.ones(1, 1).double())


def test_where_no_length_of_a_step_lets_the_value_fall_it_stays():
    start = torch.ones(1, 1).double()
    found = minimise(lambda x: (2 * x.detach() - x)[:, 0], start, steps=3)  # a slope that lies
    assert (found.points == start).all()


def test_at_the_minimum_it_stays():
    start = torch.zeros(2, 3).double()
    found = minimise(lambda x: x.square().sum(1), start, steps=5)
    assert (found.points == 0).all() and (found.values == 0).all()
